import { type prescriptionArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as changePrescription from './change-prescription';
import * as readPrescriptions from './read-prescriptions';

const useCases = { ...changePrescription, ...readPrescriptions };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const prescriptionUseCases = useCases satisfies UseCasesOf<typeof prescriptionArea, typeof useCases>;
