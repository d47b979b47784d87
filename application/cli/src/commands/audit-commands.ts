import { z } from 'zod';
import { type AccessEvent, mspIdSchema, pseudonymSchema, transactions } from '@lianyi/domain';
import { ChainBroken, type ChainReport, verifyChain } from '@lianyi/ledger-client';
import { type Call } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { openAdministratorSession } from '../ledger/administrator-session';
import { soleOf } from '../ledger/pseudonym';
import { type Cell, fields, outcome, table } from '../outcome';
import { transact } from '../transact';
import { nextPage, pageInput, pageOf } from './paging';
import { flag, label, stateText } from './vocabulary';

export const auditCommands: readonly CommandSpec[] = [
  command({
    name: 'list',
    summary: { en: 'what happened around the patient, newest first (patient)', zh: '与患者有关的全部事件，最新在前（患者）' },
    flags: [flag.ownPseudonym, flag.limit, flag.after],
    input: z.object({ pseudonym: pseudonymSchema.optional(), ...pageInput }),
    run: async (call, { pseudonym, ...page }) =>
      transact(call, transactions.ListForPatient, { pseudonym: await soleOf(call, pseudonym), ...pageOf(page) }, ({ items, next }) => [
        table(
          [
            { en: 'when', zh: '时间' },
            { en: 'what', zh: '事件' },
            { en: 'who', zh: '谁' },
            label.decision,
            { en: 'why', zh: '为何' },
            { en: 'rule', zh: '依据' },
          ],
          items.map(rowOf),
        ),
        ...nextPage(next),
      ]),
  }),
  command({
    name: 'verify-chain',
    summary: {
      en: 'check the hash chain of a peer’s blocks from block 0 (administrator)',
      zh: '从 0 号区块起校验节点的哈希链（管理员）',
    },
    detail: {
      en: 'Checks numbers, previous hashes, data hashes and the genesis hash of the profile. Run it with --peer of another member and compare the tips.',
      zh: '校验区块号、前块哈希、数据哈希以及身份配置中的创世哈希。可用 --peer 指定其他成员的节点，再比较链尾。',
    },
    flags: [{ flags: '--peer <msp-id>', text: { en: 'whose peer (the own)', zh: '谁的节点（默认本机构）' } }],
    input: z.object({ peer: mspIdSchema.optional() }),
    run: async (call, { peer }) => {
      const { report, from } = await check(call, peer);
      return outcome(
        { verified: true, peer: from, ...report },
        fields([
          [{ en: 'peer', zh: '节点' }, from],
          [
            { en: 'chain', zh: '链' },
            { en: 'holds together', zh: '完整' },
          ],
          [{ en: 'blocks', zh: '区块数' }, report.blocks],
          [{ en: 'transactions', zh: '交易数' }, report.transactions],
          [{ en: 'of these without effect', zh: '其中无效' }, report.invalidTransactions],
          [{ en: 'genesis', zh: '创世哈希' }, report.genesis],
          [{ en: 'tip', zh: '链尾' }, `${report.tipNumber} ${report.tipHash}`],
        ]),
      );
    },
  }),
];

async function check(call: Call, peerMspId: string | undefined): Promise<{ report: ChainReport; from: string }> {
  const { profile } = call.actorOf('administrator');
  const session = await openAdministratorSession(profile, peerMspId);
  try {
    const report = await verifyChain(session.blocks, profile.genesis === undefined ? {} : { expectedGenesis: profile.genesis });
    return { report, from: session.peer.name };
  } catch (error) {
    if (!(error instanceof ChainBroken)) throw error;
    throw new CliProblem('CHAIN_BROKEN', `block ${error.blockNumber}, ${error.fault}`, { cause: error });
  } finally {
    session.close();
  }
}

function rowOf(event: AccessEvent): readonly Cell[] {
  const { at, decision, purpose, reasons, provisionIds } = event;
  const why = [purpose, ...(reasons ?? [])].filter((part) => part !== undefined).join(' ');
  return [at, event.event, whoOf(event.actor), decision === undefined ? undefined : stateText(decision), why, provisionIds?.join(', ')];
}

function whoOf(actor: AccessEvent['actor']): Cell {
  switch (actor.kind) {
    case 'patient':
      return { en: 'the patient', zh: '患者本人' };
    case 'staff':
      return `${actor.mspId}:${actor.actorTag}`;
    case 'administrator':
      return { en: `${actor.mspId} administrator`, zh: `${actor.mspId} 管理员` };
  }
}
