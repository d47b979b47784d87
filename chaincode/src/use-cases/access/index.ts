import { type accessArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as explainAccess from './explain-access';
import * as getTicketStanding from './get-ticket-standing';
import * as listPermitted from './list-permitted';
import * as openOwnRecords from './open-own-records';
import * as requestAccess from './request-access';
import * as tickets from './tickets';

const useCases = { ...explainAccess, ...getTicketStanding, ...listPermitted, ...openOwnRecords, ...requestAccess, ...tickets };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const accessUseCases = useCases satisfies UseCasesOf<typeof accessArea, typeof useCases>;
