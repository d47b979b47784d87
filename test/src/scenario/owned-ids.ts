import { newIdNonce } from '@lianyi/client';
import {
  actorTagSchema,
  type CardId,
  cardIdOf,
  type IdNonce,
  mspIdSchema,
  type Pseudonym,
  pseudonymOf,
  pseudonymSchema,
  type RecordId,
  recordIdOf,
  type Sha256,
  type TicketId,
  ticketIdOf,
} from '@lianyi/domain';

/** Ids of their owners, each with the nonce that goes with it into a request. */

/** What registers a pseudonym, but for the suite and the key. */
export interface NewPseudonym {
  readonly pseudonym: Pseudonym;
  readonly nonce: IdNonce;
}

function newPseudonym(mspId: string, firstKeyHash: Sha256): NewPseudonym {
  const nonce = newIdNonce();
  return { pseudonym: pseudonymOf({ mspId: mspIdSchema.parse(mspId), firstKeyHash, nonce }), nonce };
}

/** What registers somebody new at a hospital. */
export function newRegistration(
  mspId: string,
  nextKeyHash: Sha256,
): NewPseudonym & { readonly suite: 'P256-SHA256'; readonly nextKeyHash: Sha256 } {
  return { ...newPseudonym(mspId, nextKeyHash), suite: 'P256-SHA256' as const, nextKeyHash };
}

export function newCardId(mspId: string, pseudonym: string): { readonly cardId: CardId; readonly nonce: IdNonce } {
  const nonce = newIdNonce();
  return { cardId: cardIdOf({ mspId: mspIdSchema.parse(mspId), pseudonym: pseudonymSchema.parse(pseudonym), nonce }), nonce };
}

/** What publishes a record at a hospital. */
export function newRecordId(mspId: string, pseudonym: string): { readonly recordId: RecordId; readonly nonce: IdNonce } {
  const nonce = newIdNonce();
  return { recordId: recordIdOf({ mspId: mspIdSchema.parse(mspId), pseudonym: pseudonymSchema.parse(pseudonym), nonce }), nonce };
}

/** For the staff member who will ask. */
export function newTicketId({
  hospital,
  actorTag,
}: {
  readonly hospital: { readonly member: { readonly mspId: string } };
  readonly actorTag: string;
}): { readonly ticketId: TicketId; readonly nonce: IdNonce } {
  const nonce = newIdNonce();
  return {
    ticketId: ticketIdOf({ mspId: mspIdSchema.parse(hospital.member.mspId), actorTag: actorTagSchema.parse(actorTag), nonce }),
    nonce,
  };
}
