import {
  type AlarmName,
  ChainBroken,
  type ChainReport,
  type ChainVisitor,
  CommandAudit,
  ValidityFlags,
  verifyChain,
} from '@lianyi/ledger-client';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { exitCode } from '../exit-code';
import { openAdministratorSession } from '../ledger/administrator-session';
import { type Cell, type CommandOutcome, fields, outcome, table } from '../outcome';
import { wordText } from './words';

/** `audit verify-chain`: everything that can be told of a peer's blocks, and what of it was told. Exit code 1 where two peers differ. */
export async function verifyBlocks(
  call: CommandCall,
  { peer, compareWith }: { peer?: string | undefined; compareWith?: string | undefined },
): Promise<CommandOutcome> {
  const flags = new ValidityFlags();
  const { report, from, mspId, members } = await check(call, peer, flags.visit);
  const comparedWith = compareWith ?? members.find((member) => member !== mspId);
  const compared = comparedWith === undefined ? undefined : { comparedWith, ...(await compare(call, flags, comparedWith, report.genesis)) };
  return {
    ...outcome(
      { hashChainHolds: true, ordererSignaturesHold: true, ...comparison(compared), peer: from, ...report },
      fields([...chainFields(from, report), [{ en: 'validity flags', zh: '有效性标志' }, comparisonText(compared)]]),
    ),
    exitCode: compared?.difference === undefined ? exitCode.ok : exitCode.failure,
  };
}

type Compared = Awaited<ReturnType<ValidityFlags['compareWith']>> & { readonly comparedWith: string };

function comparison(compared: Compared | undefined): object {
  if (compared === undefined) return {};
  const { comparedWith, blocks, difference } = compared;
  return {
    validityFlagsAgree: difference === undefined,
    comparedWith,
    comparedBlocks: blocks,
    ...(difference === undefined ? {} : { difference }),
  };
}

function comparisonText(compared: Compared | undefined): Cell {
  if (compared === undefined)
    return { en: 'not compared: the profile names no other member’s peer', zh: '未比对：连接配置中没有其他成员的节点' };
  const { comparedWith: other, blocks, difference } = compared;
  return difference === undefined
    ? { en: `the same as ${other} says of ${blocks} blocks`, zh: `与 ${other} 的 ${blocks} 个区块一致` }
    : { en: `${other} DIFFERS at block ${difference.blockNumber}`, zh: `${other} 在区块 ${difference.blockNumber} 处不一致` };
}

/**
 * `audit verify-commands`: whether each written consent is what its patient has signed, and each staff entry, record and permit what those
 * have said whose it is. Exit code 1 where one is not.
 */
export async function verifyCommands(call: CommandCall, { peer }: { peer?: string | undefined }): Promise<CommandOutcome> {
  const audit = new CommandAudit(call.actorOf('administrator').profile.chaincode);
  const { report, from } = await check(call, peer, audit.visit);
  const { patients, signedCommands, staff, permits, alarms } = audit.report();
  const ofPatients = alarms.filter(({ name }) => !ofMembers.includes(name));
  return {
    ...outcome(
      {
        everyConsentIsSigned: ofPatients.length === 0,
        everyEntryIsItsOwners: ofPatients.length === alarms.length,
        ...{ patients, signedCommands, staff, permits, alarms, peer: from, ...report },
      },
      fields([
        ...chainFields(from, report),
        [{ en: 'patients', zh: '患者数' }, patients],
        [{ en: 'signed commands', zh: '已签名指令' }, signedCommands],
        [{ en: 'staff entries', zh: '人员登记' }, staff],
        [{ en: 'permits', zh: '访问许可' }, permits],
        [{ en: 'ALARMS', zh: '告警' }, alarms.length === 0 ? undefined : alarms.length],
      ]),
      table(
        [
          { en: 'block', zh: '区块' },
          { en: 'what', zh: '事件' },
          { en: 'pseudonym', zh: '假名' },
          { en: 'about', zh: '关于' },
          { en: 'transaction', zh: '交易' },
        ],
        alarms.map(({ blockNumber, name, pseudonym, detail, transactionId }) => [
          blockNumber,
          wordText(name),
          pseudonym,
          detail,
          transactionId,
        ]),
      ),
    ),
    exitCode: alarms.length === 0 ? exitCode.ok : exitCode.failure,
  };
}

