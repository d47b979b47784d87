import { newPrivateKey, type PrivateKey, publicKeyOf } from '@lianyi/client';
import { sealMessage } from '@lianyi/client/matching';
import {
  actorTagSchema,
  DomainError,
  encodeBase64url,
  type FunctionDeal,
  functionDealSchema,
  type FunctionKey,
  type FunctionKeyId,
  functionKeyIdSchema,
  idNonceSchema,
  instantSchema,
  type Ledger,
  type MspId,
  type Origin,
  resharedKeyIdOf,
  sha256,
} from '@lianyi/domain';
import {
  contextOfDeal,
  dealersOf,
  openFunctionKey,
  reshareFunctionKey,
  withAcceptance,
  withComplaint,
  withDeal,
} from '@lianyi/domain/deciding';
import { commitmentsOf, type Polynomial, provePossession, shareFor } from '@lianyi/domain/oblivious';
import { FunctionShares } from '@lianyi/member-node/testing';
import { hospitals } from './registrar-in-memory';

const [A] = hospitals;
const NOW = instantSchema.parse('2026-05-01T08:00:00.000Z');
const network = { channel: 'records', genesis: sha256('genesis') };
const origin: Origin = {
  requestHash: sha256('a request'),
  actor: { kind: 'staff', mspId: A, actorTag: actorTagSchema.parse('key-service') },
};
const nonce = idNonceSchema.parse('A'.repeat(22));
/** The key that all three hospitals hold. */
export const sharedKeyId = functionKeyIdSchema.parse('f-shared');

/** A ledger with keys that hospitals hold together, on which a majority may write what it likes, and the hospitals' nodes. */
export class FunctionKeyInMemory {
  readonly keys = new Map<FunctionKeyId, FunctionKey>([
    [sharedKeyId, openFunctionKey({ keyId: sharedKeyId, mspId: A, holders: [...hospitals], threshold: 2 }, NOW, origin)],
  ]);
  readonly #deals = new Map<string, FunctionDeal>();
  readonly #privateKeys = new Map<MspId, PrivateKey>(hospitals.map((mspId) => [mspId, newPrivateKey()]));

  key(keyId = sharedKeyId): FunctionKey {
    const found = this.keys.get(keyId);
    if (found === undefined) throw new DomainError('NOT_FOUND');
    return found;
  }

  node(mspId: MspId): FunctionShares {
    const options = { mspId, network, organisationKeyEpoch: 1 };
    return new FunctionShares(options, this.#privateKeyOf(mspId), this.#ledgerOf(mspId), this.#believed());
  }

  /** All deal, and then accept. */
  async ready(): Promise<void> {
    for (let round = 0; round < 2; round += 1) for (const mspId of hospitals) await this.node(mspId).takePart(sharedKeyId);
  }

  /** Opens the sharing anew of the key to all of them, by as many as it takes. */
  reshared(): FunctionKeyId {
    const of = { dealers: hospitals.slice(0, 2), holders: [...hospitals], threshold: 2, nonce };
    const keyId = resharedKeyIdOf({ mspId: A, formerKeyId: sharedKeyId, ...of });
    this.keys.set(keyId, reshareFunctionKey(this.key(), { keyId, mspId: A, ...of }, NOW, origin));
    return keyId;
  }

  dealOf(mspId: MspId, keyId = sharedKeyId): FunctionDeal | undefined {
    return this.#deals.get(`${keyId} ${mspId}`);
  }

  /** What a majority writes as a hospital's deal: this polynomial, its shares sealed to each holder. @param gave - what one holder is given instead */
  async writeDeal(mspId: MspId, polynomial: Polynomial, gave: ReadonlyMap<MspId, Uint8Array> = new Map()): Promise<void> {
    const shares = [];
    for (const [index, to] of hospitals.entries()) {
      const context = {
        t: 'lianyi/function-share/v1',
        ...network,
        keyId: sharedKeyId,
        dealer: mspId,
        to,
        organisationKeyEpoch: 1,
      } as const;
      const sealed = await sealMessage(gave.get(to) ?? shareFor(polynomial, index + 1), publicKeyOf(this.#privateKeyOf(to)), context);
      shares.push({ mspId: to, organisationKeyEpoch: 1, sealed: encodeBase64url(sealed) });
    }
    const possession = provePossession(polynomial, contextOfDeal(network.genesis, sharedKeyId, mspId));
    const said = { keyId: sharedKeyId, mspId, commitments: commitmentsOf(polynomial), possession, shares };
    const deal = functionDealSchema.parse({ schemaVersion: 1, ...said, at: NOW, origin });
    if (!this.key().dealt.includes(mspId)) this.keys.set(sharedKeyId, withDeal(this.key(), deal, NOW));
    this.#deals.set(`${sharedKeyId} ${mspId}`, deal);
  }

  #dealsOf(keyId: FunctionKeyId): FunctionDeal[] {
    return dealersOf(this.key(keyId)).flatMap((mspId) => this.#deals.get(`${keyId} ${mspId}`) ?? []);
  }

  /** Whatever a majority writes is taken for signed here: that a node looks at the blocks is what other attacks try (R9-5). */
  #believed(): ConstructorParameters<typeof FunctionShares>[3] {
    const believes = (): Promise<void> => Promise.resolve();
    return {
      ...{ assertSaid: believes, assertWhole: believes, assertUsable: believes, assertContinues: believes },
      encapsulationKey: (mspId) => Promise.resolve({ epoch: 1, publicKey: publicKeyOf(this.#privateKeyOf(mspId)) }),
    };
  }

  #privateKeyOf(mspId: MspId): PrivateKey {
    const found = this.#privateKeys.get(mspId);
    if (found === undefined) throw new Error(`${mspId} is none of the hospitals`);
    return found;
  }

  #ledgerOf(mspId: MspId): Ledger {
    const evaluate = (name: string, input: { readonly keyId: FunctionKeyId; readonly mspId: MspId }): unknown =>
      name === 'GetOrganisation'
        ? { mspId: input.mspId, encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(this.#privateKeyOf(input.mspId)) }] }
        : { key: this.key(input.keyId), deals: this.#dealsOf(input.keyId) };
    const ledger = {
      evaluate: ({ entry, input }: { entry: { name: string }; input: never }) => Promise.resolve().then(() => evaluate(entry.name, input)),
      submit: ({ entry, input }: { entry: { name: string }; input: never }) =>
        Promise.resolve().then(() => this.#submit(mspId, entry.name, input)),
    };
    return ledger as unknown as Ledger; // the transactions that a node acts with
  }

  #submit(
    mspId: MspId,
    name: string,
    input: FunctionDeal & { readonly dealsSha256: FunctionDeal['origin']['requestHash']; readonly dealerMspId: MspId },
  ): unknown {
    const { keyId } = input;
    if (name === 'DealFunctionShares') {
      const deal: FunctionDeal = { ...input, schemaVersion: 1, mspId, at: NOW, origin };
      this.keys.set(keyId, withDeal(this.key(keyId), deal, NOW));
      this.#deals.set(`${keyId} ${mspId}`, deal);
    } else if (name === 'AcceptFunctionShares') {
      this.keys.set(keyId, withAcceptance(this.key(keyId), { mspId, dealsSha256: input.dealsSha256 }, this.#dealsOf(keyId), NOW));
    } else this.keys.set(keyId, withComplaint(this.key(keyId), mspId, input.dealerMspId, NOW));
    return { result: { keyId, state: this.key(keyId).state } };
  }
}
