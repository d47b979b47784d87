import { newPrivateKey, newSalt, publicKeyOf } from '@lianyi/client';
import {
  auditArea,
  canonicalJson,
  type Circumstances,
  encodeBase64url,
  type GuardianSet,
  hashOfKey,
  instantOf,
  type Origin,
  recoveryCaseIdOf,
  reProofingCommitment,
  saltSchema,
  setGuardians,
  sha256,
  type Sha256,
} from '@lianyi/domain';
import { TRANSACTION_ID } from './block-of-calls.fixture';
import { LEAST_COOLING_OFF_MINUTES, nonce, WHO_SIGNS } from './member-chain.fixture';
import { MINUTE, pseudonym } from './patient-chain.fixture';

export const setKey = `\u0000guardianSet\u0000${pseudonym}\u0000`;
export const origin = { requestHash: sha256('a request'), actor: { kind: 'patient', pseudonym } } as const;
/** By what honest endorsers open a case. */
export const circumstances = (at: number, by: Circumstances['origin'] = origin): Circumstances => ({
  now: instantOf(at),
  origin: by,
  leastCoolingOffMinutes: LEAST_COOLING_OFF_MINUTES,
});
export const WEEK = 10_080 * MINUTE;

/** The line of the patient's audit by which they see that somebody vouches, to be signed by whoever that is ({@link byWhoSigns}). */
export function auditLine(event: string, atMillis: number, of = pseudonym): Record<string, string> {
  const at = instantOf(atMillis);
  const { objectType, key } = auditArea.entities.accessEvents;
  const line = { schemaVersion: 1, pseudonym: of, at, txId: TRANSACTION_ID, n: 0, event, actor: WHO_SIGNS };
  return { [['', objectType, of, key[1].spell(at), TRANSACTION_ID, '000', ''].join('\u0000')]: canonicalJson(line) };
}

/** Guardians, somebody who comes back, and what the chaincode writes for them. */
export class RecoveryWorld {
  readonly guardians = [newPrivateKey(), newPrivateKey(), newPrivateKey()] as const;
  readonly newKeys = [newPrivateKey(), newPrivateKey()] as const;
  readonly newKeyHash = hashOfKey(publicKeyOf(this.newKeys[0]));
  readonly caseId = recoveryCaseIdOf({ pseudonym, newKeyHash: this.newKeyHash, nonce });
  readonly caseKey = `\u0000recoveryCase\u0000${pseudonym}\u0000${this.caseId}\u0000`;
  readonly draft = { pseudonym, caseId: this.caseId, newKeyHash: this.newKeyHash };
  readonly key = { pseudonym, caseId: this.caseId };
  readonly evidence = reProofingCommitment(this.draft, { shown: 'passport', salt: saltSchema.parse(encodeBase64url(newSalt())) });

  get named(): Pick<GuardianSet, 'pseudonym' | 'guardians' | 'threshold' | 'coolingOffMinutes'> {
    return { pseudonym, guardians: this.guardians.map((key) => hashOfKey(publicKeyOf(key))), threshold: 2, coolingOffMinutes: 60 };
  }

  /** Of what a guardian opens. */
  openedBy(index: 0 | 1 | 2): Origin {
    return { ...origin, actor: { kind: 'guardian', pseudonym, keyHash: this.hash(index) } };
  }

  set(at: number): GuardianSet {
    return setGuardians(this.named, instantOf(at), origin);
  }

  hash(index: 0 | 1 | 2): Sha256 {
    return hashOfKey(publicKeyOf(this.guardians[index]));
  }
}
