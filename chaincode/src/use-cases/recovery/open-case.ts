import {
  assertRoom,
  giveWay,
  type Pseudonym,
  type PseudonymEntry,
  type RecoveryCase,
  standingOf,
  supersedeRecovery,
  withoutRecoveries,
  withRecoveries,
} from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';

/** Opens a case, which the pseudonym's entry names from then on beside those that wait. */
export async function openCase(scope: WriteScope, entry: PseudonymEntry, opened: RecoveryCase): Promise<void> {
  const { pseudonym, caseId } = opened;
  const others = await othersOf(scope, entry, opened);
  assertRoom(others, opened, scope.now);
  const remaining = await haveGivenWay(scope, entry, others, opened);
  await scope.ledger.recoveryCases.insert(opened);
  await scope.ledger.pseudonyms.replace(withRecoveries(remaining, [...(remaining.recoveries ?? []), caseId]));
  recordEvent(scope, { name: 'RecoveryOpened', pseudonym, caseId });
}

/** Keeps that somebody else vouches for a case; once enough do, the others that wait are void. */
export async function keepVouched(scope: WriteScope, vouched: RecoveryCase, name: 'RecoveryApproved' | 'RecoveryConfirmed'): Promise<void> {
  const { pseudonym, caseId } = vouched;
  const entry = await scope.ledger.pseudonyms.get(pseudonym);
  const remaining = await haveGivenWay(scope, entry, await othersOf(scope, entry, vouched), vouched);
  await scope.ledger.recoveryCases.replace(vouched);
  if (remaining !== entry) await scope.ledger.pseudonyms.replace(remaining);
  recordEvent(scope, { name, pseudonym, caseId });
}

/** The other cases that the pseudonym's entry names. */
function othersOf(scope: WriteScope, { pseudonym, recoveries = [] }: PseudonymEntry, { caseId }: RecoveryCase): Promise<RecoveryCase[]> {
  return Promise.all(recoveries.filter((each) => each !== caseId).map((each) => scope.ledger.recoveryCases.get(pseudonym, each)));
}

/** Writes what gives way to a case, and answers the pseudonym's entry without it: the same, if nothing does. */
async function haveGivenWay(
  scope: WriteScope,
  entry: PseudonymEntry,
  others: readonly RecoveryCase[],
  vouched: RecoveryCase,
): Promise<PseudonymEntry> {
  const over = others.flatMap((each) => giveWay(each, vouched, scope.now) ?? []);
  return over.length === 0 ? entry : closed(scope, entry, over);
}

/** Writes cases that are over, and answers the pseudonym's entry without them. */
async function closed(scope: WriteScope, entry: PseudonymEntry, over: readonly RecoveryCase[]): Promise<PseudonymEntry> {
  for (const each of over) {
    const { pseudonym, caseId, state } = each;
    await scope.ledger.recoveryCases.replace(each);
    recordEvent(scope, { name: state === 'expired' ? 'RecoveryExpired' : 'RecoverySuperseded', pseudonym, caseId });
  }
  return withoutRecoveries(
    entry,
    over.map(({ caseId }) => caseId),
  );
}

/** Makes the open cases of guardians void: the patient has named others. Registrars have met the patient all the same. */
export function closeCasesOfGuardians(scope: WriteScope, pseudonym: Pseudonym): Promise<void> {
  return closeOpenCases(scope, pseudonym, ({ way }) => way === 'guardians');
}

/**
 * Makes the open cases void, whoever vouches: the patient's death is recorded. The old key cannot veto from then on, so that the cooling-off
 * would go by unheard.
 */
export function closeCasesOfDead(scope: WriteScope, pseudonym: Pseudonym): Promise<void> {
  return closeOpenCases(scope, pseudonym, () => true);
}

async function closeOpenCases(scope: WriteScope, pseudonym: Pseudonym, isVoid: (open: RecoveryCase) => boolean): Promise<void> {
  const entry = await scope.ledger.pseudonyms.get(pseudonym);
  const { recoveries = [] } = entry;
  const open = await Promise.all(recoveries.map((each) => scope.ledger.recoveryCases.get(pseudonym, each)));
  const over = open
    .filter((each) => isVoid(each) && standingOf(each, scope.now) !== 'expired')
    .map((each) => supersedeRecovery(each, scope.now));
  if (over.length > 0) await scope.ledger.pseudonyms.replace(await closed(scope, entry, over));
}

/** What is answered of a case. */
export function answerOfCase({
  pseudonym,
  caseId,
  state,
  coolingOffUntil,
}: RecoveryCase): Pick<RecoveryCase, 'pseudonym' | 'caseId' | 'state' | 'coolingOffUntil'> {
  return { pseudonym, caseId, state, coolingOffUntil };
}
