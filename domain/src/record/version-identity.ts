import { hashOfJson } from '../crypto/sha256';
import { type Sha256 } from '../encoding/values';
import { type Pseudonym, type RecordId } from '../ids';
import { type ChannelBinding } from '../proof/statements';

/**
 * One version of one record of one pseudonym on one channel: what a sealed object, its key, its commitments and its receipts are for
 * (ADR 0030). A record's id alone says less: to another channel it means nothing.
 */
export interface VersionIdentity extends ChannelBinding {
  readonly pseudonym: Pseudonym;
  readonly recordId: RecordId;
  /** 1 for the anchored record, then one more for each amendment. */
  readonly version: number;
}

/** The identity of a version, and nothing else that the two objects may hold. */
export function versionIdentityOf(
  { channel, genesis }: ChannelBinding,
  { pseudonym, recordId, version }: Pick<VersionIdentity, 'pseudonym' | 'recordId' | 'version'>,
): VersionIdentity {
  return { channel, genesis, pseudonym, recordId, version };
}

/** SHA-256 by which receipts and commitments name a version; who does not know its random ids learns nothing from it. */
export function hashOfVersion({ channel, genesis, pseudonym, recordId, version }: VersionIdentity): Sha256 {
  return hashOfJson(['lianyi/record-version/v1', channel, genesis, pseudonym, recordId, version]);
}
