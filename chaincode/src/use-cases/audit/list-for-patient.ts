import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';
import { asPatientSide } from '../standing';

type Entry = typeof transactions.ListForPatient;

/** Lists what happened around the patient, newest first: who, when, why, under which rule. */
export async function ListForPatient(scope: ReadScope, input: Input<Entry>): Promise<Output<Entry>> {
  asPatientSide(scope.actor, input.pseudonym);
  return scope.ledger.accessEvents.list([input.pseudonym], input);
}
