import { type DealtKey } from '@lianyi/client/matching';
import {
  canonicalJson,
  DomainError,
  type FunctionKeyId,
  type GroupElement,
  type MspId,
  type Organisation,
  type Sha256,
} from '@lianyi/domain';
import { dealersOf, hashOfDeals, termsOf } from '@lianyi/domain/deciding';
import { isResharingOf, publicKeyOfFunction, publicShareOf } from '@lianyi/domain/oblivious';
import { type FollowedFunctionKey } from '../ledger-index/function-key-index';

/** What the own chain's blocks have of keys that hospitals hold together, signed by each of them. */
export interface FollowedKeys {
  functionKey(keyId: FunctionKeyId): Promise<FollowedFunctionKey | undefined>;
  /** Of which keys the own hospital has found the deals right. */
  functionKeysAccepted(): Promise<readonly FunctionKeyId[]>;
  encapsulationKeys(mspId: MspId): Promise<Organisation['encapsulationKeys'] | undefined>;
  /** Looks again with each block until something is found. */
  waitFor<Found>(look: () => Promise<Found | undefined>, timeoutMillis: number): Promise<Found | undefined>;
}

/** The own peers may have a block that was not followed yet. */
const PATIENCE_MILLIS = 5_000;

/**
 * Holds keys that hospitals hold together against what each of them has signed, in blocks that this node has followed from the first one on: its own
 * memory, in which a majority of others writes nothing. The state may have deals that nobody has dealt, and keys that come of none.
 */
export class SaidKeys {
  /** Of keys whose chain is whole; what was said first stands, so it stays so. */
  readonly #publicHalves = new Map<FunctionKeyId, GroupElement>();

  constructor(
    private readonly ownMspId: MspId,
    private readonly followed: FollowedKeys,
  ) {}

  /**
   * Refuses what stands in the state and is not what its opener has opened and its dealers have dealt.
   * @throws {@link DomainError} `SHARE_WRONG` — details name whose word is missing
   */
  async assertSaid({ key, deals }: DealtKey): Promise<void> {
    const { keyId, mspId } = key;
    const look = async (): Promise<FollowedFunctionKey | undefined> => {
      const found = await this.followed.functionKey(keyId);
      return deals.every((deal) => found?.deals.has(deal.mspId)) ? found : undefined;
    };
    const found = (await this.followed.waitFor(look, PATIENCE_MILLIS)) ?? (await this.followed.functionKey(keyId));
    if (found === undefined || canonicalJson(found.said) !== canonicalJson(termsOf(key))) throw shareWrong(keyId, mspId);
    for (const deal of deals) if (found.deals.get(deal.mspId)?.dealSha256 !== hashOfDeals([deal])) throw shareWrong(keyId, deal.mspId);
  }

  /**
   * As {@link assertSaid}, and refuses a key of which not all have dealt who are to: whatever its state, what is accepted or made of fewer deals
   * would be of another key.
   * @throws {@link DomainError} `SHARE_WRONG` — details name the first whose deal is missing, or whose word is
   */
  async assertWhole(dealt: DealtKey): Promise<void> {
    const { key, deals } = dealt;
    const missing = dealersOf(key).find((mspId, index) => deals[index]?.mspId !== mspId);
    if (missing !== undefined || deals.length !== dealersOf(key).length) throw shareWrong(key.keyId, missing ?? key.mspId);
    await this.assertSaid(dealt);
  }

  /**
   * Refuses a key that the own hospital has not accepted, with these deals, or whose chain of resharings is not whole.
   * @throws {@link DomainError} `SHARE_WRONG`
   */
  async assertUsable(dealt: DealtKey): Promise<void> {
    await this.assertWhole(dealt);
    const { keyId } = dealt.key;
    const look = async (): Promise<Sha256 | undefined> => (await this.followed.functionKey(keyId))?.acceptances.get(this.ownMspId);
    const accepted = await this.followed.waitFor(look, PATIENCE_MILLIS);
    if (accepted !== hashOfDeals(dealt.deals)) throw shareWrong(keyId, this.ownMspId);
    await this.publicHalf(keyId);
  }

