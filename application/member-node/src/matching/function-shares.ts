import { hkdfSync } from 'node:crypto';
import { type PrivateKey, publicKeyOf } from '@lianyi/client';
import { type DealtKey, openMessage, placeOfHolder, publicShareOfHolder, sealMessage } from '@lianyi/client/matching';
import {
  canonicalJson,
  type ChannelBinding,
  decodeBase64url,
  DomainError,
  encodeBase64url,
  type EvaluatedPart,
  type FunctionDeal,
  type FunctionKey,
  type FunctionKeyId,
  type GroupElement,
  type Ledger,
  type MspId,
  newRequest,
  type Output,
  type PublicKey,
  resharedKeyIdOf,
  type Sha256,
  transactions,
} from '@lianyi/domain';
import { assertHolder, assertReady, contextOfDeal, dealersOf, hashOfDeals, hashOfDealtKey } from '@lianyi/domain/deciding';
import {
  commitmentsOf,
  evaluatePart,
  isPossession,
  isResharingOf,
  isShareOf,
  type Polynomial,
  polynomialFrom,
  provePossession,
  resharedPolynomial,
  type Resharing,
  shareFor,
  sumOfShares,
} from '@lianyi/domain/oblivious';
import { type SaidKeys } from './said-keys';

export interface SharesOptions {
  readonly mspId: MspId;
  readonly network: ChannelBinding;
  readonly organisationKeyEpoch: number;
}

/** What a node has done for a key, and how far the key is now. */
export type Taken = Pick<Output<typeof transactions.DealFunctionShares>, 'keyId' | 'state'> & {
  readonly done: 'dealt' | 'accepted' | 'complained' | 'nothing';
  readonly dealerMspId?: MspId;
};

/**
 * The own hospital's part of the keys that hospitals hold together. Nothing is kept: what it deals follows from the organisation's
 * encapsulation key, and what it was dealt lies on the ledger, sealed to that key. So a node that was killed at any step goes on.
 */
export class FunctionShares {
  readonly #publicKey: PublicKey;
  /** Shares of keys that are ready, each with the hash of all that was held against what was said. */
  readonly #shares = new Map<FunctionKeyId, { readonly dealtKeySha256: Sha256; readonly share: Uint8Array }>();

  /**
   * @param actor - the ledger as the node's key service acts in it
   * @param said - what hospitals have signed of such keys, whatever the state says
   */
  constructor(
    private readonly options: SharesOptions,
    private readonly privateKey: PrivateKey,
    private readonly actor: Ledger,
    private readonly said: Pick<SaidKeys, 'assertSaid' | 'assertWhole' | 'assertUsable' | 'assertContinues' | 'encapsulationKey'>,
  ) {
    this.#publicKey = publicKeyOf(privateKey);
  }

