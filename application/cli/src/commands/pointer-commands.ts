import { z } from 'zod';
import { newIdNonce, memberOperations, signedAs } from '@lianyi/client';
import { networkOf } from '@lianyi/client/node';
import { PointerClient, type PointerToWrite, pointInputSchema, type QueryRows, type ReviewedPointer } from '@lianyi/client/pointers';
import {
  confidentialitySchema,
  confidentialities,
  dataLevelSchema,
  encodeOutcome,
  endpointIdSchema,
  hashOfJson,
  hashOfTemplate,
  idNonceSchema,
  mspIdSchema,
  type Pointer,
  pointerIdOf,
  type PointerVersion,
  pseudonymSchema,
  qualifiedName,
  type QueryTemplate,
  recordIdSchema,
  type Sha256,
  sha256Schema,
  spellTemplate,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { parsedFile, readJson, whole } from '../inputs';
import { type Text } from '../language';
import { openStaffSession } from '../ledger/staff-session';
import { soleOf } from '../ledger/pseudonym';
import { type Block, type CommandOutcome, fields, line, outcome, table } from '../outcome';
import { RepeatableFailure } from '../repeatable-failure';
import { committed, showUnsent, transact } from '../transact';
import { ownPage, ownPageFlags, ownPageInput, restOfPage } from './paging';
import { readPointer } from './read-pointer';
import { conditionsText } from './template-commands';
import { templateArgument, templateArgumentSchema } from './template-argument';
import { flag, label } from './vocabulary';
import { stateText, wordText } from './words';

const version = whole(z.int().min(1));
const pointerLabel = { en: 'pointer', zh: '指针' };
const pointerArgument = { term: '<pointer>', text: pointerLabel };
const previousFlag: Flag = { flags: '--previous-version <n>', text: { en: 'the version it replaces', zh: '被替换的版本' }, required: true };
const writingFlags: readonly Flag[] = [
  flag.pseudonym,
  {
    flags: '--parameters <file>',
    text: { en: 'JSON file with the template’s parameters (- is standard input)', zh: '模板参数 JSON 文件（- 表示标准输入）' },
    required: true,
  },
  {
    flags: '--template-sha256 <hash>',
    text: { en: 'of all that the template says, as template show prints it', zh: '模板全部内容的哈希（template show 所示）' },
  },
  { flags: '--template-file <file>', text: { en: 'or the template itself, as it was proposed', zh: '或提出时的模板文件' } },
  {
    flags: '--yes <hash>',
    text: { en: 'sign what was shown, by the hash that was shown with it', zh: '按所示内容签名：填写随内容显示的哈希' },
  },
  { flags: '--endpoint <id>', text: { en: 'the own endpoint that answers (query)', zh: '应答的本机构端点（默认 query）' } },
  { flags: '--level <n>', text: { en: 'data level, not below the template’s (that)', zh: '数据级别，不低于模板（默认同模板）' } },
  {
    flags: '--confidentiality <code>',
    text: { en: 'label, not below the template’s (that)', zh: '保密等级，不低于模板（默认同模板）' },
    choices: confidentialities,
  },
];
const writingInput = {
  pseudonym: pseudonymSchema,
  template: templateArgumentSchema,
  parameters: z.string(),
  templateSha256: sha256Schema.optional(),
  templateFile: z.string().optional(),
  yes: sha256Schema.optional(),
  endpoint: endpointIdSchema.default(endpointIdSchema.parse('query')),
  level: whole(z.int()).pipe(dataLevelSchema).optional(),
  confidentiality: confidentialitySchema.optional(),
};
type Written = z.output<z.ZodObject<typeof writingInput>>;

export const pointerCommands: readonly CommandSpec[] = [
  command({
    name: 'add',
    summary: { en: 'point at rows of the own hospital’s database (recordAdmin, lab)', zh: '登记指向本院数据库的指针（病案管理员、检验）' },
    detail: {
      en: 'The own node runs the template’s query with the parameters. Shows first the rows, the labels and the conditions, and writes nothing on the ledger; once more with the --nonce and --yes that are shown, it signs just that: salted commitments to parameters and rows. Who reads by the pointer gets these rows, or HASH_MISMATCH once one has changed.',
      zh: '本机构节点以给定参数运行模板查询。先显示结果、标签和条件，不写入账本；加上所示的 --nonce 和 --yes 再次执行时，仅按所示内容签名：参数和结果的加盐承诺。凭指针读取者得到相同的结果；任何一行改变后则得到 HASH_MISMATCH。',
    },
    example: 'HospitalBMSP/TEMPLATE@1 --template-sha256 HASH --pseudonym PSEUDONYM --parameters parameters.json --as lab',
    arguments: [templateArgument],
    flags: [
      ...writingFlags,
      {
        flags: '--nonce <nonce>',
        text: { en: 'of what was shown, or of an attempt that failed: the same pointer', zh: '所示内容或先前失败时的随机数：同一指针' },
      },
    ],
    input: z.object({ ...writingInput, nonce: idNonceSchema.optional() }),
    run: (call, { nonce = newIdNonce(), ...written }) => {
      const mspId = mspIdSchema.parse(call.actorOf('staff').profile.mspId);
      const pointerId = pointerIdOf({ mspId, pseudonym: written.pseudonym, nonce });
      return point(call, written, { pointerId, nonce });
    },
  }),
  command({
    name: 'update',
    summary: { en: 'write a pointer’s next version, after data were added or the endpoint changed', zh: '数据增加或端点更换后更新指针' },
    example:
      'POINTER HospitalBMSP/TEMPLATE@1 --template-sha256 HASH --pseudonym PSEUDONYM --parameters parameters.json --previous-version 1 --as lab',
    arguments: [pointerArgument, templateArgument],
    flags: [...writingFlags, previousFlag],
    input: z.object({ pointer: recordIdSchema, ...writingInput, previousVersion: version }),
    run: (call, { pointer, previousVersion, ...written }) => point(call, written, { pointerId: pointer, previousVersion }),
  }),
  command({
    name: 'retire',
    summary: {
      en: 'retire a pointer; nothing permits access by it afterwards (recordAdmin)',
      zh: '停用指针；此后任何人不得凭其读取（病案管理员）',
    },
    example: 'POINTER --pseudonym PSEUDONYM --previous-version 2 --as record-admin',
    arguments: [pointerArgument],
    flags: [flag.pseudonym, previousFlag],
    input: z.object({ pointer: recordIdSchema, pseudonym: pseudonymSchema, previousVersion: version }),
    run: (call, { pointer, pseudonym, previousVersion }) =>
      transact(call, transactions.RetirePointer, { pseudonym, pointerId: pointer, previousVersion }, showAnswer),
  }),
  command({
    name: 'read',
    summary: { en: 'have the custodian run the query of a permitted ticket (who asked)', zh: '凭许可请保管机构运行查询（申请人）' },
    detail: {
      en: 'A pointer is asked for as a record is: access request --records POINTER. The rows are compared with the ledger’s commitment; one that was changed, added or removed since is HASH_MISMATCH.',
      zh: '申请方式与病历相同：access request --records POINTER。结果与账本的承诺核对；此后改动、增加或删除过任何一行即为 HASH_MISMATCH。',
    },
    example: 'TICKET --as cardiologist',
    hasNoDryRun: true,
    arguments: [{ term: '<ticket>', text: label.ticket }],
    flags: [
      { flags: '--pointer <id>', text: { en: 'which pointer (left out: the ticket’s only one)', zh: '哪个指针（凭单只含一个时可省略）' } },
      { flags: '--unwitnessed', text: { en: 'take the own node’s word for what the ledger has', zh: '仅凭本机构节点所述的账本内容' } },
    ],
    input: z.object({ ticket: ticketIdSchema, pointer: recordIdSchema.optional(), unwitnessed: z.boolean().default(false) }),
    run: readPointer,
  }),
  command({
    name: 'show',
    summary: { en: 'show a pointer’s ledger entry', zh: '显示指针的账本条目' },
    example: 'POINTER --pointer-version 1 --as patient',
    arguments: [pointerArgument],
    flags: [flag.ownPseudonym, { flags: '--pointer-version <n>', text: { en: 'an earlier version', zh: '较早的版本' } }],
    input: z.object({ pointer: recordIdSchema, pseudonym: pseudonymSchema.optional(), pointerVersion: version.optional() }),
    run: async (call, input) => {
      const key = { pseudonym: await soleOf(call, input.pseudonym), pointerId: input.pointer };
      return input.pointerVersion === undefined
        ? transact(call, transactions.GetPointer, key, (found) => showPointer(found, stateText(found.state)))
        : transact(call, transactions.GetPointerVersion, { ...key, version: input.pointerVersion }, (found) =>
            showPointer(found, wordText(found.operation)),
          );
    },
  }),
  command({
    name: 'list',
    summary: { en: 'list a patient’s pointers (patient, recordAdmin of the custodian)', zh: '列出患者的指针（患者、保管机构病案管理员）' },
    example: '--as patient',
    flags: ownPageFlags,
    input: ownPageInput,
    run: async (call, input) =>
      transact(call, transactions.ListPointers, await ownPage(call, input), ({ items, ...rest }) => [
        table(
          [pointerLabel, label.version, label.class, { en: 'template', zh: '模板' }, label.state, label.changed],
          items.map((each) => [
            each.pointerId,
            each.version,
            wordText(each.class),
            spellTemplate(each.template),
            stateText(each.state),
            each.changedAt,
          ]),
        ),
        ...restOfPage(rest),
      ]),
  }),
];

type Place = Pick<PointerToWrite, 'pointerId' | 'nonce' | 'previousVersion'>;

/** Two signatures: one for the query, so that the node may run it; one for what the ledger will hold. */
async function point(call: CommandCall, written: Written, place: Place): Promise<CommandOutcome> {
  const { pseudonym, template, endpoint, level, confidentiality } = written;
  const parsed = pointInputSchema.safeParse({
    ...{ pseudonym, ...place, template, endpointId: endpoint, parameters: readJson(written.parameters, call.terminal) },
    ...(level === undefined ? {} : { dataLevel: level }),
    ...(confidentiality === undefined ? {} : { confidentiality }),
  });
  if (!parsed.success) throw new CliProblem('USAGE', `--parameters ${written.parameters}: {"name": "text" | 1, …}`);
  const templateSha256 = namedTemplate(call, written);
  const session = await openStaffSession(call);
  try {
    if (call.options.dryRun) {
      const transaction = signedAs(memberOperations.PreparePointer);
      const statement = session.statementOf(transaction, parsed.data);
      return showUnsent({ to: session.node.url, transaction: qualifiedName(transaction), kind: 'submit', input: parsed.data, statement });
    }
    const pointers = new PointerClient(session.node, session.sign);
    const pointer = { ...parsed.data, templateSha256, network: networkOf(call.actorOf('staff').profile) };
    const prepared = await pointers.prepare(pointer);
    const { input, template: registered } = await pointers.review(pointer, prepared);
    const shown = { input, rows: prepared.rows, ...place, yes: hashOfJson(input) };
    const view = showReviewed(shown, registered);
    if (written.yes === undefined) return outcome({ ...shown, isSigned: false }, ...view, line(notYet));
    if (written.yes !== shown.yes) throw new CliProblem('USAGE', changed);
    const published = await pointers.publish(pointer, prepared).catch((error: unknown) => {
      throw place.nonce === undefined ? error : new RepeatableFailure(error, `--nonce ${place.nonce}`);
    });
    return outcome({ ...encodeOutcome(published), rows: prepared.rows }, ...view, ...showAnswer(published.result), ...committed(published));
  } finally {
    session.close();
  }
}

/** Which template is meant: by its hash, or as it was proposed. @throws CliProblem `USAGE` */
function namedTemplate({ terminal }: CommandCall, { template, templateSha256, templateFile }: Written): Sha256 {
  if (templateSha256 !== undefined && templateFile === undefined) return templateSha256;
  if (templateFile === undefined || templateSha256 !== undefined)
    throw new CliProblem('USAGE', '--template-sha256 <hash> | --template-file <file>');
  const said = parsedFile(transactions.ProposeQueryTemplate.request, templateFile, terminal);
  if (said.templateId !== template.templateId || said.version !== template.version)
    throw new CliProblem('USAGE', `--template-file ${templateFile}: ${said.templateId}@${said.version}`);
  return hashOfTemplate({ mspId: template.mspId, ...said });
}

interface Shown {
  readonly input: ReviewedPointer['input'];
  readonly rows: QueryRows;
  readonly nonce?: PointerToWrite['nonce'];
  readonly yes: Sha256;
}

const notYet = {
  en: 'nothing is signed yet: if these rows may leave under these labels, once more with what is shown at last',
  zh: '尚未签名：如这些结果可按上述标签提供，请加上最后所示的选项再次执行',
};

const changed = {
  en: '--yes: what would be signed is not what was shown; look at it again, without --yes',
  zh: '--yes：待签名内容与所示内容不同；请去掉 --yes 重新查看',
};

/** What the ledger would say of the pointer, and what would leave by it. */
function showReviewed({ input, rows, nonce, yes }: Shown, template: QueryTemplate): readonly Block[] {
  const columns = template.columns.map(({ name }) => name);
  const again = `${nonce === undefined ? '' : `--nonce=${nonce} `}--yes=${yes}`;
  return [
    table(
      columns.map((name) => ({ en: name, zh: name })),
      rows.map((row) => columns.map((name) => String(row[name] ?? ''))),
    ),
    fields([
      [{ en: 'rows', zh: '行数' }, rows.length],
      [label.class, wordText(input.class)],
      [label.level, input.dataLevel],
      [label.confidentiality, wordText(input.confidentiality)],
      [{ en: 'template', zh: '模板' }, spellTemplate(template)],
      [{ en: 'conditions', zh: '条件' }, conditionsText(template.conditions)],
      [{ en: 'signed with', zh: '签名选项' }, again],
    ]),
  ];
}

function showAnswer(result: { readonly pointerId: string; readonly version: number; readonly state: string }): readonly Block[] {
  return [
    fields([
      [pointerLabel, result.pointerId],
      [label.version, result.version],
      [label.state, stateText(result.state)],
    ]),
  ];
}

function showPointer(pointer: Pointer | PointerVersion, state: Text): readonly Block[] {
  return [
    fields([
      [pointerLabel, pointer.pointerId],
      [label.version, pointer.version],
      [label.state, state],
      [label.class, wordText(pointer.class)],
      [label.level, pointer.dataLevel],
      [label.confidentiality, wordText(pointer.confidentiality)],
      [{ en: 'template', zh: '模板' }, spellTemplate(pointer.template)],
      [{ en: 'endpoint', zh: '端点' }, pointer.endpointId],
      [{ en: 'commitment to the parameters', zh: '参数承诺' }, pointer.parametersCommitment],
      [{ en: 'commitment to the rows', zh: '结果承诺' }, pointer.resultCommitment],
    ]),
  ];
}
