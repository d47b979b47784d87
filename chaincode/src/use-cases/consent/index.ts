import { type consentArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as changePolicy from './change-policy';
import * as readPolicies from './read-policies';

const useCases = { ...changePolicy, ...readPolicies };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const consentUseCases = useCases satisfies UseCasesOf<typeof consentArea, typeof useCases>;
