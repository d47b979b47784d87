import {
  bindingOf,
  checkRequestProof,
  DomainError,
  hashOfJson,
  hashOfKey,
  type Instant,
  pinIdOf,
  type PinId,
  type PinProof,
  type Proof,
} from '@lianyi/domain';
import { assertTimelyGuess } from '@lianyi/domain/deciding';
import { callerAddress, connectionSiteOf } from '../admission/address';
import { type Admission } from '../admission/admission';
import { Lane } from '../admission/lane';
import { type NodeIdentity } from '../check-caller';
import { type FollowedPin } from '../ledger-index/pin-index';
import { type CollectedParts } from '../services/holder-parts';
import { type NamedGuess } from './pin-answers';

export interface PinFinderServices {
  readonly identity: NodeIdentity;
  readonly admission: Pick<Admission, 'assertWelcome' | 'assertKnownSigner'>;
  /** As the own peers' blocks have it, whatever the state says. */
  readonly followed: (pinId: PinId) => Promise<FollowedPin | undefined>;
  readonly collect: (guess: NamedGuess) => Promise<CollectedParts>;
  readonly waitFor: <Found>(look: () => Promise<Found | undefined>, timeoutMillis: number) => Promise<Found | undefined>;
  readonly now: () => Instant;
}

/** What was asked, as it was sent, and from where. */
export interface AskedByFinder {
  readonly operation: { readonly contract: string; readonly name: string };
  readonly input: NamedGuess;
  readonly signedInput: unknown;
  readonly proof: Proof;
  readonly ip: string;
}

/** The guess is committed when it is asked for; this member's peer may still lack the block. */
const PATIENCE_MILLIS = 5_000;
/** What those who come back ask waits for other members. By site, because nobody counts addresses; a guess has one place, however often it is asked for. */
const PLACES = { atOnce: 16, perCaller: 2, waiting: 64, waitingPerCaller: 8, patienceMillis: 60_000, largestGivesWay: true };

/**
 * Lets those collect answers who have the recovery code of a PIN and have committed a guess at it. Whatever can be looked at is looked at before a place
 * is taken: the id is the hash of the key that signs, the blocks have the PIN, and its last guess is this one and is still answered.
 */
export class PinFinders {
  readonly #places = new Lane(PLACES);
  readonly #collecting = new Map<string, Promise<CollectedParts>>();

  constructor(private readonly services: PinFinderServices) {}

  /**
   * @throws {@link DomainError} `NOT_AUTHENTICATED` — not signed with the key of the PIN's code; `PROOF_MISMATCH`, `TIME_SKEW`, `BAD_SIGNATURE`;
   * `NOT_FOUND` — the blocks have no such PIN or guess; `VERSION_CONFLICT` — a later guess was made; `EVALUATION_OVER`; `RATE_LIMITED`, `NODE_BUSY`;
   * those of collecting
   */
  async collect(asked: AskedByFinder): Promise<CollectedParts> {
    await this.#assertMayAsk(asked);
    const { input, ip } = asked;
    const guess = `${input.pinId} ${input.attempt}`;
    const running = this.#collecting.get(guess) ?? this.#collectInTurn(input, connectionSiteOf(callerAddress(ip)));
    this.#collecting.set(guess, running);
    try {
      return await running;
    } finally {
      this.#collecting.delete(guess);
    }
  }

  #collectInTurn(guess: NamedGuess, site: string): Promise<CollectedParts> {
    return this.#places.run(site, () => this.services.collect(guess));
  }

  async #assertMayAsk(asked: AskedByFinder): Promise<void> {
    const { identity, admission, now } = this.services;
    const { operation, input, signedInput, ip } = asked;
    const proof = finderProof(asked);
    if ((await this.services.followed(input.pinId))?.isRemoved !== false) throw notFound(input);
    admission.assertWelcome(proof, ip);
    checkRequestProof(proof, { ...bindingOf(identity, operation, hashOfJson(signedInput)), now: now() });
    await admission.assertKnownSigner(proof, ip);
    await this.#assertCommitted(input);
  }

  /** Only the guess after the last one is waited for: no other is on its way. */
  async #assertCommitted({ pinId, attempt }: NamedGuess): Promise<void> {
    const { followed, waitFor, now } = this.services;
    const look = async (): Promise<FollowedPin | undefined> => {
      const pin = await followed(pinId);
      return pin?.attempts === attempt - 1 ? undefined : pin;
    };
    const pin = await waitFor(look, PATIENCE_MILLIS);
    if (pin?.guess === undefined || pin.attempts < attempt) throw notFound({ pinId, attempt });
    if (pin.attempts > attempt) throw new DomainError('VERSION_CONFLICT', undefined, { present: pin.attempts });
    assertTimelyGuess(pin.guess, now());
  }
}

/** The proof, if it is by the key whose hash the PIN's id is: that takes no look at the ledger. */
function finderProof({ proof, input: { pinId } }: AskedByFinder): PinProof {
  if (proof.kind !== 'pin') throw new DomainError('NOT_AUTHENTICATED', 'a proof with the key of the recovery code is required');
  if (proof.statement.pinId !== pinId) throw new DomainError('PROOF_MISMATCH', undefined, { field: 'pinId' });
  if (pinIdOf(hashOfKey(proof.statement.publicKey)) !== pinId)
    throw new DomainError('NOT_AUTHENTICATED', 'the key is not that of the recovery code');
  return proof;
}

function notFound({ pinId, attempt }: NamedGuess): DomainError {
  return new DomainError('NOT_FOUND', undefined, { pinId, attempt });
}
