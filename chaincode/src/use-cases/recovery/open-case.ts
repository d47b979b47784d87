import {
  assertRoom,
  giveWay,
  isOver,
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
  const { named, others } = await othersOf(scope, entry, opened);
  assertRoom(others, opened, scope.now);
  const remaining = await haveGivenWay(scope, named, others, opened);
  await scope.ledger.recoveryCases.insert(opened);
  await scope.ledger.pseudonyms.replace(withRecoveries(remaining, [...(remaining.recoveries ?? []), caseId]));
  recordEvent(scope, { name: 'RecoveryOpened', pseudonym, caseId });
}

/** Keeps that somebody else vouches for a case; once enough do, the others that wait are void. */
export async function keepVouched(scope: WriteScope, vouched: RecoveryCase, name: 'RecoveryApproved' | 'RecoveryConfirmed'): Promise<void> {
  const { pseudonym, caseId } = vouched;
  const entry = await scope.ledger.pseudonyms.get(pseudonym);
  const { named, others } = await othersOf(scope, entry, vouched);
  const remaining = await haveGivenWay(scope, named, others, vouched);
  await scope.ledger.recoveryCases.replace(vouched);
  if (remaining !== entry) await scope.ledger.pseudonyms.replace(remaining);
  recordEvent(scope, { name, pseudonym, caseId });
}

/**
 * The other cases that the pseudonym's entry names, and the entry without the names of those that are over, or never were: endorsers that
 * collude can leave one there, and it is in nobody's way.
 */
async function othersOf(
  scope: WriteScope,
  entry: PseudonymEntry,
  { caseId }: Pick<RecoveryCase, 'caseId'>,
): Promise<{ readonly named: PseudonymEntry; readonly others: readonly RecoveryCase[] }> {
  const { pseudonym, recoveries = [] } = entry;
  const ids = recoveries.filter((each) => each !== caseId);
  const others = await openAmong(scope, pseudonym, ids);
  const over = ids.filter((id) => others.every((each) => each.caseId !== id));
  return { named: over.length === 0 ? entry : withoutRecoveries(entry, over), others };
}

async function openAmong(
  scope: WriteScope,
  pseudonym: Pseudonym,
  ids: readonly RecoveryCase['caseId'][],
): Promise<readonly RecoveryCase[]> {
  const found = await Promise.all(ids.map((each) => scope.ledger.recoveryCases.find(pseudonym, each)));
  return found.flatMap((each) => (each === undefined || isOver(each) ? [] : [each]));
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
  const over = (await openAmong(scope, pseudonym, entry.recoveries ?? []))
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
