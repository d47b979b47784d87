import { type delegationArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as appointDelegate from './appoint-delegate';
import * as endDelegation from './end-delegation';
import * as proposeDelegation from './propose-delegation';
import * as readDelegations from './read-delegations';

const useCases = { ...appointDelegate, ...endDelegation, ...proposeDelegation, ...readDelegations };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const delegationUseCases = useCases satisfies UseCasesOf<typeof delegationArea, typeof useCases>;
