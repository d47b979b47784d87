import { type DocumentToPublish } from '@lianyi/client';
import { type IdNonce, type Identifier, type Pseudonym, type RecordId } from '@lianyi/domain';

/** What a message becomes: a document of one patient. */
export type PatientDocument = Pick<DocumentToPublish, 'bytes'> & {
  readonly pseudonym: Pseudonym;
  readonly nonce: IdNonce;
  readonly described: NonNullable<DocumentToPublish['described']>;
  readonly details: NonNullable<DocumentToPublish['details']>;
  readonly care?: NonNullable<DocumentToPublish['care']>;
  /** It is this version of a record that is there; left out: a new record. */
  readonly amends?: { readonly recordId: RecordId; readonly version: number };
};

/** The own hospital, as far as messages need it. */
export interface OwnHospital {
  /** Whose number it is; undefined: it is linked to nobody. @throws {@link DomainError}, LedgerFailure */
  pseudonymOf(identifier: Identifier): Promise<Pseudonym | undefined>;
  /**
   * Publishes a document; the same nonce again is the same record, the same version the same version.
   * @throws {@link DomainError}, LedgerFailure; `VERSION_CONFLICT` — somebody else has written that version
   */
  publish(document: PatientDocument): Promise<{ readonly recordId: RecordId }>;
  /** The present version of a record. @throws {@link DomainError}, LedgerFailure */
  versionOf(record: { readonly pseudonym: Pseudonym; readonly recordId: RecordId }): Promise<number>;
}
