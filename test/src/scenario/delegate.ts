import { newIdNonce, newPrivateKey, type PrivateKey, publicKeyOf, type RequestSigner, signDelegateCommand } from '@lianyi/client';
import {
  type DelegateProof,
  type DelegationId,
  delegationIdOf,
  hashOfKey,
  type IdNonce,
  instantOf,
  type Pseudonym,
  pseudonymSchema,
  type Sha256,
} from '@lianyi/domain';
import { type NetworkName } from './patient';

/** Who acts for a patient, with one-time keys in memory (the wallet has its own tests). */
export class Delegate {
  #key: PrivateKey = newPrivateKey();
  #next: PrivateKey = newPrivateKey();

  readonly nonce: IdNonce = newIdNonce();
  readonly firstKeyHash: Sha256 = hashOfKey(publicKeyOf(this.#key));
  readonly pseudonym: Pseudonym;
  readonly delegationId: DelegationId;

  /** @param pseudonym for whom */
  constructor(
    private readonly network: NetworkName,
    pseudonym: string,
  ) {
    this.pseudonym = pseudonymSchema.parse(pseudonym);
    this.delegationId = delegationIdOf({ pseudonym: this.pseudonym, firstKeyHash: this.firstKeyHash, nonce: this.nonce });
  }

  /** What appoints them, but for scopes and end. */
  get offer(): { pseudonym: Pseudonym; delegationId: DelegationId; nonce: IdNonce; nextKeyHash: Sha256 } {
    return { pseudonym: this.pseudonym, delegationId: this.delegationId, nonce: this.nonce, nextKeyHash: this.firstKeyHash };
  }

  /** Signs with the present key; call {@link roll} once the command is committed. */
  readonly sign: RequestSigner = (transaction, input) => this.signAt(transaction, input, Date.now());

  signAt(transaction: { readonly contract: string; readonly name: string }, input: unknown, atMillis: number): DelegateProof {
    const { network, pseudonym, delegationId } = this;
    const signer = { network, pseudonym, delegationId, privateKey: this.#key, nextPrivateKey: this.#next };
    return signDelegateCommand(signer, { transaction, input }, instantOf(atMillis));
  }

  roll(): void {
    this.#key = this.#next;
    this.#next = newPrivateKey();
  }
}
