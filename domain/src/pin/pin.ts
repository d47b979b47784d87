import { type Origin, type PinActor } from '../actor';
import { hashOfJson, hashOfKey } from '../crypto/sha256';
import { verifySignature } from '../crypto/verify-signature';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type GroupElement, type PublicKey, type Sha256, type Signature } from '../encoding/values';
import { type PinId, type Pseudonym } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { assertOwnId, pinIdOf } from '../owned-ids';
import { nextState, type StateTable } from '../state-table';
import { GUESS_TIMELY_MS, type Pin, type PinState, type PinVault } from './transactions';

/** So many guesses may be wrong one after another; after that nobody answers any more. */
export const MOST_GUESSES = 10;

export type PinCommand = 'try' | 'tryLast' | 'confirm' | 'remove';

/** The last guess may still be proved right; a PIN that was removed stays so, and a new one is another. */
export const pinTable: StateTable<PinState, PinCommand> = {
  open: { try: 'tried', remove: 'removed' },
  tried: { try: 'tried', tryLast: 'exhausted', confirm: 'open', remove: 'removed' },
  exhausted: { confirm: 'open', remove: 'removed' },
  removed: {},
};

/** To which encapsulation key a holder's share is sealed. */
type ShareKey = Omit<PinVault['shares'][number], 'sealed'>;

/** What of a PIN never changes: who deals it seals each share to just this. */
export type PinTerms = Pick<Pin, 'pinId' | 'pseudonym'> & Omit<PinVault, 'shares' | 'termsMac'> & { readonly shares: readonly ShareKey[] };

/**
 * The hash of a PIN's terms, the keys to which its shares are sealed among them. A share opens for its holder only under it, so nobody who has
 * written other terms has one answered.
 */
export function hashOfPinTerms({ pinId, pseudonym, openKeyHash, holders, threshold, commitments, sealed, shares }: PinTerms): Sha256 {
  const keys = shares.map(({ mspId, organisationKeyEpoch, keyHash }) => ({ mspId, organisationKeyEpoch, keyHash }));
  return hashOfJson(['lianyi/pin-terms/v2', pinId, pseudonym, openKeyHash, holders, threshold, commitments, sealed, keys]);
}

/** How many guesses are left. */
export function guessesLeft({ attempts, confirmed }: Pick<Pin, 'attempts' | 'confirmed'>): number {
  return Math.max(0, MOST_GUESSES - (attempts - confirmed));
}

/** The channel, and its first block. */
type PinChannel = { readonly channel: string; readonly genesis: Sha256 };
/** For whom a PIN is set, and the key of the recovery code. */
type FoundPin = Pick<Pin, 'pinId' | 'pseudonym'> & { readonly finderKey: PublicKey };

/** What the key of a recovery code signs, as text, to show that whoever sets the PIN has the code, for this pseudonym alone. */
export function pinKeyText({ channel, genesis }: PinChannel, { pinId, pseudonym }: Omit<FoundPin, 'finderKey'>): string {
  return canonicalJson({ t: 'lianyi/pin-key/v1', channel, genesis, pinId, pseudonym });
}

/**
 * Checks that a PIN's id is that of the finder's key, and that who has this key means it for the pseudonym: whoever sees the id before it is
 * ordered takes it for nobody else.
 * @throws {@link DomainError} `ID_MISMATCH`, `BAD_SIGNATURE`
 */
export function assertFoundBy(pin: FoundPin, possession: Signature, network: PinChannel): void {
  assertOwnId(pin.pinId, pinIdOf(hashOfKey(pin.finderKey)));
  if (!verifySignature(pin.finderKey, pinKeyText(network, pin), possession)) throw new DomainError('BAD_SIGNATURE');
}

/**
 * A PIN that nobody has tried.
 * @throws {@link DomainError} `ID_MISMATCH`, `BAD_SIGNATURE` — the id is not that of the finder's key, or not for the pseudonym; `INVALID_REQUEST` — one
 * key for both, not as many commitments as the threshold, or not one share for each holder in their order
 */
