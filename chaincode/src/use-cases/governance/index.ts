import { type governanceArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as approvals from './approvals';
import * as parameters from './parameters';

const useCases = { ...approvals, ...parameters };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const governanceUseCases = useCases satisfies UseCasesOf<typeof governanceArea, typeof useCases>;
