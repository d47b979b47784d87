import { z } from 'zod';
import {
  DomainError,
  type Output,
  type ParameterName,
  parameterNameSchema,
  type ParameterSetting,
  type Sha256,
  sha256Schema,
  transactions,
} from '@lianyi/domain';
import { hashOfProposal } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { readJson, whole } from '../inputs';
import { type LedgerSession } from '../ledger/session';
import { misfitsOf, misfitText } from '../misfits';
import { type Block, type CommandOutcome, fields, line, outcome, table } from '../outcome';
import { ask, transact, withSession } from '../transact';
import { itemTable } from './recognised-item-table';
import { restOfPage, pageInput, pageRequest } from './paging';
import { flag, label } from './vocabulary';
import { stateText, wordsText, wordText } from './words';

const words = {
  parameter: { en: 'parameter', zh: '参数' },
  number: { en: 'proposal', zh: '提案序号' },
  hash: { en: 'SHA-256 of what it says', zh: '内容 SHA-256' },
  by: { en: 'proposed by', zh: '提案机构' },
  approvedBy: { en: 'approved by', zh: '已批准机构' },
  lapses: { en: 'lapses', zh: '失效时间' },
  since: { en: 'in force since', zh: '生效时间' },
  initial: { en: 'the program’s: nobody has set it', zh: '程序默认值，尚未设定' },
} as const;
const notYet = {
  en: 'Nothing is signed yet: if it is what your organisation wants, once more with --sha256 and the hash above.',
  zh: '尚未签名：如符合本机构意愿，请加 --sha256 及上面的哈希再次执行。',
};
const nameArgument = {
  term: '<parameter>',
  text: {
    en: 'default-policies, level-approvers, emergency-signers, retention-periods, display-profiles, recognised-items',
    zh: '参数名，如 default-policies',
  },
};
const numberFlag = {
  flags: '--number <n>',
  text: {
    en: 'which proposal about the parameter, from 1 on (governance proposals)',
    zh: '该参数的第几个提案，从 1 起（governance proposals）',
  },
  required: true,
};
const proposalInput = { parameter: parameterNameSchema, number: whole(z.int().min(1).max(999_999)) };

export const governanceCommands: readonly CommandSpec[] = [
  command({
    name: 'propose',
    summary: { en: 'propose what a parameter of access is set to (orgAdmin)', zh: '提议设定访问参数（机构管理员）' },
    detail: {
      en: 'The file holds { name, value }, as governance show --json prints the setting. It holds once more than half of the active members have approved it; the own organisation has, by proposing. Take the next number. If the one before is the own organisation’s, it must be adopted, withdrawn or lapsed (14 days); others’ may be open. What is adopted leaves behind those of smaller numbers.',
      zh: '文件包含 { name, value }，格式同 governance show --json 的 setting。超过半数有效成员批准后生效，提案机构即视为批准。请取下一个序号。前一提案若为本机构所提，须已通过、撤回或失效（14 天）；其他机构的可仍未决。提案通过后，序号更小者不能再通过。',
    },
    example: 'policies.json --number 1 --as admin',
    arguments: [{ term: '<file>', text: { en: 'JSON file (- is standard input)', zh: 'JSON 文件（- 表示标准输入）' } }],
    flags: [numberFlag],
    input: z.object({ file: z.string(), number: proposalInput.number }),
    run: (call, { file, number }) => {
      const { request } = transactions.ProposeParameter;
      const read = { number, setting: readJson(file, call.terminal) };
      const parsed = request.safeParse(read);
      if (!parsed.success) {
        const { en, zh } = misfitText(misfitsOf(request, read).map(({ path, why }) => [path.join('.'), why]));
        throw new CliProblem('USAGE', { en: `${file}; ${en}`, zh: `${file}；${zh}` });
      }
      return transact(call, transactions.ProposeParameter, parsed.data, showAnswer);
    },
  }),
  command({
    name: 'approve',
    summary: { en: 'approve a proposal for the own organisation (orgAdmin)', zh: '代表本机构批准提案（机构管理员）' },
    detail: {
      en: 'Shows what the proposal says and the hash that this program has reckoned of just that, and signs nothing; with the hash it signs it. Another text, or another hash than the one reckoned here, is not approved. If a node has an alarm that it came without a command (it was committed too late), approve it once more after ten minutes, the proposer too, also where it is adopted.',
      zh: '先显示提案内容及本程序据此算出的哈希，不签名；加上该哈希后才签名。内容不同，或哈希与本程序算出的不同，均不予批准。若节点告警称其没有对应指令（提交过迟），请在十分钟后再次批准，提案机构亦同，已通过的提案也可。',
    },
    example: 'default-policies --number 1 --sha256 HASH --as admin',
    hasNoDryRun: true,
    arguments: [nameArgument],
    flags: [numberFlag, { flags: '--sha256 <hash>', text: { en: 'of what was shown: approve it', zh: '所示内容的哈希：予以批准' } }],
    input: z.object({ ...proposalInput, sha256: sha256Schema.optional() }),
    run: approve,
  }),
  command({
    name: 'withdraw',
    summary: { en: 'withdraw an open proposal of the own organisation (orgAdmin)', zh: '撤回本机构未决的提案（机构管理员）' },
    example: 'default-policies --number 1 --as admin',
    arguments: [nameArgument],
    flags: [numberFlag],
    input: z.object(proposalInput),
    run: (call, { parameter, number }) => transact(call, transactions.WithdrawProposal, { name: parameter, number }, showAnswer),
  }),
  command({
    name: 'show',
    summary: { en: 'what a parameter of access is set to', zh: '查看访问参数的当前设定' },
    example: 'default-policies --as registrar',
    arguments: [nameArgument],
    input: z.object({ parameter: parameterNameSchema }),
    run: (call, { parameter }) => transact(call, transactions.GetParameter, { name: parameter }, showParameter),
  }),
  command({
    name: 'proposals',
    summary: { en: 'the proposals about a parameter of access, and who has approved them', zh: '某访问参数的各项提案及批准情况' },
    example: 'default-policies --as registrar',
    arguments: [nameArgument],
    flags: [flag.limit, flag.after],
    input: z.object({ parameter: parameterNameSchema, ...pageInput }),
    run: (call, { parameter, ...page }) =>
      transact(call, transactions.ListProposals, { name: parameter, ...pageRequest(page) }, ({ items, ...rest }) => [
        ...items.flatMap(showProposal),
        ...restOfPage(rest),
      ]),
  }),
];

