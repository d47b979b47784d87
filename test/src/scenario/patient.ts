import { newPrivateKey, type PrivateKey, publicKeyOf, type RequestSigner, signPatientCommand } from '@lianyi/client';
import { hashOfKey, instantOf, type PatientProof, pseudonymSchema, type Sha256 } from '@lianyi/domain';

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

  constructor(
    private readonly network: NetworkName,
    readonly pseudonym: string,
  ) {}

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

  roll(): void {
    this.#key = this.#next;
    this.#next = newPrivateKey();
  }
}
