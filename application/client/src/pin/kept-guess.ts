import { primitives } from '#crypto';
import { type Blinded, blindInput } from '@lianyi/domain/oblivious';
import { encodeBase64url, type GroupElement, type PinId } from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';

/** More than a scalar is made of. */
const SEED_BYTES = 64;

/**
 * A guess that waits for its answer: with it the same guess is made again, and an answer that comes late is of use.
 *
 * A secret: with what stands on the ledger it lets PINs be tried without asking any hospital.
 */
export interface KeptGuess {
  readonly pinId: PinId;
  readonly attempt: number;
  readonly blinded: GroupElement;
  /** Random, base64url: what the input was blinded with. */
  readonly blindSeed: string;
}

/** Where a guess is kept from before it is signed until its answer was used. Whoever reads there must need more than a disk. */
export interface GuessKeeper {
  /**
   * The guess that may still be answered; one of which that is over is removed.
   * @throws DomainError — one is kept, and it cannot be read: another is not to be made in its place
   */
  kept(): Promise<KeptGuess | undefined>;
  /** Takes the place of the one before: hospitals answer the last one only. */
  keep(guess: KeptGuess): Promise<void>;
  /** Removes this guess, and no other that another program has kept since. */
  forget(guess: KeptGuess): Promise<void>;
  /** Runs something while no other program reads or keeps a guess here: each sees what the one before has made the ledger count. */
  inTurn<Result>(action: () => Promise<Result>): Promise<Result>;
}

/** A guess as it is made: its number, and how the input was blinded. */
export interface MadeGuess {
  readonly attempt: number;
  readonly blinded: Blinded;
  /** By what it is made again. */
  readonly kept: KeptGuess;
}

/** Blinds an input so that the same can be made again from what is kept. */
export function newGuess(pinId: PinId, attempt: number, input: Uint8Array): MadeGuess {
  const seed = primitives.randomBytes(SEED_BYTES);
  const blinded = blindWith(seed, input);
  return { attempt, blinded, kept: { pinId, attempt, blinded: blinded.blinded, blindSeed: encodeBase64url(seed) } };
}

/** The guess that was kept, if it is of this input; undefined if it was another PIN. */
export function guessAgain(kept: KeptGuess, input: Uint8Array): MadeGuess | undefined {
  const blinded = blindWith(base64urlBytes(kept.blindSeed), input);
  return blinded.blinded === kept.blinded ? { attempt: kept.attempt, blinded, kept } : undefined;
}

function blindWith(seed: Uint8Array, input: Uint8Array): Blinded {
  return blindInput(input, (length = SEED_BYTES) => {
    if (length > seed.length) throw new Error('a seed that is too short');
    return seed.slice(0, length);
  });
}
