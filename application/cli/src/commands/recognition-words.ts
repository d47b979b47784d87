import { declineReasons } from '@lianyi/domain';
import { type RecognitionMonth } from '@lianyi/domain/deciding';
import { type Text } from '../language';
import { type Block, table } from '../outcome';
import { yuanText } from './recognised-item-table';
import { choicesText, wordText } from './words';

export const reasonChoices: Text = {
  en: 'why it is made again',
  zh: `重新检查检验的原因：${choicesText(declineReasons)}`,
};

const month = { en: 'month', zh: '月份' };

/** What was asked and saved; and, where anything was made again, why. */
export function reportTables(months: readonly RecognitionMonth[]): readonly Block[] {
  const reasons = months.flatMap((each) =>
    declineReasons.flatMap((reason) => {
      const times = each.reasons[reason];
      return times === undefined ? [] : [[each.month, wordText(reason), times]];
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
