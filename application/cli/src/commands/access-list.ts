import { z } from 'zod';
import { ActingLedger, memberOperations } from '@lianyi/client';
import {
  type Department,
  departmentSchema,
  newRequest,
  type Output,
  type Pseudonym,
  pseudonymSchema,
  type Purpose,
  purposes,
  purposeSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { lacking } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { everyPage } from '../every-page';
import { list, readJson } from '../inputs';
import { openStaffSession, type StaffLedgerSession } from '../ledger/staff-session';
import { type Text } from '../language';
import { type Block, type CommandOutcome, fields, line, outcome, table } from '../outcome';
import { checkedRequest } from '../transact';
import { flag, label } from './vocabulary';
import { contributedText, wordText } from './words';

type Listed = Output<typeof transactions.ListPermitted>['items'][number];
type Heights = z.output<typeof memberOperations.AskHeights.answer>['peers'];
interface ListOfOne {
  readonly pseudonym: Pseudonym;
  readonly items: readonly Listed[];
}

const input = z.object({
  pseudonyms: list(pseudonymSchema).optional(),
  tokenFile: z.string().optional(),
  purpose: purposeSchema,
  department: departmentSchema.optional(),
});

/** One list of what may be asked for, without an id typed. */
export const accessListCommand: CommandSpec = command({
  name: 'list',
  summary: { en: 'list what of a patient you may ask to read, at every hospital', zh: '列出您可申请阅读的患者病历（各家医院）' },
  detail: {
    en: 'By pseudonyms, or by the code of a card that its holder shows, which is used up by it; and by those that the patient has told the own hospital (relationship introduce). Records and pointers that a request for this purpose would be permitted now; of others nothing is told. The own peer decides; other members’ peers are asked for their height alone. A list takes no use of a consent and leaves no trace; a request does both.',
    zh: '可按假名，或按持卡人出示的卡码（卡码随即作废）查询，并包括患者已告知本院的假名（relationship introduce）。列出以该用途现在申请会获准的病历与指针；其余一概不提。由本机构节点判定；对其他成员的节点只询问区块高度。列表不消耗授权次数，也不留痕迹；申请则两者皆有。',
  },
  example: 'PSEUDONYM --purpose TREAT --as cardiologist',
  hasNoDryRun: true,
  arguments: [
    {
      term: '[pseudonyms]',
      text: { en: 'the patient at one hospital or several, with commas between', zh: '患者在一家或多家医院的假名，以逗号分隔' },
    },
  ],
  flags: [
    {
      flags: '--token-file <file>',
      text: { en: 'the code of a card, as a scanner has read it (- is standard input)', zh: '扫码器读出的卡码（- 表示标准输入）' },
    },
    { flags: '--purpose <purpose>', text: label.purpose, required: true, choices: purposes },
    flag.department,
  ],
  input,
  run: async (call, options) => {
    const { profile } = call.actorOf('staff');
    const department = options.department ?? profile.department;
    if (department === undefined) throw lacking('--department <name>');
    if (options.pseudonyms === undefined && options.tokenFile === undefined) throw lacking('[pseudonyms] | --token-file <file>');
    const session = await openStaffSession(call);
    try {
      const pseudonyms = [...new Set([...(options.pseudonyms ?? []), ...(await shownBy(call, session, options.tokenFile))])];
      return await listed(session, {
        pseudonyms: await alsoKnown(session, pseudonyms),
        purpose: options.purpose,
        department,
        as: profile.name,
      });
    } finally {
      session.close();
    }
  },
});

interface Asked {
  readonly pseudonyms: readonly Pseudonym[];
  readonly purpose: Purpose;
  readonly department: Department;
  /** The profile. */
  readonly as: string;
}

/** Whose card is shown. @throws as `card verify` */
async function shownBy(call: CommandCall, { ledger }: StaffLedgerSession, file: string | undefined): Promise<readonly Pseudonym[]> {
  if (file === undefined) return [];
  const { result } = await ledger.submit(checkedRequest(transactions.VerifyCardToken, { token: readJson(file, call.terminal) }));
  return [result.pseudonym];
}

/** And by which others the patient has told the own hospital to be known. */
async function alsoKnown({ node, sign }: StaffLedgerSession, pseudonyms: readonly Pseudonym[]): Promise<readonly Pseudonym[]> {
  const also: Pseudonym[] = [];
  for (const pseudonym of pseudonyms) {
    const { introduced } = await node.askSigned(memberOperations.ListIntroduced, { pseudonym }, sign);
    also.push(...introduced.map((each) => each.pseudonym));
  }
  return [...new Set([...pseudonyms, ...also])];
}

async function listed(session: StaffLedgerSession, asked: Asked): Promise<CommandOutcome> {
  const { node, sign } = session;
  // before anything is listed: what the peer has then, it has afterwards
  const { peers } = await node.askSigned(memberOperations.AskHeights, {}, sign);
  const seenBlock = seenIn(peers);
  const ledger = seenBlock === undefined ? session.ledger : new ActingLedger(node.ledger.since(BigInt(seenBlock)), sign);
  const others = await unasked(session, peers);
  const lists: ListOfOne[] = [];
  for (const pseudonym of asked.pseudonyms) {
    const { purpose, department } = asked;
    const request = { pseudonym, purpose, department };
    const { items } = await everyPage(async (page) => ({
      result: await ledger.evaluate(newRequest(transactions.ListPermitted, { ...request, ...page })),
    }));
    lists.push({ pseudonym, items });
  }
  const data = { ...(seenBlock === undefined ? {} : { seenBlock }), peers, notAsked: others, lists };
  return outcome(data, ...lists.flatMap((each) => blocksOf(each, { ...asked, seenBlock })), ...heightBlocks(peers, others));
}

/** The own peer's block, by which the list is. */
function seenIn([own]: Heights): string | undefined {
  return own !== undefined && 'newestBlock' in own ? own.newestBlock : undefined;
}

/** Members whose peers this node does not follow, and so asks nothing. */
async function unasked({ node }: StaffLedgerSession, peers: Heights): Promise<readonly string[]> {
  const { items: organisations } = await everyPage(async (page) => ({
    result: await node.ledger.evaluate(newRequest(transactions.ListOrganisations, page)),
  }));
  const active = organisations.filter(({ status }) => status === 'active').map(({ mspId }) => mspId);
  return active.filter((mspId) => !peers.some((peer) => peer.mspId === mspId));
}

function blocksOf(
  { pseudonym, items }: ListOfOne,
  asked: Omit<Asked, 'pseudonyms'> & { readonly seenBlock: string | undefined },
): readonly Block[] {
  const hospitals = [...new Set(items.map(({ custodianMspId }) => custodianMspId))].join(', ');
  const classes = [...new Set(items.map((item) => item.class))].sort();
  return [
    fields([
      [label.pseudonym, pseudonym],
      [
        { en: 'custodian', zh: '保管机构' },
        hospitals === '' ? { en: 'nothing that you may ask for', zh: '没有您可申请的病历' } : hospitals,
      ],
    ]),
    ...classes.flatMap((each) =>
      ofClass(
        wordText(each),
        items.filter((item) => item.class === each && item.contributed === undefined),
      ),
    ),
    ...classes.flatMap((each) =>
      ofClass(
        contributedText(each),
        items.filter((item) => item.class === each && item.contributed !== undefined),
      ),
    ),
    ...requestsOf({ pseudonym, items }, asked),
    line(''),
  ];
}

/** Narrow enough for a terminal of 80 columns with ids of 44; the rest stands in what programs read. */
function ofClass(heading: Text, items: readonly Listed[]): readonly Block[] {
  if (items.length === 0) return [];
  const head = [label.record, { en: 'care or anchored', zh: '诊疗或登记' }, label.level, { en: 'label', zh: '保密等级' }];
  const rows = items.map(({ recordId, careMonths, anchoredAt, dataLevel, confidentiality }) => [
    ...[recordId, careMonths?.last ?? anchoredAt.slice(0, DAY), dataLevel, confidentiality],
  ]);
  return [line(heading), table(head, rows)];
}

/** `2026-03-01` of an instant. */
const DAY = 10;

/** As many as one request may ask for. */
const AT_ONCE = 16;

/** Commands that can be copied: a shell takes lines that end in a backslash as one, and every line is narrow. */
function requestsOf(
  { pseudonym, items }: ListOfOne,
  { purpose, department, as, seenBlock }: Omit<Asked, 'pseudonyms'> & { readonly seenBlock: string | undefined },
): readonly Block[] {
  const groups = Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, group) =>
    items.slice(group * AT_ONCE, (group + 1) * AT_ONCE),
  );
  return groups.map((group) => ({
    kind: 'raw',
    text: [
      `lianyi access request --purpose ${purpose} --department ${department}`,
      `  --as ${as}${seenBlock === undefined ? '' : ` --seen-block ${seenBlock}`}`,
      `  --pseudonym ${pseudonym}`,
      `  --records \\\n${group.map(({ recordId }) => recordId).join(',\\\n')}`,
    ].join(' \\\n'),
  }));
}

function heightBlocks(peers: Heights, others: readonly string[]): readonly Block[] {
  const rows = [
    ...peers.map((peer, index) => [
      peer.mspId,
      'newestBlock' in peer ? peer.newestBlock : { en: `no answer (${peer.silent})`, zh: `无应答（${peer.silent}）` },
      index === 0 ? { en: 'decides', zh: '判定' } : { en: 'asked for its height alone', zh: '仅询问高度' },
    ]),
    ...others.map((mspId) => [mspId, undefined, { en: 'not followed by this node', zh: '本节点未跟随' }]),
  ];
  return [table([label.organisation, { en: 'newest block', zh: '最新区块' }, { en: 'its peer', zh: '其节点' }], rows)];
}
