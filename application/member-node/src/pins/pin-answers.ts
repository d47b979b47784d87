import { type PrivateKey } from '@lianyi/client';
import { openMessage } from '@lianyi/client/matching';
import { pinShareContext, placeOfPinHolder, publicShareOfPin } from '@lianyi/client/pins';
import {
  type ChannelBinding,
  decodeBase64url,
  DomainError,
  type EvaluatedPart,
  hashOfKey,
  type Instant,
  type MspId,
  type Organisation,
  type Pin,
  type PinId,
  type PinVault,
} from '@lianyi/domain';
import { assertTimelyGuess, hashOfPinTerms, MOST_GUESSES } from '@lianyi/domain/deciding';
import { evaluatePart, isShareOf } from '@lianyi/domain/oblivious';
import { type FollowedPin } from '../ledger-index/pin-index';

export interface PinServices {
  readonly mspId: MspId;
  readonly network: ChannelBinding;
  readonly organisationKeyEpoch: number;
  readonly privateKey: PrivateKey;
  /** As the own peers' blocks have it, whatever the state says. */
  readonly followed: (pinId: PinId) => Promise<FollowedPin | undefined>;
  /** As the own peers' state has it. Undefined if they do not know it (yet). */
  readonly stored: (pinId: PinId) => Promise<Pin | undefined>;
  /** An organisation's encapsulation keys, as its own administrator has registered them; undefined while the blocks followed have none. */
  readonly encapsulationKeys: (mspId: MspId) => Promise<Organisation['encapsulationKeys'] | undefined>;
  /** Looks again with each block until something is found. */
  readonly waitFor: <Found>(look: () => Promise<Found | undefined>, timeoutMillis: number) => Promise<Found | undefined>;
  readonly now: () => Instant;
}

/** Which guess at which PIN. */
export interface NamedGuess {
  readonly pinId: PinId;
  readonly attempt: number;
}

type Guess = Exclude<FollowedPin['guess'], undefined>;

/** The guess is committed when it is asked for; this member's peer may still lack the block. */
const PATIENCE_MILLIS = 5_000;

/**
 * Answers the last guess at a PIN that the own peers' blocks have, and no more than ten that were not proved right.
 *
 * Counted are the blocks, not the state: a majority of others may write there that nobody has guessed. The share opens under the hash of all that
 * the patient has dealt, so that it answers for no other entry that somebody has copied it into. The same again is answered the same.
 */
export class PinAnswers {
  constructor(private readonly services: PinServices) {}

  /**
   * @throws {@link DomainError} `NOT_FOUND` — the guess is not committed, or the PIN was removed; `NOT_PERMITTED` — the own hospital holds no share;
   * `VERSION_CONFLICT` — a later guess was made; `PIN_CLOSED`; `EVALUATION_OVER`; `SHARE_WRONG` — the entry is not what was dealt
   */
  async answer(guess: NamedGuess): Promise<EvaluatedPart> {
    const { followed, stored, waitFor } = this.services;
    const { pinId, attempt } = guess;
    const found = await waitFor(async () => {
      const pin = await followed(pinId);
      return pin !== undefined && pin.attempts >= attempt ? pin : undefined;
    }, PATIENCE_MILLIS);
    const asked = this.#answerable(guess, found);
    const pin = await waitFor(() => stored(pinId), PATIENCE_MILLIS);
    if (pin?.vault === undefined) throw notFound(guess);
    if (hashOfPinTerms({ ...pin.vault, ...termsOf(pin) }) !== found?.termsSha256) throw this.#shareWrong(pinId);
    const { vault } = pin;
    await this.#assertDealtToHolders(pinId, vault);
    const part = evaluatePart(await this.#ownShare(pin, vault, found.termsSha256), this.#publicShare(pinId, vault), [asked.blinded]);
    if (part === undefined) throw new DomainError('INVALID_REQUEST', undefined, { path: 'blinded', problem: 'no element of the group' });
    return part;
  }

  /** The guess, if it is one to be answered. */
  #answerable(guess: NamedGuess, pin: FollowedPin | undefined): Guess {
    if (pin?.guess === undefined || pin.isRemoved) throw notFound(guess);
    if (pin.attempts !== guess.attempt) throw new DomainError('VERSION_CONFLICT', undefined, { present: pin.attempts });
    if (pin.attempts - pin.confirmed > MOST_GUESSES) throw new DomainError('PIN_CLOSED', undefined, { pinId: guess.pinId });
    assertTimelyGuess(pin.guess, this.services.now());
    return pin.guess;
  }

  /**
   * Refuses a PIN of which a share is sealed to another key than its holder's own administrator has registered: whoever has that key needs fewer
   * answers than the threshold.
   */
  async #assertDealtToHolders(pinId: PinId, { shares }: PinVault): Promise<void> {
    for (const { mspId, organisationKeyEpoch, keyHash } of shares) {
      const keys = (await this.services.encapsulationKeys(mspId)) ?? [];
      const isOwn = keys.some(({ epoch, publicKey }) => epoch === organisationKeyEpoch && hashOfKey(publicKey) === keyHash);
      if (!isOwn) throw new DomainError('SHARE_WRONG', undefined, { pinId, mspId });
    }
  }

  async #ownShare(pin: Pin, vault: PinVault, termsSha256: FollowedPin['termsSha256']): Promise<Uint8Array> {
    const { mspId, network, privateKey, organisationKeyEpoch } = this.services;
    const own = vault.shares.find((share) => share.mspId === mspId);
    if (own === undefined) throw new DomainError('NOT_PERMITTED', 'the organisation holds no share of this PIN', { pinId: pin.pinId });
    const context = pinShareContext(network, { pinId: pin.pinId, termsSha256, to: mspId, organisationKeyEpoch });
    const share = await openMessage(decodeBase64url(own.sealed) ?? new Uint8Array(), privateKey, context).catch((error: unknown) => {
      if (error instanceof DomainError) throw this.#shareWrong(pin.pinId);
      throw error;
    });
    if (!isShareOf(share, vault.commitments, placeOfPinHolder(vault, mspId))) throw this.#shareWrong(pin.pinId);
    return share;
  }

  #publicShare(pinId: PinId, vault: PinVault): Exclude<ReturnType<typeof publicShareOfPin>, undefined> {
    const share = publicShareOfPin(vault, this.services.mspId);
    if (share === undefined) throw this.#shareWrong(pinId);
    return share;
  }

  #shareWrong(pinId: PinId): DomainError {
    return new DomainError('SHARE_WRONG', undefined, { pinId, mspId: this.services.mspId });
  }
}

function termsOf({ pinId, pseudonym }: Pin): Pick<Pin, 'pinId' | 'pseudonym'> {
  return { pinId, pseudonym };
}

function notFound({ pinId, attempt }: NamedGuess): DomainError {
  return new DomainError('NOT_FOUND', undefined, { pinId, attempt });
}