  /**
   * Refuses to take a key that comes of another one than those that this hospital has shares of: a registrar's program would compare by it from then on.
   * Who has none yet has nothing to compare with; its people have agreed.
   * @throws {@link DomainError} `SHARE_WRONG`
   */
  async assertContinues({ key: { keyId, mspId, reshares } }: DealtKey): Promise<void> {
    if (reshares === undefined) return;
    const half = await this.publicHalf(keyId);
    const before = (await this.followed.functionKeysAccepted()).filter((each) => each !== keyId);
    const halves = await Promise.all(before.map((each) => this.#halfIfWhole(each)));
    if (halves.some((each) => each !== undefined) && !halves.includes(half)) throw shareWrong(keyId, mspId);
  }

  /**
   * The public half of a key: of one that was dealt anew it is the former's, back to the one that all of its holders have dealt.
   * @throws {@link DomainError} `SHARE_WRONG` — a deal is missing, or passes on something else than its dealer's share of the former key
   */
  async publicHalf(keyId: FunctionKeyId): Promise<GroupElement> {
    const before = this.#publicHalves.get(keyId);
    if (before !== undefined) return before;
    const key = await this.#dealtAsSaid(keyId);
    const half = publicKeyOfFunction(key.commitments);
    if (half === undefined || !(await this.#isPassedOn(key, half))) throw shareWrong(keyId, key.said.mspId);
    this.#publicHalves.set(keyId, half);
    return half;
  }

  /** Undefined for a key by which nobody answers: it is nothing to go on with. */
  #halfIfWhole(keyId: FunctionKeyId): Promise<GroupElement | undefined> {
    return this.publicHalf(keyId).catch((error: unknown) => {
      if (error instanceof DomainError) return undefined;
      throw error;
    });
  }

  /** An organisation's newest encapsulation key. @throws {@link DomainError} `NOT_FOUND` — nobody of it has registered one */
  async encapsulationKey(mspId: MspId): Promise<Organisation['encapsulationKeys'][number]> {
    const keys = await this.followed.waitFor(() => this.followed.encapsulationKeys(mspId), PATIENCE_MILLIS);
    const [newest] = [...(keys ?? [])].sort((one, other) => other.epoch - one.epoch);
    if (newest === undefined)
      throw new DomainError('NOT_FOUND', 'its own administrator has registered no key', { entity: 'organisation', mspId });
    return newest;
  }

  async #isPassedOn({ said: { reshares }, commitments }: DealtAsSaid, half: GroupElement): Promise<boolean> {
    if (reshares === undefined) return true;
    const { dealers, keyId: formerKeyId } = reshares;
    const former = await this.#dealtAsSaid(formerKeyId);
    const places = dealers.map((dealer) => former.said.holders.indexOf(dealer) + 1);
    if (places.includes(0) || places.length !== former.said.threshold) return false;
    const arePassedOn = commitments.every((dealt, index) => {
      const place = places[index] ?? 0;
      const share = publicShareOf(former.commitments, place);
      return share !== undefined && isResharingOf(dealt, share, { places, place });
    });
    return arePassedOn && (await this.publicHalf(formerKeyId)) === half;
  }

  async #dealtAsSaid(keyId: FunctionKeyId): Promise<DealtAsSaid> {
    const found = await this.followed.functionKey(keyId);
    if (found === undefined) throw shareWrong(keyId, this.ownMspId);
    const commitments = dealersOf(found.said).map((dealer) => {
      const dealt = found.deals.get(dealer)?.commitments;
      if (dealt?.length !== found.said.threshold) throw shareWrong(keyId, dealer);
      return dealt;
    });
    return { said: found.said, commitments };
  }
}

interface DealtAsSaid {
  readonly said: FollowedFunctionKey['said'];
  /** In the order of those who deal. */
  readonly commitments: readonly (readonly GroupElement[])[];
}

function shareWrong(keyId: FunctionKeyId, mspId: MspId): DomainError {
  return new DomainError('SHARE_WRONG', undefined, { keyId, mspId });
}
