import { z } from 'zod';
import { mspIdSchema, pseudonymSchema, transactions } from '@lianyi/domain';
import { command, type CommandSpec } from '../command-spec';
import { parseMoment } from '../moment';
import { soleOf } from '../ledger/pseudonym';
import { table } from '../outcome';
import { transact } from '../transact';
import { verifyBlocks, verifyCommands } from './audit-chain';
import { lineColumns, lineHead } from './audit-line';
import { showDisclosures } from './disclosures';
import { ownPage, ownPageFlags, ownPageInput, restOfPage } from './paging';
import { ownActsCommand } from './own-acts';
import { flag } from './vocabulary';

const peerFlag = { flags: '--peer <msp-id>', text: { en: 'whose peer (the own)', zh: '谁的节点（默认本机构）' } };

export const auditCommands: readonly CommandSpec[] = [
  command({
    name: 'list',
    summary: { en: 'what happened around the patient, newest first (patient)', zh: '与患者有关的全部事件，最新在前（患者）' },
    example: '--limit 50 --as patient',
    flags: ownPageFlags,
    input: ownPageInput,
    run: async (call, input) =>
      transact(call, transactions.ListForPatient, await ownPage(call, input), ({ items, ...rest }) => [
        table(
          [...lineHead, { en: 'rule', zh: '依据' }],
          items.map((line) => [...lineColumns(line), line.provisionIds?.join(', ')]),
        ),
        ...restOfPage(rest),
      ]),
  }),
  ownActsCommand,
  command({
    name: 'disclosures',
    summary: {
      en: 'each key that has left and each copy handed on: to whom, what for, under which rule (patient)',
      zh: '每一次披露和转交：给谁、何用途、依据何规则（患者）',
    },
    detail: {
      en: 'The accounting of disclosures, for a period, from the ledger: emergencies and what holders have handed on are among it. A release of which no line of your audit tells is an alarm of your hospital’s node (disclosure-without-line), as is a line that was deleted. --json for programs; the same over REST: POST /v1/transactions/AuditContract/ListDisclosures.',
      zh: '按期间列出账本上的全部披露，含急诊访问和持有方的转交。若有释放而您的审计中没有记录，或记录被删除，您的医院的节点会发出告警（disclosure-without-line）。程序可用 --json，或 REST：POST /v1/transactions/AuditContract/ListDisclosures。',
    },
    example: '--from 2026-01-01 --as patient',
    flags: [
      flag.ownPseudonym,
      { flags: '--from <instant>', text: { en: 'from when (the beginning)', zh: '自何时起（默认最初）' } },
      { flags: '--until <instant>', text: { en: 'until when, exclusive (now)', zh: '至何时止，不含（默认现在）' } },
    ],
    input: z.object({ pseudonym: pseudonymSchema.optional(), from: z.string().optional(), until: z.string().optional() }),
    run: async (call, { pseudonym, from, until }) =>
      showDisclosures(call, await soleOf(call, pseudonym), {
        ...(from === undefined ? {} : { since: parseMoment(from, call.terminal, 'begin') }),
        ...(until === undefined ? {} : { until: parseMoment(until, call.terminal, 'end') }),
      }),
  }),
  command({
    name: 'verify-chain',
    summary: {
      en: 'check a peer’s blocks from block 0 to its newest (administrator)',
      zh: '校验节点从 0 号区块到最新区块的全部区块（管理员）',
    },
    detail: {
      en: 'Checks numbers, previous hashes, data hashes, the genesis hash of the profile, and the orderers’ signatures by the channel’s policy BlockValidation. Which transactions had an effect nobody signs: they are compared with another member’s peer.',
      zh: '校验区块号、前块哈希、数据哈希、身份配置中的创世哈希，并按通道的 BlockValidation 策略校验排序节点签名。交易是否生效无人签名，因此与另一成员的节点比对。',
    },
    example: '--compare-with HospitalBMSP --as admin',
    hasNoDryRun: true,
    flags: [
      peerFlag,
      {
        flags: '--compare-with <msp-id>',
        text: { en: 'whose peer’s validity flags to compare (another member’s)', zh: '与谁的节点比对有效性标志（默认另一成员）' },
      },
    ],
    input: z.object({ peer: mspIdSchema.optional(), compareWith: mspIdSchema.optional() }),
    run: verifyBlocks,
  }),
  command({
    name: 'verify-commands',
    summary: {
      en: 'check that what the blocks write was said by whose it is: patients, staff, hospitals (administrator)',
      zh: '校验区块写入的内容是否出自有权者：患者、工作人员、医院（管理员）',
    },
    detail: {
      en: 'Follows each patient’s one-time keys from the registration through the arguments of the transactions, and holds every consent and key that was written against the command. Holds every staff entry, record and permit likewise against what the organisation, the custodian or the asker signed. Follows by the configurations whom each organisation’s own administrators have its name be for; who bears it without their word is nobody (name-without-word). What no command says is an alarm: enough members’ peers have endorsed what nobody asked for. Takes the validity of transactions from one peer: verify-chain compares it. Also checks the blocks as verify-chain does.',
      zh: '自登记起沿交易参数跟踪每位患者的一次性密钥，并将写入的每项授权和密钥与指令核对。人员登记、病历和访问许可同样与机构、保管医院或请求人签名的内容核对。按通道配置跟踪各机构管理员认可的名称归属；未经其认可而冒用名称者不予采信（name-without-word）。没有相应指令的写入即为告警：有足够多成员的节点背书了无人要求的内容。交易是否有效取自一个节点：verify-chain 会作比对。同时如 verify-chain 一样校验区块。',
    },
    example: '--as admin',
    hasNoDryRun: true,
    flags: [peerFlag],
    input: z.object({ peer: mspIdSchema.optional() }),
    run: verifyCommands,
  }),
];
