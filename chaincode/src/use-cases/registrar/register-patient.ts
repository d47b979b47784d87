import { type Input, type Output, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, isReplay } from '../standing';

type Entry = typeof transactions.RegisterPatient;

/** Registers a random pseudonym at the registrar's hospital, with the hash of the patient's first key. */
export async function RegisterPatient(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const answer = { pseudonym: input.pseudonym };
  if (isReplay(scope, await scope.ledger.pseudonyms.find(input.pseudonym))) {
    return answer;
  }
  await scope.ledger.pseudonyms.insert({
    schemaVersion: 1,
    mspId,
    ...input,
    state: 'active',
    registeredAt: scope.now,
    origin: originOf(scope),
  });
  recordEvent(scope, { name: 'PatientRegistered', pseudonym: input.pseudonym, mspId });
  return answer;
}
