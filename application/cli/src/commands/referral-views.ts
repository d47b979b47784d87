import { type Output, type transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { localTime } from '../local-time';
import { type Block, fields, table } from '../outcome';
import { showGrantee } from './grantee';
import { referralStateTexts } from './referral-words';
import { label } from './vocabulary';
import { wordText } from './words';

type Shown = Output<typeof transactions.GetReferral>;

export const referralLabel = { en: 'referral', zh: '转诊' };
const fromLabel = { en: 'from', zh: '转出' };
const toLabel = { en: 'to', zh: '转往' };
const directionLabel = { en: 'direction', zh: '方向' };

/** Referrals as rows: from whom to whom, and how each stands. */
export function referralRows(items: readonly Shown[]): Block {
  return table(
    [referralLabel, label.pseudonym, fromLabel, toLabel, directionLabel, label.state],
    items.map(({ referral, state }) => [
      referral.referralId,
      referral.pseudonym,
      `${referral.fromMspId}:${referral.fromDepartment}`,
      showGrantee(referral.to),
      wordText(referral.direction),
      referralStateTexts[state],
    ]),
  );
}

/** A referral, and what has been said of it. */
export function showReferral(call: CommandCall, { referral, word, answered, state }: Shown): readonly Block[] {
  const reason = answered?.answer.kind === 'declined' ? answered.answer.reason : undefined;
  const end = word?.word.kind === 'agrees' ? word.word.validUntil : undefined;
  return [
    ...showReferralState({ ...referral, state }),
    fields([
      [fromLabel, `${referral.fromMspId}:${referral.fromDepartment}`],
      [toLabel, showGrantee(referral.to)],
      [directionLabel, wordText(referral.direction)],
      [{ en: 'urgency', zh: '紧急程度' }, wordText(referral.urgency)],
      [{ en: 'records', zh: '病历' }, referral.recordIds.join(', ')],
      [{ en: 'letter', zh: '转诊单' }, referral.letterId],
      [{ en: 'why not', zh: '未接收原因' }, reason === undefined ? undefined : wordText(reason)],
      [label.until, end === undefined ? undefined : localTime(end, call.terminal.timeZone)],
    ]),
  ];
}

/** What a step has come to. */
export function showReferralState({ pseudonym, referralId, state }: Output<typeof transactions.AnswerReferral>): readonly Block[] {
  return [
    fields([
      [referralLabel, referralId],
      [label.pseudonym, pseudonym],
      [label.state, referralStateTexts[state]],
    ]),
  ];
}
