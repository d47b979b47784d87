import { newIdNonce, newPrivateKey, type PrivateKey, publicKeyOf, type RequestSigner, signPatientCommand } from '@lianyi/client';
import {
  hashOfKey,
  type IdNonce,
  instantOf,
  mspIdSchema,
  type PatientProof,
  type Pseudonym,
  pseudonymOf,
  pseudonymSchema,
  type Sha256,
} from '@lianyi/domain';

/** Which ledger a command is for. */
export interface NetworkName {
  readonly channel: string;
  readonly chaincode: string;
  readonly genesis: Sha256;
}

/** A patient with one-time keys in memory (the wallet has its own tests): the only one who can also sign what no wallet would. */
export class Patient {
  #key: PrivateKey = newPrivateKey();
  #next: PrivateKey = newPrivateKey();

  readonly nonce: IdNonce = newIdNonce();
  readonly pseudonym: string;

  /** @param mspId the hospital that will register them */
  constructor(
    private readonly network: NetworkName,
    mspId: string,
  ) {
    this.pseudonym = pseudonymOf({ mspId: mspIdSchema.parse(mspId), firstKeyHash: this.firstKeyHash, nonce: this.nonce });
  }

  /** What registers them, before their first command. */
  get registration(): { pseudonym: string; nonce: IdNonce; suite: 'P256-SHA256'; nextKeyHash: Sha256 } {
    return { pseudonym: this.pseudonym, nonce: this.nonce, suite: 'P256-SHA256', nextKeyHash: this.firstKeyHash };
  }

  get firstKeyHash(): Sha256 {
    return hashOfKey(publicKeyOf(this.#key));
  }

  /** The hash the ledger must announce once the next command is committed. */
  get followingKeyHash(): Sha256 {
    return hashOfKey(publicKeyOf(this.#next));
  }

  /** Signs with the present key; call {@link roll} once the command is committed. */
  readonly sign: RequestSigner = (transaction, input) => this.signFor(this.pseudonym, transaction, input);

  /** Signs as whoever: with the own key in another's name, with the present key announced again, for another network. */
  signFor(
    pseudonym: string,
    transaction: { readonly contract: string; readonly name: string },
    input: unknown,
    twist: { readonly network?: NetworkName; readonly repeatsKey?: boolean } = {},
  ): PatientProof {
    const signer = {
      network: twist.network ?? this.network,
      pseudonym: pseudonymSchema.parse(pseudonym),
      privateKey: this.#key,
      nextPrivateKey: twist.repeatsKey === true ? this.#key : this.#next,
    };
    return signPatientCommand(signer, { transaction, input }, instantOf(Date.now()));
  }

  /** What signs an introduction beside another pseudonym's. */
  get presentKey(): { readonly pseudonym: Pseudonym; readonly privateKey: PrivateKey } {
    return { pseudonym: pseudonymSchema.parse(this.pseudonym), privateKey: this.#key };
  }

  /** Goes on with another key: a recovery has made it the pseudonym's. */
  comeBack(key: PrivateKey): void {
    this.#key = key;
    this.#next = newPrivateKey();
  }

  roll(): void {
    this.#key = this.#next;
    this.#next = newPrivateKey();
  }
}
