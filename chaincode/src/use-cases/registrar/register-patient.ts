import { assertOwnId, type Input, type Output, type PseudonymEntry, pseudonymOf, type transactions } from '@lianyi/domain';
import { assertHospital } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore, ownActiveOrganisation } from '../standing';

type Entry = typeof transactions.RegisterPatient;

/** Registers a pseudonym, made for the registrar's hospital and the patient's first key, with the hash of that key. */
export async function RegisterPatient(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const { nonce, ...registered } = input;
  assertOwnId(registered.pseudonym, pseudonymOf({ mspId, firstKeyHash: registered.nextKeyHash, nonce }));
  // for whom others act, a hospital vouches
  if (registered.kind !== undefined) assertHospital((await ownActiveOrganisation(scope)).kinds);
  const repeated = madeBefore(scope, await scope.ledger.pseudonyms.find(input.pseudonym));
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  const entry: PseudonymEntry = {
    schemaVersion: 1,
    mspId,
    ...registered,
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