export function storePin(
  stored: PinVault & FoundPin & { readonly possession: Signature },
  network: PinChannel,
  now: Instant,
  origin: Origin,
): Pin & { readonly vault: PinVault } {
  const { pinId, pseudonym, finderKey, possession, ...vault } = stored;
  assertFoundBy({ pinId, pseudonym, finderKey }, possession, network);
  const finderKeyHash = hashOfKey(finderKey);
  if (vault.openKeyHash === finderKeyHash) throw misfit('input.openKeyHash', 'the key that finds the PIN');
  if (vault.commitments.length !== vault.threshold) throw misfit('input.commitments', 'not as many as the threshold');
  const isForAll =
    vault.shares.length === vault.holders.length && vault.shares.every((share, index) => share.mspId === vault.holders[index]);
  if (!isForAll) throw misfit('input.shares', 'not one for each holder in their order');
  const none = { state: 'open', attempts: 0, confirmed: 0 } as const;
  return { schemaVersion: 1, pinId, pseudonym, finderKeyHash, vault, ...none, storedAt: now, changedAt: now, origin };
}

function misfit(path: string, problem: string): DomainError {
  return new DomainError('INVALID_REQUEST', undefined, { path, problem });
}

/** A guess as it is asked for: which one, and what is to be evaluated. */
export interface AskedGuess {
  /** One more than there were in all. */
  readonly attempt: number;
  readonly blinded: GroupElement;
}

/**
 * The PIN after one guess more, before anybody has answered it.
 * @throws {@link DomainError} `NOT_PERMITTED` — by another key than that of the code; `PIN_CLOSED` — ten were wrong; `ILLEGAL_STATE` — it was removed;
 * `VERSION_CONFLICT` — it is not the next guess; details name the last one
 */
export function tryPin(pin: Pin, { attempt, blinded }: AskedGuess, by: PinActor, now: Instant): Pin {
  assertKey(pin, by, pin.finderKeyHash);
  if (pin.state === 'exhausted') throw new DomainError('PIN_CLOSED', undefined, { pinId: pin.pinId });
  const attempts = pin.attempts + 1;
  const isLast = attempts - pin.confirmed === MOST_GUESSES;
  const state = nextState(pinTable, pin.state, isLast ? 'tryLast' : 'try');
  if (attempt !== attempts) throw new DomainError('VERSION_CONFLICT', undefined, { present: pin.attempts });
  return { ...pin, state, attempts, guess: { blinded, at: now }, changedAt: now };
}

/**
 * The PIN after its last guess was proved right.
 * @throws {@link DomainError} `NOT_PERMITTED` — by another key than the one that a right guess makes; `ILLEGAL_STATE`; `VERSION_CONFLICT` — it is
 * about another guess than the last
 */
export function confirmPin(pin: Pin, attempt: number, by: PinActor, now: Instant): Pin {
  assertKey(pin, by, pin.vault?.openKeyHash);
  const state = nextState(pinTable, pin.state, 'confirm');
  if (attempt !== pin.attempts) throw new DomainError('VERSION_CONFLICT', undefined, { present: pin.attempts });
  return { ...pin, state, confirmed: attempt, changedAt: now };
}

/** @throws {@link DomainError} `EVALUATION_OVER` — the guess was made ten minutes ago, or will be */
export function assertTimelyGuess({ at }: { readonly at: Instant }, now: Instant): void {
  const isTimely = now < addMilliseconds(at, GUESS_TIMELY_MS) && at < addMilliseconds(now, GUESS_TIMELY_MS);
  if (!isTimely) throw new DomainError('EVALUATION_OVER', undefined, { at });
}

/** @throws {@link DomainError} `NOT_PERMITTED` — another pseudonym's; `ILLEGAL_STATE` — it was removed before */
export function removePin(pin: Pin, pseudonym: Pseudonym, now: Instant): Pin {
  if (pin.pseudonym !== pseudonym) throw new DomainError('NOT_PERMITTED', 'the PIN is another pseudonym’s');
  const removed = { ...pin, state: nextState(pinTable, pin.state, 'remove'), changedAt: now };
  delete removed.vault;
  return removed;
}

function assertKey({ pinId }: { readonly pinId: PinId }, by: PinActor, keyHash: Sha256 | undefined): void {
  if (by.pinId !== pinId || by.keyHash !== keyHash) throw new DomainError('NOT_PERMITTED', 'not the key for this');
}
