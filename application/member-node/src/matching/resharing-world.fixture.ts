import { newPrivateKey, type PrivateKey, publicKeyOf } from '@lianyi/client';
import { placeOfHolder } from '@lianyi/client/matching';
import {
  DomainError,
  type FunctionDeal,
  type FunctionKey,
  type FunctionKeyId,
  idNonceSchema,
  type Ledger,
  type MspId,
  mspIdSchema,
  type Origin,
  resharedKeyIdOf,
  sha256,
} from '@lianyi/domain';
import {
  dealersOf,
  openFunctionKey,
  reshareFunctionKey,
  supersedeFunctionKey,
  withAcceptance,
  withComplaint,
  withDeal,
} from '@lianyi/domain/deciding';
import { blindInput, finishEvaluation } from '@lianyi/domain/oblivious';
import { FunctionShares } from './function-shares';
import { A, B, C, keyId as first, NOW } from './matching-world.fixture';
import { SaidKeys } from './said-keys';
import { SaidWords } from './said-words.fixture';

export const D = mspIdSchema.parse('HospitalDMSP');
const network = { channel: 'records', genesis: sha256('genesis') };
const origin: Origin = { requestHash: sha256('request'), actor: { kind: 'administrator', mspId: A, keyHash: sha256('key') } };
const nonce = idNonceSchema.parse('A'.repeat(22));

/** A ledger with a key of three hospitals, any two of whom answer, and with those that come of it; a fourth holds nothing yet. */
export class ResharingWorld {
  readonly keys = new Map<FunctionKeyId, FunctionKey>([
    [first, openFunctionKey({ keyId: first, mspId: A, holders: [A, B, C], threshold: 2 }, NOW, origin)],
  ]);
  readonly words = new SaidWords({
    dealt: (keyId) => {
      const key = this.keys.get(keyId);
      return key && { key, deals: this.#dealsOf(keyId) };
    },
    keyIds: () => [...this.keys.keys()],
    publicKeyOf: (mspId) => publicKeyOf(this.#privateKeyOf(mspId)),
  });
  readonly #deals = new Map<string, FunctionDeal>();
  readonly #privateKeys = new Map<MspId, PrivateKey>([A, B, C, D].map((mspId) => [mspId, newPrivateKey()]));

  key(keyId: FunctionKeyId = first): FunctionKey {
    const found = this.keys.get(keyId);
    if (found === undefined) throw new DomainError('NOT_FOUND');
    return found;
  }

  /** Has a key's shares dealt anew; nobody has dealt yet. */
  reshare(dealers: MspId[], holders: MspId[], threshold = 2, formerKeyId: FunctionKeyId = first): FunctionKeyId {
    const keyId = resharedKeyIdOf({ mspId: A, nonce, formerKeyId, dealers, holders, threshold });
    const opened = { keyId, mspId: A, holders, threshold, dealers, nonce };
    this.keys.set(keyId, reshareFunctionKey(this.key(formerKeyId), opened, NOW, origin));
    return keyId;
  }

  /** All who are to, deal, and then accept. */
  async ready(keyId: FunctionKeyId = first): Promise<void> {
    for (const mspId of dealersOf(this.key(keyId))) await this.node(mspId).takePart(keyId);
    for (const mspId of this.key(keyId).holders) await this.node(mspId).takePart(keyId);
  }

  node(mspId: MspId): FunctionShares {
    const said = new SaidKeys(mspId, this.words.of(mspId));
    return new FunctionShares({ mspId, network, organisationKeyEpoch: 1 }, this.#privateKeyOf(mspId), this.#ledgerOf(mspId), said);
  }

  change(keyId: FunctionKeyId, mspId: MspId, change: (deal: FunctionDeal) => FunctionDeal): void {
    this.#deals.set(`${keyId} ${mspId}`, change(this.dealOf(keyId, mspId)));
  }

  dealOf(keyId: FunctionKeyId, mspId: MspId): FunctionDeal {
    const deal = this.#deals.get(`${keyId} ${mspId}`);
    if (deal === undefined) throw new Error('no deal');
    return deal;
  }

  /** What the nodes of some hospitals make of one input together. */
  async evaluate(
    keyId: FunctionKeyId,
    mspIds: readonly MspId[],
    ofKey: readonly FunctionKeyId[] = mspIds.map(() => keyId),
  ): Promise<string> {
    const input = new TextEncoder().encode('input');
    const blinded = blindInput(input);
    const parts = [];
    for (const [index, mspId] of mspIds.entries()) {
      const id = ofKey[index] ?? keyId;
      const dealt = { key: { ...this.key(id), state: 'ready' as const }, deals: this.#dealsOf(id) };
      const part = await this.node(mspId).partOf(dealt, [blinded.blinded]);
      parts.push({ place: placeOfHolder(this.key(id), mspId), evaluated: part.evaluated[0] ?? blinded.blinded });
    }
    return Buffer.from(finishEvaluation(input, blinded, parts)).toString('hex');
  }

  #dealsOf(keyId: FunctionKeyId): FunctionDeal[] {
    return dealersOf(this.key(keyId)).flatMap((mspId) => this.#deals.get(`${keyId} ${mspId}`) ?? []);
  }

  #privateKeyOf(mspId: MspId): PrivateKey {
    return this.#privateKeys.get(mspId) ?? newPrivateKey();
  }

  #ledgerOf(mspId: MspId): Ledger {
    const evaluate = (entry: string, input: { readonly keyId: FunctionKeyId; readonly mspId: MspId }): unknown => {
      if (entry !== 'GetOrganisation') return { key: this.key(input.keyId), deals: this.#dealsOf(input.keyId) };
      const publicKey = publicKeyOf(this.#privateKeyOf(input.mspId));
      return { mspId: input.mspId, encapsulationKeys: [{ epoch: 1, publicKey }] };
    };
    const ledger = {
      evaluate: ({ entry, input }: { entry: { name: string }; input: never }) => Promise.resolve().then(() => evaluate(entry.name, input)),
      submit: ({ entry, input }: { entry: { name: string }; input: never }) =>
        Promise.resolve().then(() => this.#submit(mspId, entry.name, input)),
    };
    return ledger as unknown as Ledger; // the transactions that a node acts with
  }

  #submit(
    mspId: MspId,
    entry: string,
    input: FunctionDeal & { readonly dealsSha256: typeof network.genesis; readonly dealerMspId: MspId },
  ): unknown {
    const { keyId } = input;
    const key = this.#after(mspId, entry, input);
    this.keys.set(keyId, key);
    if (key.state === 'ready' && key.reshares !== undefined)
      this.keys.set(key.reshares.keyId, supersedeFunctionKey(this.key(key.reshares.keyId), NOW));
    return { result: { keyId, state: key.state } };
  }

  #after(
    mspId: MspId,
    entry: string,
    input: FunctionDeal & { readonly dealsSha256: typeof network.genesis; readonly dealerMspId: MspId },
  ): FunctionKey {
    const { keyId } = input;
    if (entry === 'AcceptFunctionShares') {
      this.words.accepted(keyId, mspId, input.dealsSha256);
      return withAcceptance(this.key(keyId), { mspId, dealsSha256: input.dealsSha256 }, this.#dealsOf(keyId), NOW);
    }
    if (entry === 'ComplainOfShare') return withComplaint(this.key(keyId), mspId, input.dealerMspId, NOW);
    const deal: FunctionDeal = { ...input, schemaVersion: 1, mspId, at: NOW, origin };
    const key = withDeal(this.key(keyId), deal, NOW);
    this.#deals.set(`${keyId} ${mspId}`, deal);
    return key;
  }
}