  /**
   * Takes the next step for a key, if one is this hospital's to take.
   * @throws {@link DomainError} `NOT_FOUND` — no such key, or a holder without an encapsulation key of its own; `NOT_PERMITTED` — it holds no share;
   * `SHARE_WRONG` — what the ledger has of the key is not what its opener and dealers have signed, or comes of another key than this hospital's; or a
   * LedgerFailure
   */
  async takePart(keyId: FunctionKeyId): Promise<Taken> {
    const dealt = await this.dealtKey(keyId);
    const { key } = dealt;
    const { mspId } = this.options;
    const isDealer = dealersOf(key).includes(mspId);
    if (!isDealer) assertHolder(key, mspId);
    await this.said.assertSaid(dealt);
    await this.#assertOwnDeal(dealt);
    if (key.state === 'dealing' && isDealer && !key.dealt.includes(mspId)) return { ...(await this.#deal(key)), done: 'dealt' };
    if (key.state === 'accepting' && key.holders.includes(mspId) && !key.accepted.includes(mspId)) return this.#check(dealt);
    return { keyId, state: key.state, done: 'nothing' };
  }

  async dealtKey(keyId: FunctionKeyId): Promise<DealtKey> {
    return this.actor.evaluate(newRequest(transactions.GetFunctionKey, { keyId }));
  }

  /**
   * The own part of an evaluation.
   * @throws {@link DomainError} `ILLEGAL_STATE` — the key is not ready; `NOT_PERMITTED` — it holds no share; `SHARE_WRONG`; `INVALID_REQUEST` — a
   * text that is no element
   */
  async partOf(dealt: DealtKey, blinded: readonly GroupElement[]): Promise<EvaluatedPart> {
    const { key } = dealt;
    assertHolder(key, this.options.mspId);
    assertReady(key);
    const dealtKeySha256 = hashOfDealtKey(dealt);
    const before = this.#shares.get(key.keyId);
    const share = before?.dealtKeySha256 === dealtKeySha256 ? before.share : await this.#ownShare(dealt);
    this.#shares.set(key.keyId, { dealtKeySha256, share });
    const part = evaluatePart(share, publicShareOfHolder(dealt, this.options.mspId), blinded);
    if (part === undefined) throw new DomainError('INVALID_REQUEST', undefined, { path: 'blinded', problem: 'no element of the group' });
    return part;
  }

  async #deal(key: FunctionKey): Promise<Pick<Taken, 'keyId' | 'state'>> {
    const { keyId, holders } = key;
    const polynomial = await this.#polynomialOf(key);
    const shares: FunctionDeal['shares'] = [];
    for (const [index, mspId] of holders.entries()) {
      const { epoch, publicKey } = await this.#keyOf(mspId);
      const context = this.#shareContext(keyId, this.options.mspId, mspId, epoch);
      const sealed = await sealMessage(shareFor(polynomial, index + 1), publicKey, context);
      shares.push({ mspId, organisationKeyEpoch: epoch, sealed: encodeBase64url(sealed) });
    }
    const commitments = [...commitmentsOf(polynomial)];
    const possession = provePossession(polynomial, this.#context(keyId, this.options.mspId));
    return (await this.actor.submit(newRequest(transactions.DealFunctionShares, { keyId, commitments, possession, shares }))).result;
  }

  async #check(dealt: DealtKey): Promise<Taken> {
    const { keyId } = dealt.key;
    // whoever writes the state may say that it is time to accept: an acceptance stands for ever
    await this.said.assertWhole(dealt);
    for (const deal of dealt.deals) {
      if (await this.#isRight(dealt, deal)) continue;
      const dealerMspId = deal.mspId;
      const { result } = await this.actor.submit(newRequest(transactions.ComplainOfShare, { keyId, dealerMspId }));
      return { ...result, done: 'complained', dealerMspId };
    }
    await this.said.assertContinues(dealt);
    const dealsSha256 = hashOfDeals(dealt.deals);
    return { ...(await this.actor.submit(newRequest(transactions.AcceptFunctionShares, { keyId, dealsSha256 }))).result, done: 'accepted' };
  }

  /** Whether a dealer knows what it hides, and has given this hospital what its commitments say. */
  async #isRight({ key }: DealtKey, deal: FunctionDeal): Promise<boolean> {
    const { mspId, commitments, possession } = deal;
    if (!(await this.#isPassedOn(key, deal))) return false;
    if (commitments.length !== key.threshold || !isPossession(possession, commitments, this.#context(key.keyId, mspId))) return false;
    const share = await this.#shareFrom(deal).catch((error: unknown) => {
      if (error instanceof DomainError) return new Uint8Array(); // it does not open: as good as a wrong one
      throw error;
    });
    return isShareOf(share, commitments, placeOfHolder(key, this.options.mspId));
  }

  /** Whether who deals a key's shares anew hides its share of the former key; of any other key there is nothing to pass on. */
  async #isPassedOn(key: FunctionKey, { mspId, commitments }: FunctionDeal): Promise<boolean> {
    if (key.reshares === undefined) return true;
    const former = await this.dealtKey(key.reshares.keyId);
    await this.said.assertWhole(former);
    return isResharingOf(commitments, publicShareOfHolder(former, mspId), resharingBy(former, key.reshares.dealers, mspId));
  }

  async #ownShare(dealt: DealtKey): Promise<Uint8Array> {
    await this.said.assertUsable(dealt);
    await this.#assertOwnDeal(dealt);
    for (const deal of dealt.deals)
      if (!(await this.#isRight(dealt, deal))) throw new DomainError('SHARE_WRONG', undefined, { keyId: deal.keyId, mspId: deal.mspId });
    return sumOfShares(await Promise.all(dealt.deals.map((deal) => this.#shareFrom(deal))));
  }

  /** A majority of others could write a deal in this hospital's name, and would then know what it hides. */
  async #assertOwnDeal({ key, deals }: DealtKey): Promise<void> {
    const own = deals.find(({ mspId }) => mspId === this.options.mspId);
    const isOwn = own === undefined || canonicalJson(own.commitments) === canonicalJson(commitmentsOf(await this.#polynomialOf(key)));
    if (!isOwn) throw new DomainError('SHARE_WRONG', undefined, { keyId: key.keyId, mspId: this.options.mspId });
  }

  #shareFrom({ keyId, mspId, shares }: FunctionDeal): Promise<Uint8Array> {
    const own = shares.find((share) => share.mspId === this.options.mspId);
    const sealed = decodeBase64url(own?.sealed ?? '') ?? new Uint8Array();
    return openMessage(sealed, this.privateKey, this.#shareContext(keyId, mspId, this.options.mspId, own?.organisationKeyEpoch ?? 0));
  }

  async #keyOf(mspId: MspId): Promise<{ readonly epoch: number; readonly publicKey: PublicKey }> {
    if (mspId === this.options.mspId) return { epoch: this.options.organisationKeyEpoch, publicKey: this.#publicKey };
    // never what the state says alone: whoever may write there would be dealt others' shares
    return this.said.encapsulationKey(mspId);
  }

  /** Another one for the same holders in other places: whoever was dealt values of one at several places could put them together. */
  async #polynomialOf({ keyId, mspId: openedBy, holders, threshold, reshares }: FunctionKey): Promise<Polynomial> {
    const { mspId } = this.options;
    const of = reshares === undefined ? {} : { reshares };
    const info = canonicalJson({ t: 'lianyi/function-deal/v1', ...this.#channel(), keyId, mspId, holders, threshold, ...of });
    const polynomial = polynomialFrom(new Uint8Array(hkdfSync('sha256', this.privateKey.scalar(), new Uint8Array(), info, 32)), threshold);
    if (reshares === undefined) return polynomial;
    const { keyId: formerKeyId, dealers, nonce } = reshares;
    // the own people have agreed to this id: a majority could write other holders under it, who would then be given the key
    if (keyId !== resharedKeyIdOf({ mspId: openedBy, nonce, formerKeyId, dealers, holders, threshold }))
      throw new DomainError('SHARE_WRONG', undefined, { keyId, mspId: openedBy });
    const former = await this.dealtKey(formerKeyId);
    return resharedPolynomial(polynomial, await this.#ownShare(former), resharingBy(former, dealers, mspId));
  }

  #context(keyId: FunctionKeyId, dealer: MspId): string {
    return contextOfDeal(this.options.network.genesis, keyId, dealer);
  }

  #shareContext(keyId: FunctionKeyId, dealer: MspId, to: MspId, organisationKeyEpoch: number) {
    return { t: 'lianyi/function-share/v1', ...this.#channel(), keyId, dealer, to, organisationKeyEpoch } as const;
  }

  #channel(): ChannelBinding {
    const { channel, genesis } = this.options.network;
    return { channel, genesis };
  }
}

/** Who deals a key's shares anew, by their places in the former key. */
function resharingBy({ key }: DealtKey, dealers: readonly MspId[], mspId: MspId): Resharing {
  return { places: dealers.map((dealer) => placeOfHolder(key, dealer)), place: placeOfHolder(key, mspId) };
}
