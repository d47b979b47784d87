import {
  type ActorReference,
  recoveryArea,
  type RecoveryCase,
  recoveryCaseIdSchema,
  recoveryCaseSchema,
  transactionByName,
  transactions,
} from '@lianyi/domain';
import { z } from 'zod';
import { type BlockCall, type BlockWrite } from '../gateway/block-call';
import { compositeKey } from './composite-key';
import { type KnownAlarms } from './patient-facts';
import { jsonOf } from './strangers-json';
import { isSameIn, isWrittenAsSaid, madeBySchema } from './whole-entry';
import { isTold } from './written-audit';
import { keyOfPseudonym } from './written-pseudonym';

const { recoveryCases } = recoveryArea.entities;

type VouchingEvent = 'RecoveryOpened' | 'RecoveryApproved' | 'RecoveryConfirmed';

/** What a patient's audit says of who vouches. */
const linesOfAudit: Readonly<Record<string, VouchingEvent>> = {
  [transactions.OpenRecovery.name]: 'RecoveryOpened',
  [transactions.ProposeRecovery.name]: 'RecoveryOpened',
  [transactions.ApproveRecovery.name]: 'RecoveryApproved',
  [transactions.ConfirmRecovery.name]: 'RecoveryConfirmed',
};

/**
 * Whether a case is written as it was said, with its line in the patient's audit and, where it is opened, in the pseudonym's entry. The
 * cooling-off is there for the old key's veto: a case that nobody is shown, nobody can refuse.
 */
export async function isShown(call: BlockCall, said: RecoveryCase, known: KnownAlarms): Promise<boolean> {
  const { pseudonym, caseId } = said;
  const event = linesOfAudit[transactionByName(call.args[0] ?? '')?.name ?? ''];
  const valueAt = (key: string): BlockWrite['value'] => call.writes.find((write) => write.key === key)?.value;
  const written = valueAt(compositeKey(recoveryCases.objectType, pseudonym, caseId));
  if (event === undefined || !(await isAsSaid(written, said, known))) return false;
  const shown = shownCases.safeParse(jsonOf(valueAt(keyOfPseudonym(pseudonym)))).data?.recoveries;
  if (event === 'RecoveryOpened' && shown?.includes(caseId) !== true) return false;
  const actor = voucherOf(event, said);
  return actor !== undefined && isTold(call, { pseudonym, event, actor });
}

/** Who has vouched with the transaction that leaves a case so. */
function voucherOf(
  event: VouchingEvent,
  { pseudonym, approvals, confirmedBy, confirmedAgainBy, origin }: RecoveryCase,
): ActorReference | undefined {
  if (event === 'RecoveryOpened') return origin.actor;
  if (event === 'RecoveryConfirmed') return confirmedAgainBy?.at(-1) ?? confirmedBy;
  const keyHash = approvals.at(-1);
  return keyHash && { kind: 'guardian', pseudonym, keyHash };
}

/** What is looked at of a pseudonym's entry; a later chaincode may write more. */
const shownCases = z.looseObject({ recoveries: z.array(recoveryCaseIdSchema) });

const counting = recoveryCaseSchema
  .pick({ pseudonym: true, caseId: true, way: true, state: true, newKeyHash: true, approvals: true, evidence: true })
  .extend(recoveryCaseSchema.pick({ guardiansSetAt: true, openedAt: true, coolingOffUntil: true }).shape)
  .strip();
const whole = recoveryCaseSchema.omit({ schemaVersion: true, changedAt: true }).extend({ origin: madeBySchema }).strip();

/** Whether a case is written as it was said. */
export function isAsSaid(value: BlockWrite['value'], said: RecoveryCase, known: KnownAlarms): Promise<boolean> {
  const { pseudonym, caseId: detail } = said;
  return isWrittenAsSaid(value, said, { counting, whole }, { about: { pseudonym, detail }, known });
}

/** Whether a case is written as it stands where nobody is believed who has confirmed it: whoever has, it names. */
export function isAsConfirmedByNobody(value: BlockWrite['value'], shown: RecoveryCase): boolean {
  return isSameIn(counting, value, shown);
}
