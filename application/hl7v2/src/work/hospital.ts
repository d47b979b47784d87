import { type DocumentToPublish } from '@lianyi/client';
import { type IdNonce, type Identifier, type Pseudonym } from '@lianyi/domain';

/** What a message becomes: a document of one patient. */
export type PatientDocument = Pick<DocumentToPublish, 'bytes'> & {
  readonly pseudonym: Pseudonym;
  readonly nonce: IdNonce;
  readonly described: NonNullable<DocumentToPublish['described']>;
  readonly details: NonNullable<DocumentToPublish['details']>;
};

/** The own hospital, as far as messages need it. */
export interface OwnHospital {
  /** Whose number it is; undefined: it is linked to nobody. @throws {@link DomainError}, LedgerFailure */
  pseudonymOf(identifier: Identifier): Promise<Pseudonym | undefined>;
  /** Publishes a document; the same nonce again is the same record. @throws {@link DomainError}, LedgerFailure */
  publish(document: PatientDocument): Promise<{ readonly recordId: string }>;
}
