import { type auditArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as listDisclosures from './list-disclosures';
import * as listForPatient from './list-for-patient';
import * as listOwnersActs from './list-owners-acts';

const useCases = { ...listDisclosures, ...listForPatient, ...listOwnersActs };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const auditUseCases = useCases satisfies UseCasesOf<typeof auditArea, typeof useCases>;
