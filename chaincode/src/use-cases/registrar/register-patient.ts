import { type Input, type Output, type PseudonymEntry, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';

type Entry = typeof transactions.RegisterPatient;

/** Registers a random pseudonym at the registrar's hospital, with the hash of the patient's first key. */
export async function RegisterPatient(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const repeated = madeBefore(scope, await scope.ledger.pseudonyms.find(input.pseudonym));
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  const entry: PseudonymEntry = {
    schemaVersion: 1,
    mspId,
    ...input,
    state: 'active',
    registeredAt: scope.now,
    origin: originOf(scope),
  };
  await scope.ledger.pseudonyms.insert(entry);
  recordEvent(scope, { name: 'PatientRegistered', pseudonym: input.pseudonym, mspId });
  return answerOf(entry);
}

function answerOf({ pseudonym, state }: PseudonymEntry): Output<Entry> {
  return { pseudonym, state };
}
