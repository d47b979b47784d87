import { rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { canonicalJson, CLOCK_SKEW_MS, DomainError, groupElementSchema, GUESS_TIMELY_MS, pinIdSchema } from '@lianyi/domain';
import { type GuessKeeper, type KeptGuess } from '../pin/kept-guess';
import { hasCode, writeDurably } from './durable-write';
import { readOwnerOnly } from './key-file';
import { assertLongEnough } from './passphrase';
import { type FileKeyOptions, newFileKey, openFile, type SealedKind, sealFile } from './sealed-file';
import { inTurnOf } from './wallet-lock';

const guessSchema = z.strictObject({
  pinId: pinIdSchema,
  attempt: z.int().min(1),
  blinded: groupElementSchema,
  blindSeed: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});

const GUESS: SealedKind = {
  t: 'lianyi/kept-guess/v1',
  unreadable: (cause) => new DomainError('KEPT_GUESS_UNREADABLE', undefined, {}, { cause }),
};

/** When hospitals answer it no more, however far their clocks and this one's are apart. */
const OVER_AFTER_MS = GUESS_TIMELY_MS + CLOCK_SKEW_MS;

/**
 * Keeps a guess at a PIN beside the wallet that is to come back, sealed under its passphrase: by what is in it, PINs could be tried without asking any
 * hospital. It goes with the answer. One that was never answered goes with whatever uses the file or the wallet next when it is over, twelve minutes
 * after it was kept.
 * @param walletFile - where the wallet is to be
 * @throws {@link DomainError} `PASSPHRASE_TOO_SHORT` — from `keep`, before anything is signed; `KEPT_GUESS_UNREADABLE` — from `kept`: another
 * passphrase than that under which it was kept, or a damaged file; `WALLET_BUSY`, `RUNTIME_TOO_OLD` — from `inTurn` and `forget`
 */
export function guessFile(walletFile: string, passphrase: string, options: FileKeyOptions = {}): GuessKeeper {
  const path = pathOf(walletFile);
  const read = async (): Promise<KeptGuess | undefined> => {
    const text = await readOwnerOnly(path).catch((error: unknown) => {
      if (isNone(error)) return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const parsed = guessSchema.safeParse(JSON.parse((await openFile(passphrase, text, GUESS, options.keys)).content));
    if (!parsed.success) throw GUESS.unreadable();
    return parsed.data;
  };
  return {
    kept: async () => {
      await removeOverGuess(walletFile);
      return read();
    },
    keep: async (guess) => {
      assertLongEnough(passphrase);
      await writeDurably(path, sealFile(await newFileKey(passphrase, options), canonicalJson(guess), GUESS));
    },
    forget: (guess) =>
      inTurnOf(walletFile, async () => {
        const isOwn = (await read().catch(unlessUnreadable))?.blinded === guess.blinded;
        if (isOwn) await rm(path, { force: true });
      }),
    inTurn: (action) => inTurnOf(walletFile, action),
  };
}

/**
 * Removes a guess that nobody answers any more, by the time at which its file was written: that needs no passphrase.
 * @param walletFile - beside which it is kept; no wallet need be there
 */
export async function removeOverGuess(walletFile: string): Promise<void> {
  const path = pathOf(walletFile);
  try {
    const { mtimeMs } = await stat(path);
    // also one from the future: after the clock was set back it would never be over
    if (Math.abs(Date.now() - mtimeMs) > OVER_AFTER_MS) await rm(path, { force: true });
  } catch (error) {
    if (!isNone(error)) throw error;
  }
}

function pathOf(walletFile: string): string {
  return `${walletFile}.guess`;
}

/** Another program's, under another passphrase, is none of one's own. */
function unlessUnreadable(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'KEPT_GUESS_UNREADABLE') return undefined;
  throw error;
}

function isNone(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || (error instanceof DomainError && hasCode(error.cause, 'ENOENT'));
}
