import { type accessArea } from '@lianyi/domain';
import { type UseCases } from '../use-case';
import { requestAccess } from './request-access';
import { closeTicket, getDecision } from './tickets';

/** What each transaction of the area does. */
export const accessUseCases = {
  RequestAccess: requestAccess,
  CloseTicket: closeTicket,
  GetDecision: getDecision,
} satisfies UseCases<(typeof accessArea)['transactions']>;