/** What is no patient's word but an organisation's, or one of its people's. */
const ofMembers: readonly AlarmName[] = [
  'name-without-word',
  ...(['organisation-without-command', 'organisation-not-as-commanded'] as const),
  ...(['endpoint-without-command', 'endpoint-not-as-commanded'] as const),
  ...(['staff-without-command', 'staff-not-as-commanded', 'record-without-command', 'record-not-as-commanded'] as const),
  ...(['device-without-command', 'device-not-as-commanded'] as const),
  ...(['pointer-without-template', 'template-without-command', 'template-not-as-commanded'] as const),
  ...(['ticket-without-request', 'ticket-not-as-requested', 'key-of-no-entry'] as const),
  ...(['proposal-without-command', 'proposal-not-as-commanded', 'parameter-without-command', 'parameter-not-as-commanded'] as const),
  ...([
    'disclosure-without-line',
    'copy-without-command',
    'copy-not-as-commanded',
    'correction-without-command',
    'correction-not-as-commanded',
  ] as const),
  ...(['approval-without-command', 'approval-not-as-commanded', 'written-before-registration'] as const),
  ...(['signature-without-command', 'signature-not-as-commanded'] as const),
];

function chainFields(from: string, report: ChainReport): Parameters<typeof fields>[0] {
  return [
    [{ en: 'peer', zh: '节点' }, from],
    [
      { en: 'hash chain', zh: '哈希链' },
      { en: 'holds together', zh: '完整' },
    ],
    [
      { en: 'orderers’ signatures', zh: '排序节点签名' },
      { en: 'hold', zh: '有效' },
    ],
    [{ en: 'blocks', zh: '区块数' }, report.blocks],
    [{ en: 'transactions', zh: '交易数' }, report.transactions],
    [{ en: 'of these without effect', zh: '其中无效' }, report.invalidTransactions],
    [{ en: 'genesis', zh: '创世哈希' }, report.genesis],
    [{ en: 'tip', zh: '链尾' }, `${report.tipNumber} ${report.tipHash}`],
  ];
}

interface Checked {
  readonly report: ChainReport;
  readonly from: string;
  readonly mspId: string;
  readonly members: readonly string[];
}

async function check(call: CommandCall, peerMspId: string | undefined, visit: ChainVisitor): Promise<Checked> {
  const { profile } = call.actorOf('administrator');
  const session = await openAdministratorSession(profile, peerMspId);
  try {
    const expected = profile.genesis === undefined ? {} : { expectedGenesis: profile.genesis };
    const report = await verifyChain(session.blocks, { ...expected, visit });
    return { report, from: session.peer.name, mspId: session.peer.mspId, members: session.members };
  } catch (error) {
    throw brokenChain(error, session.peer.name);
  } finally {
    session.close();
  }
}

async function compare(call: CommandCall, flags: ValidityFlags, mspId: string, genesis: string): ReturnType<ValidityFlags['compareWith']> {
  const session = await openAdministratorSession(call.actorOf('administrator').profile, mspId);
  try {
    return await flags.compareWith(session.blocks, genesis);
  } catch (error) {
    throw brokenChain(error, session.peer.name);
  } finally {
    session.close();
  }
}

function brokenChain(error: unknown, peer: string): unknown {
  if (!(error instanceof ChainBroken)) return error;
  return new CliProblem('CHAIN_BROKEN', `${peer}: block ${error.blockNumber}, ${error.fault}`, { cause: error });
}