function showAnswer({ name, number, state, proposalSha256 }: Output<typeof transactions.ProposeParameter>): readonly Block[] {
  return [
    fields([
      [words.parameter, wordText(name)],
      [words.number, number],
      [label.state, stateText(state)],
      [words.hash, proposalSha256],
    ]),
  ];
}

function showParameter({ setting, version, adoptedAt }: Output<typeof transactions.GetParameter>): readonly Block[] {
  return [
    fields([
      [words.parameter, wordText(setting.name)],
      [label.version, version],
      [words.since, adoptedAt ?? words.initial],
    ]),
    settingTable(setting),
  ];
}

function showProposal(proposal: Listed): readonly Block[] {
  const { setting, number, mspId, state, lapsesAt, votes } = proposal;
  return [
    fields([
      [words.number, number],
      [words.by, mspId],
      [label.state, stateText(state)],
      [words.lapses, lapsesAt],
      [words.approvedBy, votes.map((vote) => vote.mspId).join(', ')],
      [words.hash, reckonedHash(proposal)],
    ]),
    settingTable(setting),
  ];
}

type Listed = Output<typeof transactions.ListProposals>['items'][number];

/** Shows a proposal as it would be signed, and with the hash of what was shown signs that. */
async function approve(
  call: CommandCall,
  { parameter: name, number, sha256 }: { readonly parameter: ParameterName; readonly number: number; readonly sha256?: Sha256 | undefined },
): Promise<CommandOutcome> {
  const proposal = await withSession(call, (session) => proposalOf(session, name, number));
  const proposalSha256 = reckonedHash(proposal);
  const shown = showProposal(proposal);
  if (sha256 === undefined) return outcome({ ...proposal, isSigned: false }, ...shown, line(notYet));
  if (sha256 !== proposalSha256) throw new DomainError('HASH_MISMATCH', 'not the hash of what the proposal says', { field: 'sha256' });
  return transact(call, transactions.ApproveParameter, { name, number, proposalSha256 }, (result) => [...shown, ...showAnswer(result)]);
}

/** @throws {@link DomainError} `NOT_FOUND` */
async function proposalOf(session: LedgerSession, name: ParameterName, number: number): Promise<Listed> {
  for (let after: string | undefined; ;) {
    const { result } = await ask(session, transactions.ListProposals, { name, ...pageRequest({ limit: 100, after }) });
    const found = result.items.find((each) => each.number === number && each.setting.name === name);
    if (found !== undefined) return found;
    if (result.next === undefined) throw new DomainError('NOT_FOUND', 'no such proposal', { name, number });
    after = result.next;
  }
}

/**
 * What a proposal is approved by: reckoned here, from the text that is shown.
 * @throws {@link DomainError} `ANSWER_DIFFERS` — the node gives the hash of another text
 */
function reckonedHash({ proposalSha256, ...proposal }: Listed): Sha256 {
  const reckoned = hashOfProposal(proposal);
  if (reckoned !== proposalSha256)
    throw new DomainError('ANSWER_DIFFERS', 'the hash is of another text than the node shows', { field: 'proposalSha256' });
  return reckoned;
}

/** A value, and for which classes it is said. */
function settingTable({ name, value }: ParameterSetting): Block {
  if (name === 'recognised-items') return itemTable(value.items);
  const of = new Map<string, string[]>();
  for (const [each, said] of Object.entries(value)) of.set(said, [...(of.get(said) ?? []), each]);
  return table(
    [{ en: 'policy', zh: '策略' }, label.class],
    [...of].map(([said, classes]) => [wordText(said), wordsText(classes)]),
  );
}
