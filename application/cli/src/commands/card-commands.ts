import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { newIdNonce } from '@lianyi/client';
import {
  canonicalJson,
  type Card,
  type CardId,
  cardIdOf,
  cardIdSchema,
  type IdNonce,
  mspIdSchema,
  type Pseudonym,
  pseudonymSchema,
  sha256,
  sha256Schema,
  suspensionReasonSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { readInput } from '../inputs';
import { openOwnWallet } from '../ledger/own-wallet';
import { soleOf } from '../ledger/pseudonym';
import { type Block, fields } from '../outcome';
import { privateFolder, writeNewFile } from '../private-folder';
import { transact } from '../transact';
import { cardTokenCommands, issuerLabel, showState } from './card-token-commands';
import { paperCodeCommands } from './paper-code-commands';
import { flag, label } from './vocabulary';
import { choicesText, stateText, wordText } from './words';

const replacesLabel = { en: 'replaces', zh: '替换的旧卡' };
const cardArgument = { term: '<card>', text: label.card };
/** How a new card is given its commitment. */
const holderFlags: readonly Flag[] = [
  {
    flags: '--holder-file <file>',
    text: {
      en: 'what the card commits to, e.g. the identity checked (- is standard input)',
      zh: '承诺的内容，如已核验的证件信息（- 表示标准输入）',
    },
  },
  { flags: '--holder-commitment <hash>', text: { en: 'or a commitment made elsewhere', zh: '或直接给出承诺值' } },
];
const holderInput = { holderFile: z.string().optional(), holderCommitment: sha256Schema.optional() };

export const cardCommands: readonly CommandSpec[] = [
  command({
    name: 'issue',
    summary: { en: 'issue a card for a pseudonym (registrar)', zh: '为患者假名发卡（登记员）' },
    detail: {
      en: 'The ledger holds a salted commitment to the holder’s identity document. The salt stays in the profile’s data folder: who destroys it makes the commitment say nothing.',
      zh: '账本只保存持卡人证件的加盐承诺值。盐保存在身份配置的数据目录中；销毁盐后承诺值不再透露任何信息。',
    },
    example: '--pseudonym PSEUDONYM --holder-file identity.txt --as registrar',
    flags: [flag.pseudonym, ...holderFlags],
    input: z.object({ pseudonym: pseudonymSchema, ...holderInput }),
    run: (call, { pseudonym, holderFile, holderCommitment }) => {
      const { nonce, cardId } = newCardId(call, pseudonym);
      const commitment = holderCommitment ?? commit(call, cardId, holderFile);
      return transact(call, transactions.IssueCard, { cardId, nonce, pseudonym, holderCommitment: commitment }, showState);
    },
  }),
  command({
    name: 'activate',
    summary: { en: 'activate a card (patient)', zh: '激活（患者）' },
    detail: {
      en: 'The wallet makes the key that signs the card’s codes (card token); the ledger keeps its hash. A card that was activated without one is suspended and activated again.',
      zh: '钱包生成用于签署卡码（card token）的密钥，账本只保存其哈希。此前激活时没有该密钥的卡，请先暂停再重新激活。',
    },
    example: 'CARD --as patient',
    arguments: [cardArgument],
    flags: [flag.ownPseudonym],
    input: z.object({ card: cardIdSchema, pseudonym: pseudonymSchema.optional() }),
    run: async (call, { card, pseudonym }) => {
      const wallet = await openOwnWallet(call);
      const signer = await soleOf(call, pseudonym);
      const tokenKeyHash = await wallet.cards.tokenKeyHashOf(card);
      // before the command leaves, so that the wallet knows the card however the answer is lost
      if (!call.options.dryRun) await wallet.cards.keep({ cardId: card, pseudonym: signer });
      return transact(call, transactions.ActivateCard, { cardId: card, tokenKeyHash }, showState, { signer });
    },
  }),
  command({
    name: 'suspend',
    summary: { en: 'suspend a card (registrar or patient)', zh: '暂停（登记员或患者）' },
    example: 'CARD --reason lost --as patient',
    arguments: [cardArgument],
    flags: [
      {
        flags: '--reason <reason>',
        text: { en: 'why', zh: `原因：${choicesText(suspensionReasonSchema.options)}` },
        required: true,
        choices: suspensionReasonSchema.options,
      },
      flag.ownPseudonym,
    ],
    input: z.object({ card: cardIdSchema, reason: suspensionReasonSchema, pseudonym: pseudonymSchema.optional() }),
    run: (call, { card, reason, pseudonym }) =>
      transact(call, transactions.SuspendCard, { cardId: card, reason }, showState, { signer: pseudonym }),
  }),
  command({
    name: 'report-lost',
    summary: { en: 'report a card lost for ever (registrar or patient)', zh: '永久挂失（登记员或患者）' },
    example: 'CARD --as patient',
    arguments: [cardArgument],
    flags: [flag.ownPseudonym],
    input: z.object({ card: cardIdSchema, pseudonym: pseudonymSchema.optional() }),
    run: (call, { card, pseudonym }) => transact(call, transactions.ReportCardLost, { cardId: card }, showState, { signer: pseudonym }),
  }),
  command({
    name: 'replace',
    summary: {
      en: 'issue a new card in the place of a lost, suspended or active one (registrar)',
      zh: '为已挂失、暂停或有效的卡换发新卡（登记员）',
    },
    detail: {
      en: 'The old card is replaced for ever. The new one has an id of its own; its holder activates it. Its commitment is made as by issue.',
      zh: '旧卡永久失效。新卡另有标识，由持卡人激活。其承诺值的生成方式与发卡相同。',
    },
    example: 'CARD --pseudonym PSEUDONYM --holder-file identity.txt --as registrar',
    arguments: [cardArgument],
    flags: [flag.pseudonym, ...holderFlags],
    input: z.object({ card: cardIdSchema, pseudonym: pseudonymSchema, ...holderInput }),
    run: (call, { card, pseudonym, holderFile, holderCommitment }) => {
      const { nonce, cardId: successorId } = newCardId(call, pseudonym);
      const commitment = holderCommitment ?? commit(call, successorId, holderFile);
      const input = { cardId: card, successorId, nonce, holderCommitment: commitment };
      return transact(call, transactions.ReplaceCard, input, showSuccessor);
    },
  }),
  command({
    name: 'close',
    summary: { en: 'close a card for ever (registrar)', zh: '永久注销（登记员）' },
    example: 'CARD --as registrar',
    arguments: [cardArgument],
    input: z.object({ card: cardIdSchema }),
    run: (call, { card }) => transact(call, transactions.CloseCard, { cardId: card }, showState),
  }),
  command({
    name: 'show',
    summary: { en: 'show what the ledger has of a card', zh: '显示账本上的电子卡' },
    example: 'CARD --as registrar',
    arguments: [cardArgument],
    input: z.object({ card: cardIdSchema }),
    run: (call, { card }) => transact(call, transactions.GetCard, { cardId: card }, showCard),
  }),
  ...cardTokenCommands,
  ...paperCodeCommands,
];

function showSuccessor(result: { readonly cardId: string; readonly state: string; readonly replaces: string }): readonly Block[] {
  return [...showState(result), fields([[replacesLabel, result.replaces]])];
}

function showCard(card: Card): readonly Block[] {
  const { cardId, issuerMspId, pseudonym, state, suspensionReason, paperCode, replaces, replacedBy, issuedAt, changedAt } = card;
  return [
    fields([
      [label.card, cardId],
      [issuerLabel, issuerMspId],
      [label.pseudonym, pseudonym],
      [label.state, stateText(state)],
      [{ en: 'suspended because', zh: '暂停原因' }, suspensionReason === undefined ? undefined : wordText(suspensionReason)],
      [{ en: 'code on paper until', zh: '纸质卡码有效至' }, paperCode?.notAfter],
      [replacesLabel, replaces],
      [{ en: 'replaced by', zh: '换发为' }, replacedBy],
      [label.since, issuedAt],
      [label.changed, changedAt],
    ]),
  ];
}

/** An id for a card of the registrar's hospital, with its nonce. */
function newCardId(call: CommandCall, pseudonym: Pseudonym): { readonly nonce: IdNonce; readonly cardId: CardId } {
  const mspId = mspIdSchema.parse(call.actorOf('staff').profile.mspId);
  const nonce = newIdNonce();
  return { nonce, cardId: cardIdOf({ mspId, pseudonym, nonce }) };
}

/** SHA-256 over a random salt and the holder's document; without a document it commits to the salt alone. */
function commit(call: CommandCall, cardId: CardId, holderFile: string | undefined): string {
  const salt = randomBytes(32);
  const holder = holderFile === undefined ? Buffer.alloc(0) : readInput(holderFile, call.terminal);
  const commitment = sha256(Buffer.concat([Buffer.from('lianyi/card-holder/v1\0'), salt, holder]));
  if (!call.options.dryRun) {
    const file = join(privateFolder(call.actor, 'cards'), `${cardId}.json`);
    writeNewFile(file, `${canonicalJson({ cardId, commitment, salt: salt.toString('base64url') })}\n`);
  }
  return commitment;
}
