import { assertOwnId, DomainError, type Input, type Output, type PseudonymEntry, pseudonymOf, type transactions } from '@lianyi/domain';
import { assertHospital } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore, ownActiveOrganisation } from '../standing';

type Entry = typeof transactions.RegisterPatient;

/**
 * Registers a pseudonym, made for the registrar's hospital and the patient's first key, with the hash of that key.
 *
 * Nothing can have been said under it before. What stands there all the same is written by colluding endorsers who have read the registration
 * on its way (ADR 0027, 4).
 * @throws {@link DomainError} `ALREADY_EXISTS` — the pseudonym is registered, or something stands under it
 */
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
  await assertNothingWritten(scope, { pseudonym: input.pseudonym, mspId });
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

/**
 * Refuses a pseudonym under which something stands whose key can be named beforehand. These keys are in the read set, so that what is written
 * there while the registration is on its way makes it invalid, and the patient takes another pseudonym.
 */
async function assertNothingWritten(
  { ledger }: WriteScope,
  { pseudonym, mspId }: Pick<PseudonymEntry, 'pseudonym' | 'mspId'>,
): Promise<void> {
  const areFree = await Promise.all([
    ledger.emergencyChoices.isFree(pseudonym),
    ledger.relationships.isFree(pseudonym, mspId),
    ledger.guardianSets.isFree(pseudonym),
    ledger.incapacities.isFree(pseudonym),
    ledger.deaths.isFree(pseudonym),
  ]);
  if (areFree.includes(false)) throw new DomainError('ALREADY_EXISTS', 'something stands under this pseudonym already', { pseudonym });
}

function answerOf({ pseudonym, state }: PseudonymEntry): Output<Entry> {
  return { pseudonym, state };
}
