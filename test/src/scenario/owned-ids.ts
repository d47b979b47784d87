import { newIdNonce } from '@lianyi/client';
import { actorTagSchema, cardIdOf, mspIdSchema, pseudonymOf, pseudonymSchema, type Sha256, ticketIdOf } from '@lianyi/domain';

/** Ids of their owners, each with the nonce that goes with it into a request. */

export function newPseudonym(mspId: string, firstKeyHash: Sha256) {
  const nonce = newIdNonce();
  return { pseudonym: pseudonymOf({ mspId: mspIdSchema.parse(mspId), firstKeyHash, nonce }), nonce };
}

/** What registers somebody new at a hospital. */
export function newRegistration(mspId: string, nextKeyHash: Sha256) {
  return { ...newPseudonym(mspId, nextKeyHash), suite: 'P256-SHA256' as const, nextKeyHash };
}

export function newCardId(mspId: string, pseudonym: string) {
  const nonce = newIdNonce();
  return { cardId: cardIdOf({ mspId: mspIdSchema.parse(mspId), pseudonym: pseudonymSchema.parse(pseudonym), nonce }), nonce };
}

/** For the staff member who will ask. */
export function newTicketId({
  hospital,
  actorTag,
}: {
  readonly hospital: { readonly member: { readonly mspId: string } };
  readonly actorTag: string;
}) {
  const nonce = newIdNonce();
  return {
    ticketId: ticketIdOf({ mspId: mspIdSchema.parse(hospital.member.mspId), actorTag: actorTagSchema.parse(actorTag), nonce }),
    nonce,
  };
}
