import { type AnsweredReferral, type Input, isFrom, type Output, referenceTo, type Referral, type transactions } from '@lianyi/domain';
import { commandOfAnswer, commandOfEnd, referralAfter, referralStateOf, usesUpReferral } from '@lianyi/domain/deciding';
import { keyOfGrant } from '../consent/grant-key';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff } from '../standing';
import { getReferralOf, isReferredTo, isReferrer } from './said-of-referral';

type Answer = typeof transactions.AnswerReferral;
type End = typeof transactions.EndReferral;

/** The hospital that was asked says what comes of it. Where it declines, nothing opens any more. */
export async function AnswerReferral(scope: WriteScope, { answer, ...key }: Input<Answer>): Promise<Output<Answer>> {
  const { ledger, now } = scope;
  const staff = asStaff(scope.actor);
  const said = await getReferralOf(scope, key, (referral) => isReferredTo(staff, referral));
  if (said.answered !== undefined && isFrom(said.answered.origin, scope.requestHash, scope.actor))
    return { ...key, state: referralStateOf(said, now) };
  const state = referralAfter(said, commandOfAnswer(answer), now);
  const answered: AnsweredReferral = { schemaVersion: 1, ...key, answer, at: now, by: referenceTo(staff), origin: originOf(scope) };
  await Promise.all([ledger.referralAnswers.put(answered), answer.kind === 'declined' ? useUp(scope, said.referral) : undefined]);
  recordEvent(scope, { name: 'ReferralAnswered', ...key, answer: answer.kind });
  return { ...key, state };
}

/** The hospital that has referred recalls it, or closes it once it has a summary. */
export async function EndReferral(scope: WriteScope, key: Input<End>): Promise<Output<End>> {
  const { ledger, now } = scope;
  const staff = asStaff(scope.actor);
  const said = await getReferralOf(scope, key, (referral) => isReferrer(staff, referral));
  if (said.end !== undefined && isFrom(said.end.origin, scope.requestHash, scope.actor))
    return { ...key, state: referralStateOf(said, now) };
  const command = commandOfEnd(said, now);
  const after = referralAfter(said, command, now);
  const state = command === 'close' ? 'closed' : 'recalled';
  await Promise.all([
    ledger.referralEnds.insert({ schemaVersion: 1, ...key, state, at: now, by: referenceTo(staff), origin: originOf(scope) }),
    said.word === undefined ? undefined : useUp(scope, said.referral),
  ]);
  recordEvent(scope, { name: 'ReferralEnded', ...key });
  return { ...key, state: after };
}

/** Takes what is left of the uses of a referral's provision: the policy stays the patient's word, and no new permit rests on this of it. */
async function useUp({ ledger }: WriteScope, { pseudonym, referralId, to: grantee }: Referral): Promise<void> {
  const at = keyOfGrant({ pseudonym, grantee });
  const [grant, before] = await Promise.all([ledger.grants.find(...at), ledger.grantUses.find(...at)]);
  if (grant?.state !== 'active') return;
  const uses = usesUpReferral(grant, referralId, before?.version === grant.version ? before.taken : []);
  if (uses !== undefined) await ledger.grantUses.put(uses);
}
