import { type auditArea } from '@lianyi/domain';
import { type UseCases } from '../use-case';
import { listForPatient } from './list-for-patient';

/** What each transaction of the area does. */
export const auditUseCases = {
  ListForPatient: listForPatient,
} satisfies UseCases<(typeof auditArea)['transactions']>;
