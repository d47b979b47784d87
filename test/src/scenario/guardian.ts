import {
  newIdNonce,
  newPrivateKey,
  type PrivateKey,
  publicKeyOf,
  type RequestSigner,
  signGuardianCommand,
  signPatientCommand,
} from '@lianyi/client';
import {
  type GuardianProof,
  hashOfKey,
  type IdNonce,
  instantOf,
  type PatientProof,
  type Pseudonym,
  pseudonymSchema,
  type RecoveryCaseId,
  recoveryCaseIdOf,
  type Sha256,
} from '@lianyi/domain';
import { type NetworkName } from './patient';

type Named = { readonly contract: string; readonly name: string };

/** Somebody whom a patient has named to vouch for them, with a key in memory (the wallet has its own tests). */
export class Guardian {
  readonly #key: PrivateKey = newPrivateKey();
  readonly keyHash: Sha256 = hashOfKey(publicKeyOf(this.#key));

  constructor(private readonly network: NetworkName) {}

  /** Signs for a pseudonym. */
  for(pseudonym: string): RequestSigner {
    return (transaction, input) => this.signAt(pseudonym, transaction, input, Date.now());
  }

  signAt(pseudonym: string, transaction: Named, input: unknown, atMillis: number): GuardianProof {
    const signer = { network: this.network, pseudonym: pseudonymSchema.parse(pseudonym), privateKey: this.#key };
    return signGuardianCommand(signer, { transaction, input }, instantOf(atMillis));
  }
}

/** The new keys of somebody who has lost those of a pseudonym. */
export class Returning {
  readonly keys: readonly [PrivateKey, PrivateKey] = [newPrivateKey(), newPrivateKey()];
  readonly nonce: IdNonce = newIdNonce();
  readonly newKeyHash: Sha256 = hashOfKey(publicKeyOf(this.keys[0]));
  readonly pseudonym: Pseudonym;
  readonly caseId: RecoveryCaseId;

  constructor(
    private readonly network: NetworkName,
    pseudonym: string,
  ) {
    this.pseudonym = pseudonymSchema.parse(pseudonym);
    this.caseId = recoveryCaseIdOf({ pseudonym: this.pseudonym, newKeyHash: this.newKeyHash, nonce: this.nonce });
  }

  /** What opens the recovery. */
  get draft(): { pseudonym: Pseudonym; caseId: RecoveryCaseId; nonce: IdNonce; newKeyHash: Sha256 } {
    const { pseudonym, caseId, nonce, newKeyHash } = this;
    return { pseudonym, caseId, nonce, newKeyHash };
  }

  get key(): { pseudonym: Pseudonym; caseId: RecoveryCaseId } {
    return { pseudonym: this.pseudonym, caseId: this.caseId };
  }

  /** Signs with the first new key, announcing the second. */
  signAt(transaction: Named, input: unknown, atMillis: number): PatientProof {
    const [privateKey, nextPrivateKey] = this.keys;
    const signer = { network: this.network, pseudonym: this.pseudonym, privateKey, nextPrivateKey };
    return signPatientCommand(signer, { transaction, input }, instantOf(atMillis));
  }
}
