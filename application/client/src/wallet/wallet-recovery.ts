import {
  DomainError,
  type GuardianProof,
  hashOfKey,
  type IdNonce,
  type Instant,
  type MspId,
  type NetworkIdentity,
  newRequest,
  type Pseudonym,
  type RecoveryCaseId,
  recoveryCaseIdOf,
  type Sha256,
  type SignedRequest,
  transactions,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { publicKeyOf } from '../signing/p256';
import { type RequestToSign, signGuardianCommand, signPatientCommand } from '../signing/sign-request';
import { guardianKey, oneTimeKey } from './derived-keys';
import { isRecoveryPending, type WalletContent, type WalletRelationship } from './wallet-content';
import { type WalletStore } from './wallet-store';
import { newRelationshipParts } from './wallet-summary';

/** What opens a recovery: all of it may be seen by anybody. */
export interface RecoveryRequest {
  readonly pseudonym: Pseudonym;
  readonly caseId: RecoveryCaseId;
  readonly nonce: IdNonce;
  readonly newKeyHash: Sha256;
}

/**
 * The part of a wallet that gets a pseudonym back whose keys are lost, and that vouches for other people who have lost theirs.
 *
 * The first new key signs that the recovery is completed, however often, and nothing else; commands begin with the second.
 */
export class WalletRecovery {
  constructor(private readonly store: WalletStore) {}

  /**
   * Makes the keys with which this wallet is to get a pseudonym. The same again gives the same, so that it can be broken off.
   *
   * @param isAnew - in the place of keys whose recovery is over
   * @throws {@link DomainError} `PSEUDONYM_IN_USE` — the wallet has keys of this pseudonym, or another pseudonym for its hospital that is in use
   */
  prepare(pseudonym: Pseudonym, mspId: MspId, isAnew = false): Promise<RecoveryRequest> {
    return this.store.change((content) => {
      const present = content.relationships.find((each) => each.pseudonym === pseudonym && each.delegationId === undefined);
      if (present !== undefined && !isRecoveryPending(present)) throw new DomainError('PSEUDONYM_IN_USE', undefined, { mspId, pseudonym });
      if (present !== undefined && !isAnew) return { content, result: requestOf(content, present) };
      const relationships = content.relationships.filter((each) => each !== present);
      const inUse = relationships.find((each) => each.mspId === mspId && each.past === undefined && each.delegationId === undefined);
      if (inUse !== undefined) throw new DomainError('PSEUDONYM_IN_USE', undefined, { mspId, pseudonym: inUse.pseudonym });
      const { nonce, ...parts } = newRelationshipParts(content, { mspId, pseudonym });
      // the first key has signed something as soon as it is known: that the recovery is completed
      const keys = { nonce, mspId, counter: 0, commands: [], firstUnused: 1 };
      const recoveryCase = recoveryCaseIdOf({ pseudonym, newKeyHash: firstKeyHash(content, nonce), nonce });
      const added: WalletRelationship = { pseudonym, recoveryCase, ...keys, ...parts };
      return { content: { ...content, relationships: [...relationships, added] }, result: requestOf(content, added) };
    });
  }

  /** The recovery by which this wallet is to get a pseudonym, or has got it. @throws {@link DomainError} `NOT_FOUND` — by none */
  async caseOf(pseudonym: Pseudonym): Promise<RecoveryCaseId> {
    return (await this.#recovered(pseudonym)).recoveryCase;
  }

  /** Signs that a recovery is completed. Signing twice harms nothing: all say the same, and announce the same key. */
  async signCompletion(
    network: NetworkIdentity,
    pseudonym: Pseudonym,
    now: Instant,
  ): Promise<SignedRequest<typeof transactions.CompleteRecovery>> {
    const { nonce, recoveryCase: caseId, seed } = await this.#recovered(pseudonym);
    const input = { pseudonym, caseId };
    const signer = { network, pseudonym, privateKey: oneTimeKey(seed, nonce, 0), nextPrivateKey: oneTimeKey(seed, nonce, 1) };
    const proof = signPatientCommand(signer, { transaction: transactions.CompleteRecovery, input }, now);
    return newRequest(transactions.CompleteRecovery, input, { proof });
  }

  /** The hash of the key with which the wallet's owner vouches for a pseudonym: for its patient, who names guardians by such. */
  async guardianKeyHash(pseudonym: Pseudonym): Promise<Sha256> {
    return hashOfKey(publicKeyOf(guardianKey(await this.#seed(), pseudonym)));
  }

  /** Signs as a guardian of a pseudonym. */
  async signAsGuardian(network: NetworkIdentity, pseudonym: Pseudonym, request: RequestToSign, now: Instant): Promise<GuardianProof> {
    return signGuardianCommand({ network, pseudonym, privateKey: guardianKey(await this.#seed(), pseudonym) }, request, now);
  }

  async #seed(): Promise<Uint8Array> {
    return base64urlBytes((await this.store.read()).seed);
  }

  async #recovered(
    pseudonym: Pseudonym,
  ): Promise<WalletRelationship & { readonly recoveryCase: RecoveryCaseId; readonly seed: Uint8Array }> {
    const content = await this.store.read();
    const found = content.relationships.find((each) => each.pseudonym === pseudonym && each.recoveryCase !== undefined);
    if (found?.recoveryCase === undefined) throw new DomainError('NOT_FOUND', 'the wallet recovers no such pseudonym', { pseudonym });
    return { ...found, recoveryCase: found.recoveryCase, seed: base64urlBytes(content.seed) };
  }
}

function firstKeyHash({ seed }: WalletContent, nonce: IdNonce): Sha256 {
  return hashOfKey(publicKeyOf(oneTimeKey(base64urlBytes(seed), nonce, 0)));
}

function requestOf(content: WalletContent, { pseudonym, nonce }: WalletRelationship): RecoveryRequest {
  const newKeyHash = firstKeyHash(content, nonce);
  return { pseudonym, caseId: recoveryCaseIdOf({ pseudonym, newKeyHash, nonce }), nonce, newKeyHash };
}
