import { type DeclineReason, declineReasons } from '@lianyi/domain';
import { type RecognitionMonth } from '@lianyi/domain/deciding';
import { type Text } from '../language';
import { type Block, table } from '../outcome';
import { yuanText } from './recognised-item-table';

/** Why a result is not accepted, as clinicians say it. */
const reasonTexts: Readonly<Record<DeclineReason, Text>> = {
  unwilling: { en: 'unwilling', zh: '不愿' },
  unable: { en: 'unable', zh: '不能' },
  afraid: { en: 'afraid', zh: '不敢' },
  'condition-changed': { en: 'the condition has changed', zh: '病情变化' },
  'does-not-fit': { en: 'does not fit the clinical picture', zh: '与临床表现不符' },
  'outlived-by-course': { en: 'the disease’s course has outlived it', zh: '结果变化快，已失时效' },
  'quality-doubtful': { en: 'its quality is doubtful', zh: '质量存疑' },
  emergency: { en: 'emergency', zh: '急诊、急救' },
  'patient-asks': { en: 'the patient asks for it', zh: '患者要求复查' },
};

export const reasonChoices: Text = {
  en: 'why it is made again',
  zh: `重新检查检验的原因：${declineReasons.map((reason) => `${reason}（${reasonTexts[reason].zh}）`).join('、')}`,
};

const month = { en: 'month', zh: '月份' };

/** What was asked and saved; and, where anything was made again, why. */
export function reportTables(months: readonly RecognitionMonth[]): readonly Block[] {
  const reasons = months.flatMap((each) =>
    declineReasons.flatMap((reason) => {
      const times = each.reasons[reason];
      return times === undefined ? [] : [[each.month, reasonTexts[reason], times]];
    }),
  );
  const counts = table(
    [
      month,
      { en: 'asked', zh: '查询' },
      { en: 'found', zh: '找到' },
      { en: 'accepted', zh: '认可' },
      { en: 'made again', zh: '重复' },
      { en: 'saved (yuan)', zh: '节约（元）' },
    ],
    months.map((each) => [each.month, each.asked, each.found, each.accepted, each.repeated, yuanText(each.savedCents)]),
  );
  return reasons.length === 0
    ? [counts]
    : [counts, table([month, { en: 'why made again', zh: '重复原因' }, { en: 'times', zh: '次数' }], reasons)];
}
