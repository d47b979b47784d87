import { type DealtKey } from '@lianyi/client/matching';
import { type FunctionKeyId, type MspId, type PublicKey, type Sha256 } from '@lianyi/domain';
import { hashOfDeals, termsOf } from '@lianyi/domain/deciding';
import { type FollowedFunctionKey } from '../ledger-index/function-key-index';
import { type FollowedKeys } from './said-keys';

interface State {
  readonly dealt: (keyId: FunctionKeyId) => DealtKey | undefined;
  readonly keyIds: () => readonly FunctionKeyId[];
  readonly publicKeyOf: (mspId: MspId) => PublicKey;
}

/** What hospitals have signed: all that stands in the state of a world, until it says that what comes now is nobody's word. */
export class SaidWords {
  readonly #acceptances = new Map<FunctionKeyId, Map<MspId, Sha256>>();
  #before: ReadonlyMap<FunctionKeyId, FollowedFunctionKey> | undefined;

  constructor(private readonly state: State) {}

  accepted(keyId: FunctionKeyId, mspId: MspId, dealsSha256: Sha256): void {
    this.#acceptances.set(keyId, new Map(this.#acceptances.get(keyId)).set(mspId, dealsSha256));
  }

  /** From now on a majority writes, whatever nobody has signed. */
  nobodySaysMore(): void {
    this.#before = new Map(this.state.keyIds().flatMap((keyId) => this.#now(keyId).map((key) => [keyId, key] as const)));
  }

  /** As the node of a hospital has followed them. */
  of(own: MspId): FollowedKeys {
    return {
      functionKey: (keyId) => Promise.resolve(this.#before === undefined ? this.#now(keyId)[0] : this.#before.get(keyId)),
      functionKeysAccepted: () => Promise.resolve([...this.#acceptances].flatMap(([keyId, by]) => (by.has(own) ? [keyId] : []))),
      encapsulationKeys: (mspId) => Promise.resolve([{ epoch: 1, publicKey: this.state.publicKeyOf(mspId) }]),
      waitFor: (look) => look(),
    };
  }

  #now(keyId: FunctionKeyId): FollowedFunctionKey[] {
    const dealt = this.state.dealt(keyId);
    if (dealt === undefined) return [];
    const said = termsOf(dealt.key);
    const deals = new Map(
      dealt.deals.map((deal) => [deal.mspId, { commitments: deal.commitments, dealSha256: hashOfDeals([deal]) }] as const),
    );
    return [{ said, deals, acceptances: this.#acceptances.get(keyId) ?? new Map<MspId, Sha256>() }];
  }
}
