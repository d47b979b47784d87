import { z } from 'zod';
import { createWallet, readPassphrase } from '@lianyi/client/node';
import { encodeOutcome, mspIdSchema, pseudonymSchema, qualifiedName } from '@lianyi/domain';
import { command, type CommandSpec } from '../command-spec';
import { openPatientSession } from '../ledger/member-sessions';
import { openOwnWallet } from '../ledger/own-wallet';
import { soleOf } from '../ledger/pseudonym';
import { fields, outcome, table } from '../outcome';
import { committed } from '../transact';
import { flag, label } from './vocabulary';

const secrets = {
  en: 'The passphrase comes from LIANYI_WALLET_PASSPHRASE, or from the file of mode 0600 that LIANYI_WALLET_PASSPHRASE_FILE names; never from an argument.',
  zh: '口令取自 LIANYI_WALLET_PASSPHRASE，或 LIANYI_WALLET_PASSPHRASE_FILE 指定的文件（权限 0600）；不能作为参数。',
};

const results = {
  committed: { en: 'the pending command was committed', zh: '待定的命令已提交' },
  expired: { en: 'the pending command was not committed and no longer can be', zh: '待定的命令未提交，且已失效' },
  pending: { en: 'the pending command may still be committed', zh: '待定的命令仍可能提交' },
  'in-step': { en: 'nothing was pending; in step with the ledger', zh: '没有待定的命令，与账本一致' },
  'sent-again': { en: 'the pending command was sent again', zh: '待定的命令已重新发送' },
} as const;

export const walletCommands: readonly CommandSpec[] = [
  command({
    name: 'create',
    summary: { en: 'make the wallet the profile names', zh: '创建身份配置所指的钱包' },
    detail: secrets,
    input: z.object({}),
    run: async (call) => {
      const { profile } = call.actorOf('patient');
      await createWallet(profile.walletFile, await readPassphrase(call.terminal.env));
      return outcome({ file: profile.walletFile }, fields([[label.file, profile.walletFile]]));
    },
  }),
  command({
    name: 'pseudonym',
    summary: { en: 'make a pseudonym for a hospital; its registrar needs both values', zh: '为某医院生成假名；两个值交给登记员' },
    detail: secrets,
    flags: [
      { flags: '--hospital <msp-id>', text: { en: 'for which hospital (that of the profile)', zh: '哪家医院（默认身份配置中的机构）' } },
    ],
    input: z.object({ hospital: mspIdSchema.optional() }),
    run: async (call, { hospital }) => {
      const { profile } = call.actorOf('patient');
      const mspId = hospital ?? mspIdSchema.parse(profile.mspId);
      const { pseudonym, nextKeyHash } = await (await openOwnWallet(call)).addRelationship(mspId);
      return outcome(
        { mspId, pseudonym, nextKeyHash },
        fields([
          [label.organisation, mspId],
          [label.pseudonym, pseudonym],
          [{ en: 'next key hash', zh: '下一密钥哈希' }, nextKeyHash],
        ]),
      );
    },
  }),
  command({
    name: 'show',
    summary: { en: 'show its pseudonyms and what is pending; no key', zh: '显示假名和待定命令；不含密钥' },
    detail: secrets,
    input: z.object({}),
    run: async (call) => {
      const held = (await (await openOwnWallet(call)).relationships()).map(({ mspId, pseudonym, pending }) => ({
        mspId,
        pseudonym,
        ...(pending === undefined ? {} : { pending: qualifiedName(pending.transaction) }),
      }));
      const head = [label.organisation, label.pseudonym, { en: 'pending', zh: '待定' }];
      return outcome(
        held,
        table(
          head,
          held.map(({ mspId, pseudonym, pending }) => [mspId, pseudonym, pending]),
        ),
      );
    },
  }),
  command({
    name: 'sync',
    summary: {
      en: 'ask the ledger what became of the pending command; send it again if it may',
      zh: '向账本查询待定命令的结果；必要时重新发送',
    },
    detail: secrets,
    flags: [flag.ownPseudonym],
    input: z.object({ pseudonym: pseudonymSchema.optional() }),
    run: async (call, input) => {
      const pseudonym = await soleOf(call, input.pseudonym);
      const session = await openPatientSession(call);
      try {
        const { result, outcome: sent } = await session.ledger.synchronise(pseudonym);
        const view = fields([
          [label.pseudonym, pseudonym],
          [label.state, results[result]],
        ]);
        const answer = sent === undefined ? {} : encodeOutcome(sent);
        return outcome({ pseudonym, synchronised: result, ...answer }, view, ...(sent === undefined ? [] : committed(sent)));
      } finally {
        session.close();
      }
    },
  }),
];
