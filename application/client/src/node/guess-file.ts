import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { canonicalJson, DomainError, groupElementSchema, pinIdSchema } from '@lianyi/domain';
import { type GuessKeeper } from '../pin/kept-guess';
import { hasCode, writeDurably } from './durable-write';
import { readOwnerOnly } from './key-file';
import { assertLongEnough } from './passphrase';
import { type FileKeyOptions, newFileKey, openFile, type SealedKind, sealFile } from './sealed-file';

const guessSchema = z.strictObject({
  pinId: pinIdSchema,
  attempt: z.int().min(1),
  blinded: groupElementSchema,
  blindSeed: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});

const GUESS: SealedKind = {
  t: 'lianyi/kept-guess/v1',
  unreadable: (cause) => new DomainError('WALLET_UNREADABLE', 'the guess that was kept does not open', {}, { cause }),
};

/**
 * Keeps a guess at a PIN beside the wallet that is to come back, sealed under its passphrase: by what is in it, PINs could be tried without asking any
 * hospital. It goes with the answer.
 * @param walletFile - where the wallet is to be
 * @throws {@link DomainError} `PASSPHRASE_TOO_SHORT` — from `keep`, before anything is signed
 */
export function guessFile(walletFile: string, passphrase: string, options: FileKeyOptions = {}): GuessKeeper {
  const path = `${walletFile}.guess`;
  return {
    kept: async () => {
      try {
        const { content } = await openFile(passphrase, await readOwnerOnly(path), GUESS, options.keys);
        return guessSchema.parse(JSON.parse(content));
      } catch (error) {
        // none, or one that this passphrase does not open: another guess is made
        if (isNone(error) || (error instanceof DomainError && error.code === 'WALLET_UNREADABLE')) return undefined;
        throw error;
      }
    },
    keep: async (guess) => {
      assertLongEnough(passphrase);
      await writeDurably(path, sealFile(await newFileKey(passphrase, options), canonicalJson(guess), GUESS));
    },
    forget: () => rm(path, { force: true }),
  };
}

function isNone(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || (error instanceof DomainError && hasCode(error.cause, 'ENOENT'));
}
