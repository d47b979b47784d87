import { type PrivateKey } from '@lianyi/client';
import {
  type ActorTag,
  type Department,
  type Identifier,
  type IdNonce,
  type Ledger,
  type LinkId,
  type MspId,
  type Pseudonym,
  type RecordId,
  type TicketId,
} from '@lianyi/domain';
import { type OpenedBytes } from '../resources/opened-document';

/** What is published: a new record, or the next version of one. */
export type DocumentPublication = { readonly pseudonym: Pseudonym; readonly recordId: RecordId; readonly bytes: Uint8Array } & (
  | { readonly nonce: IdNonce; readonly amends?: never }
  | { readonly amends: { readonly previousVersion: number; readonly operation: 'replace' }; readonly nonce?: never }
);

/** Has a document checked, sealed, stored at two hospitals and anchored, under the signature of who acts. */
export interface Publisher {
  /** @throws DomainError, LedgerFailure as `MemberNodeClient.publishRecord` */
  publish(publication: DocumentPublication): Promise<{ readonly recordId: RecordId; readonly version: number }>;
}

/** A permitted ticket, and what opens what is released to it. */
export type OpenTicket = { readonly ticketId: TicketId; readonly pseudonym: Pseudonym; readonly ephemeralKey: PrivateKey };

/** Fetches and opens a document under a ticket that is committed. */
export interface DocumentReader {
  /** @throws DomainError, LedgerFailure as `MemberNodeClient.readDocument` */
  read(ticket: OpenTicket, recordId: RecordId): Promise<OpenedBytes>;
}

/** What the own hospital's node alone can say. */
export interface OwnNode {
  /** The id of an identifier's link; for registrars. */
  linkIdOf(identifier: Identifier): Promise<LinkId>;
  /** By which pseudonyms of other hospitals the patient has introduced themself to this one. */
  introduced(pseudonym: Pseudonym): Promise<readonly { readonly pseudonym: Pseudonym; readonly mspId: MspId }[]>;
}

/** In whose name an application's requests are done: one staff entry, and what signs and reads for it. */
export interface ActingStaff {
  readonly mspId: MspId;
  readonly actorTag: ActorTag;
  /** Where it asks to read; undefined: the entry only writes. */
  readonly department: Department | undefined;
  readonly ledger: Ledger;
  readonly publisher: Publisher;
  readonly reader: DocumentReader;
  readonly node: OwnNode;
}
