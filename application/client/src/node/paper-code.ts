import { randomInt } from 'node:crypto';
import { z } from 'zod';
import {
  addMilliseconds,
  CARD_TOKEN_MS,
  type CardId,
  cardIdSchema,
  type CardToken,
  canonicalJson,
  type ChannelBinding,
  DomainError,
  hashOfKey,
  type Instant,
  type MspId,
  type Sha256,
} from '@lianyi/domain';
import { PrivateKey } from '../crypto/private-key';
import { newPrivateKey, publicKeyOf } from '../signing/p256';
import { signCardToken } from '../signing/sign-request';
import { newFileKey, openFile, sealFile, type SealedKind } from './sealed-file';

const PAPER: SealedKind = {
  t: 'lianyi/paper-code/v1',
  unreadable: (cause) => new DomainError('PAPER_CODE_UNREADABLE', undefined, {}, { cause }),
};
/** All equally likely: whoever finds the paper tries half of them, at half a second each, which takes one processor nine months. */
const PIN_DIGITS = 8;
const contentSchema = z.strictObject({ cardId: cardIdSchema, privateKey: z.base64url().length(43) });

/** A code for a card on paper. */
export interface PaperCode {
  /** What the code holds: a key of the card, sealed by the PIN. */
  readonly text: string;
  /** Nowhere but with the holder; not to be kept with the paper. */
  readonly pin: string;
  /** What the ledger is given (`SetCardPaperCode`). */
  readonly keyHash: Sha256;
}

/** Makes a key for a card's code on paper and seals it by a PIN that nobody has chosen. */
export async function newPaperCode(cardId: CardId, options: { readonly scryptN?: number } = {}): Promise<PaperCode> {
  const privateKey = newPrivateKey();
  const pin = String(randomInt(10 ** PIN_DIGITS)).padStart(PIN_DIGITS, '0');
  const content = canonicalJson({ cardId, privateKey: Buffer.from(privateKey.scalar()).toString('base64url') });
  const text = sealFile(await newFileKey(pin, options), content, PAPER);
  return { text, pin, keyHash: hashOfKey(publicKeyOf(privateKey)) };
}

/**
 * Signs a token of the card, as its wallet would, with the key that a code on paper holds; for the desk of `msp`, at which the holder shows the paper
 * and says the PIN. What it learns, it could use again: the holder has to trust the desk as with any card.
 * @throws {@link DomainError} `PAPER_CODE_UNREADABLE` — another PIN, or no code on paper
 */
export async function tokenOfPaperCode(
  text: string,
  pin: string,
  { channel, genesis, msp }: ChannelBinding & { readonly msp: MspId },
  now: Instant,
): Promise<CardToken> {
  const { content } = await openFile(pin, text, PAPER);
  const { cardId, privateKey } = contentSchema.parse(JSON.parse(content));
  const key = new PrivateKey(Buffer.from(privateKey, 'base64url'));
  return signCardToken(key, { channel, genesis, msp, cardId, issuedAt: now, notAfter: addMilliseconds(now, CARD_TOKEN_MS) });
}
