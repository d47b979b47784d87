import {
  giveWay,
  type Pseudonym,
  type PseudonymEntry,
  type RecoveryCase,
  standingOf,
  supersedeRecovery,
  withoutRecovery,
} from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';

/** Opens a case, which the pseudonym's entry names from then on; one that is over gives way. */
export async function openCase(scope: WriteScope, entry: PseudonymEntry, opened: RecoveryCase): Promise<void> {
  const { pseudonym, caseId } = opened;
  if (entry.recovery !== undefined) {
    const before = giveWay(await scope.ledger.recoveryCases.get(pseudonym, entry.recovery), opened.way, scope.now);
    await scope.ledger.recoveryCases.replace(before);
    recordEvent(scope, { name: before.state === 'expired' ? 'RecoveryExpired' : 'RecoverySuperseded', pseudonym, caseId: before.caseId });
  }
  await scope.ledger.recoveryCases.insert(opened);
  await scope.ledger.pseudonyms.replace({ ...entry, recovery: caseId });
  recordEvent(scope, { name: 'RecoveryOpened', pseudonym, caseId });
}

/** Makes the open case of guardians void, if there is one: the patient has named others. Registrars have met the patient all the same. */
export function closeCaseOfGuardians(scope: WriteScope, pseudonym: Pseudonym): Promise<void> {
  return closeOpenCase(scope, pseudonym, ({ way }) => way === 'guardians');
}

/**
 * Makes the open case void, whoever vouches: the patient's death is recorded. The old key cannot veto from then on, so that the cooling-off
 * would go by unheard.
 */
export function closeCaseOfDead(scope: WriteScope, pseudonym: Pseudonym): Promise<void> {
  return closeOpenCase(scope, pseudonym, () => true);
}

async function closeOpenCase(scope: WriteScope, pseudonym: Pseudonym, isVoid: (open: RecoveryCase) => boolean): Promise<void> {
  const entry = await scope.ledger.pseudonyms.get(pseudonym);
  if (entry.recovery === undefined) return;
  const open = await scope.ledger.recoveryCases.get(pseudonym, entry.recovery);
  if (!isVoid(open) || standingOf(open, scope.now) === 'expired') return;
  await scope.ledger.recoveryCases.replace(supersedeRecovery(open, scope.now));
  await scope.ledger.pseudonyms.replace(withoutRecovery(entry));
  recordEvent(scope, { name: 'RecoverySuperseded', pseudonym, caseId: open.caseId });
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
