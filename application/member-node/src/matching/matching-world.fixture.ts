import { newPrivateKey, type PrivateKey, publicKeyOf } from '@lianyi/client';
import {
  actorTagSchema,
  DomainError,
  type FunctionDeal,
  type FunctionKey,
  functionKeyIdSchema,
  instantSchema,
  type Ledger,
  type MspId,
  mspIdSchema,
  type Origin,
  sha256,
} from '@lianyi/domain';
import { openFunctionKey, withAcceptance, withComplaint, withDeal } from '@lianyi/domain/deciding';
import { FunctionShares } from './function-shares';
import { SaidKeys } from './said-keys';
import { SaidWords } from './said-words.fixture';

export const NOW = instantSchema.parse('2026-05-01T08:00:00.000Z');
export const keyId = functionKeyIdSchema.parse('f-1');
export const hospitals = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map((name) => mspIdSchema.parse(name)) as [MspId, MspId, MspId];
export const [A, B, C] = hospitals;
const network = { channel: 'records', genesis: sha256('genesis') };
const origin: Origin = {
  requestHash: sha256('request'),
  actor: { kind: 'staff', mspId: A, actorTag: actorTagSchema.parse('key-service') },
};

/** A ledger with one key, that three hospitals' key services act in; the rules are the chaincode's. */
export class MatchingWorld {
  key: FunctionKey = openFunctionKey({ keyId, mspId: A, holders: [...hospitals], threshold: 2 }, NOW, origin);
  readonly deals = new Map<MspId, FunctionDeal>();
  readonly privateKeys = new Map<MspId, PrivateKey>(hospitals.map((mspId) => [mspId, newPrivateKey()]));
  readonly submitted: string[] = [];
  readonly words = new SaidWords({
    dealt: (of) => (of === keyId ? { key: this.key, deals: this.dealsInOrder } : undefined),
    keyIds: () => [keyId],
    publicKeyOf: (mspId) => publicKeyOf(this.privateKeyOf(mspId)),
  });

  /** A hospital's node; each call is as after a start. */
  node(mspId: MspId, privateKey = this.privateKeyOf(mspId)): FunctionShares {
    const said = new SaidKeys(mspId, this.words.of(mspId));
    return new FunctionShares({ mspId, network, organisationKeyEpoch: 1 }, privateKey, this.#ledgerOf(mspId), said);
  }

  privateKeyOf(mspId: MspId): PrivateKey {
    const found = this.privateKeys.get(mspId);
    if (found === undefined) throw new Error('no hospital');
    return found;
  }

  get dealsInOrder(): readonly FunctionDeal[] {
    return this.key.holders.flatMap((mspId) => this.deals.get(mspId) ?? []);
  }

  /** All deal and accept. */
  async ready(): Promise<void> {
    for (let round = 0; round < 2; round += 1) for (const mspId of hospitals) await this.node(mspId).takePart(keyId);
  }

  #ledgerOf(mspId: MspId): Ledger {
    const evaluate = (entry: string, input: { readonly keyId?: string; readonly mspId?: MspId }): unknown => {
      if (entry === 'GetOrganisation') {
        const publicKey = publicKeyOf(this.privateKeyOf(input.mspId ?? mspId));
        return { mspId: input.mspId, encapsulationKeys: [{ epoch: 1, publicKey }] };
      }
      if (input.keyId !== keyId) throw new DomainError('NOT_FOUND');
      return { key: this.key, deals: this.dealsInOrder };
    };
    const submit = (
      entry: string,
      input: FunctionDeal & { readonly dealsSha256: typeof network.genesis; readonly dealerMspId: MspId },
    ): unknown => {
      this.submitted.push(`${mspId} ${entry}`);
      if (entry === 'DealFunctionShares') {
        const deal: FunctionDeal = { ...input, schemaVersion: 1, mspId, at: NOW, origin };
        this.key = withDeal(this.key, deal, NOW);
        this.deals.set(mspId, deal);
      } else if (entry === 'AcceptFunctionShares') {
        this.key = withAcceptance(this.key, { mspId, dealsSha256: input.dealsSha256 }, this.dealsInOrder, NOW);
        this.words.accepted(keyId, mspId, input.dealsSha256);
      } else this.key = withComplaint(this.key, mspId, input.dealerMspId, NOW);
      return { result: { keyId, state: this.key.state } };
    };
    const ledger = {
      evaluate: ({ entry, input }: { entry: { name: string }; input: never }) => Promise.resolve().then(() => evaluate(entry.name, input)),
      submit: ({ entry, input }: { entry: { name: string }; input: never }) => Promise.resolve().then(() => submit(entry.name, input)),
    };
    return ledger as unknown as Ledger; // the four transactions that a node acts with
  }
}
