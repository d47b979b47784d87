import { z } from 'zod';
import { type Output, transactions } from '@lianyi/domain';
import { command, type CommandSpec } from '../command-spec';
import { type Text } from '../language';
import { type Block, line, table } from '../outcome';
import { transact } from '../transact';
import { label } from './vocabulary';
import { wordText } from './words';

type Answer = Output<typeof transactions.GetEmergencyStatistics>;
type Pattern = Answer['patterns'][number];

/** How often which department breaks the glass, and which ordinary rule would have done. */
export const statisticsCommand: CommandSpec = command({
  name: 'statistics',
  summary: {
    en: 'which department breaks the glass how often, and which ordinary rule would have covered it (privacy officer)',
    zh: '统计各科室急诊访问次数，并提示可由何种常规规则覆盖（隐私专员）',
  },
  detail: {
    en: 'Of the emergencies that concern the own hospital, as the asker’s or the records’, by department and class of record: no patient, no person, and nothing that fewer than five make. By whole quarters, which do not overlap: from two questions nobody reckons what few have done. What four in five of are found justified is proposed for an ordinary rule; nothing is changed by that.',
    zh: '统计涉及本院（申请方或病历方）的急诊访问，按科室和病历类别；不含患者与个人，少于五次者不列出；按互不重叠的季度统计，无法由两次查询推算少数个案。五分之四以上认定为正当的，建议改用常规规则；统计本身不作任何更改。',
  },
  example: '--quarter 2026-Q1 --as privacy-officer',
  flags: [
    {
      flags: '--quarter <quarter>',
      text: { en: 'which, such as 2026-Q1; told 72 hours after its end', zh: '季度，如 2026-Q1；结束 72 小时后可查' },
      required: true,
    },
  ],
  input: z.object({ quarter: transactions.GetEmergencyStatistics.request.shape.quarter }),
  run: (call, { quarter }) => transact(call, transactions.GetEmergencyStatistics, { quarter }, showStatistics),
});

function showStatistics({ patterns, isCut }: Answer): readonly Block[] {
  const head = [
    { en: 'department', zh: '科室' },
    label.class,
    { en: 'custodian', zh: '保管机构' },
    { en: 'emergencies', zh: '次数' },
    { en: 'justified', zh: '正当' },
    label.reasons,
  ];
  const rows = patterns.map((each) => [
    ...[`${each.mspId}: ${each.department}`, wordText(each.class), each.custodianMspId, each.emergencies],
    ...[each.justified ?? FEW, each.reasons === undefined ? FEW : reasonsText(each.reasons)],
  ]);
  return [
    table(head, rows, { en: 'nothing that five make', zh: '没有达到五次的情形' }),
    ...patterns.flatMap(proposalOf),
    ...(isCut ? [line({ en: 'There were more: the newest 1,000 are looked at.', zh: '数量更多：仅统计最新 1000 次。' })] : []),
  ];
}

const FEW: Text = { en: 'few', zh: '少量' };

function reasonsText(reasons: NonNullable<Pattern['reasons']>): Text {
  const of = (language: 'en' | 'zh'): string =>
    reasons.map(({ reason, emergencies }) => `${wordText(reason)[language]}: ${emergencies}`).join(', ');
  return { en: of('en'), zh: of('zh') };
}

/** What would make the emergencies ordinary; who decides on it, the members or the patients. */
function proposalOf({ mspId, department, class: of, custodianMspId, emergencies, justified, wouldBeCoveredBy }: Pattern): readonly Block[] {
  if (wouldBeCoveredBy === undefined) return [];
  const [en, zh] =
    wouldBeCoveredBy === 'default-policy'
      ? [
          'another default policy of that class would have covered them (`governance show default-policies`)',
          '调整该类别的默认策略即可覆盖（`governance show default-policies`）',
        ]
      : [
          `a consent of the patients treated there, for that department and class, would have covered them (offer it: \`consent grant\`)`,
          '由在该科室就诊的患者就该类别授权即可覆盖（可向患者提供 `consent grant`）',
        ];
  return [
    line({
      en: `${department} of ${mspId} broke the glass ${emergencies} times for ${wordText(of).en} of ${custodianMspId}, ${justified ?? 0} justified: ${en}.`,
      zh: `${mspId} 的 ${department} 为 ${custodianMspId} 的${wordText(of).zh}急诊访问 ${emergencies} 次，其中 ${justified ?? 0} 次正当：${zh}。`,
    }),
  ];
}
