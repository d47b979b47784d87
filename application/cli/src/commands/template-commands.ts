import { z } from 'zod';
import {
  hashOfTemplate,
  mspIdSchema,
  type Output,
  type QueryTemplate,
  sha256Schema,
  spellTemplate,
  type TemplateReference,
  transactions,
} from '@lianyi/domain';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { readJson } from '../inputs';
import { type Text } from '../language';
import { misfitsOf, misfitText } from '../misfits';
import { type Block, fields, table } from '../outcome';
import { transact } from '../transact';
import { restOfPage, pageInput, pageRequest } from './paging';
import { templateArgument, templateArgumentSchema } from './template-argument';
import { flag, label } from './vocabulary';
import { stateText, wordText } from './words';

const templateLabel = { en: 'template', zh: '模板' };
const hashLabel = { en: 'SHA-256 of what it says', zh: '内容 SHA-256' };

export const templateCommands: readonly CommandSpec[] = [
  command({
    name: 'propose',
    summary: { en: 'propose a query template, or its next version (orgAdmin)', zh: '提出查询模板或其新版本（机构管理员）' },
    detail: {
      en: 'The file holds templateId, version, class, dataLevel, confidentiality, view, parameters, columns and conditions, all by name; no statement of a database. It holds once another organisation has approved it.',
      zh: '文件包含 templateId、version、class、dataLevel、confidentiality、view、parameters、columns 和 conditions，均以名称书写，不含数据库语句。经另一机构批准后生效。',
    },
    example: 'template.json --as admin',
    arguments: [{ term: '<file>', text: { en: 'JSON file (- is standard input)', zh: 'JSON 文件（- 表示标准输入）' } }],
    input: z.object({ file: z.string() }),
    run: (call, { file }) => {
      const read = readJson(file, call.terminal);
      const { request } = transactions.ProposeQueryTemplate;
      const parsed = request.safeParse(read);
      if (!parsed.success) {
        const { en, zh } = misfitText(misfitsOf(request, read).map(({ path, why }) => [path.join('.'), why]));
        throw new CliProblem('USAGE', { en: `${file}; ${en}`, zh: `${file}；${zh}` });
      }
      return transact(call, transactions.ProposeQueryTemplate, parsed.data, showAnswer);
    },
  }),
  command({
    name: 'approve',
    summary: { en: 'approve another organisation’s query template (orgAdmin)', zh: '批准其他机构的查询模板（机构管理员）' },
    detail: {
      en: 'Read it first (template show). The hash is of what you have read: another text is not approved.',
      zh: '请先阅读（template show）。哈希对应所阅读的内容；内容不同则不予批准。',
    },
    example: 'HospitalBMSP/TEMPLATE@1 --sha256 HASH --as admin',
    arguments: [templateArgument],
    flags: [
      {
        flags: '--sha256 <hash>',
        text: { en: 'of what it says, as template show prints it', zh: 'template show 显示的哈希' },
        required: true,
      },
    ],
    input: z.object({ template: templateArgumentSchema, sha256: sha256Schema }),
    run: (call, { template, sha256 }) =>
      transact(call, transactions.ApproveQueryTemplate, { ...template, templateSha256: sha256 }, showAnswer),
  }),
  command({
    name: 'retire',
    summary: {
      en: 'retire a query template of the own organisation; nothing new points by it',
      zh: '停用本机构的查询模板；此后不得用于新指针',
    },
    example: 'HospitalBMSP/TEMPLATE@1 --as admin',
    arguments: [templateArgument],
    input: z.object({ template: templateArgumentSchema }),
    run: (call, { template: { mspId, templateId, version } }) => {
      if (mspId !== call.actor.profile.mspId) throw new CliProblem('USAGE', `${mspId}: ${call.actor.profile.mspId}`);
      return transact(call, transactions.RetireQueryTemplate, { templateId, version }, showAnswer);
    },
  }),
  command({
    name: 'show',
    summary: { en: 'show what a query template says', zh: '显示查询模板的内容' },
    example: 'HospitalBMSP/TEMPLATE@1 --as registrar',
    arguments: [templateArgument],
    input: z.object({ template: templateArgumentSchema }),
    run: (call, { template }) => transact(call, transactions.GetQueryTemplate, template, showTemplate),
  }),
  command({
    name: 'list',
    summary: { en: 'list the query templates of an organisation', zh: '列出某机构的查询模板' },
    example: 'HospitalBMSP --as registrar',
    arguments: [{ term: '[msp-id]', text: { en: 'organisation (the own)', zh: '机构（默认本机构）' } }],
    flags: [flag.limit, flag.after],
    input: z.object({ mspId: mspIdSchema.optional(), ...pageInput }),
    run: (call, { mspId, ...page }) =>
      transact(
        call,
        transactions.ListQueryTemplates,
        { mspId: mspId ?? call.actor.profile.mspId, ...pageRequest(page) },
        ({ items, ...rest }) => [
          table(
            [templateLabel, label.class, { en: 'view', zh: '视图' }, label.state, label.changed],
            items.map((each) => [spellTemplate(each), wordText(each.class), each.view, templateState(each.state), each.changedAt]),
          ),
          ...restOfPage(rest),
        ],
      ),
  }),
];

/** A template waits for another organisation, where a relationship waits for the patient. */
function templateState(state: QueryTemplate['state']): Text {
  return state === 'proposed' ? { en: 'proposed, another organisation must approve it', zh: '待另一机构批准' } : stateText(state);
}

function showAnswer(result: Output<typeof transactions.ProposeQueryTemplate>): readonly Block[] {
  return [
    fields([
      [templateLabel, spellTemplate(result satisfies TemplateReference)],
      [label.state, templateState(result.state)],
      [hashLabel, result.templateSha256],
    ]),
  ];
}

function showTemplate(template: QueryTemplate): readonly Block[] {
  const { view, parameters, columns, conditions, dataLevel, confidentiality, approvedBy } = template;
  return [
    fields([
      [templateLabel, spellTemplate(template)],
      [label.state, templateState(template.state)],
      [label.class, wordText(template.class)],
      [label.level, dataLevel],
      [label.confidentiality, wordText(confidentiality)],
      [{ en: 'view', zh: '视图' }, view],
      [{ en: 'parameters', zh: '参数' }, typed(parameters)],
      [{ en: 'columns', zh: '列' }, typed(columns)],
      [{ en: 'conditions', zh: '条件' }, conditionsText(conditions)],
      [{ en: 'approved by', zh: '批准机构' }, approvedBy !== undefined && 'mspId' in approvedBy ? approvedBy.mspId : undefined],
      [hashLabel, hashOfTemplate(template)],
    ]),
  ];
}

function typed(named: readonly { readonly name: string; readonly type: string }[]): Text {
  const spelled = (word: (type: string) => string): string => named.map(({ name, type }) => `${name}: ${word(type)}`).join(', ');
  return { en: spelled((type) => type), zh: spelled((type) => wordText(type).zh) };
}

/** What a template compares, in words. */
export function conditionsText(conditions: QueryTemplate['conditions']): Text {
  const spelled = (word: (kind: string) => string): string =>
    conditions.map(({ column, is, parameter }) => `${column} ${word(is)} ${parameter}`).join(', ');
  return { en: spelled((kind) => kind), zh: spelled((kind) => wordText(kind).zh) };
}
