import { type Actor, type ActorReference, type Origin } from '../actor';
import { DomainError } from '../domain-error';
import { assertMayDelegate } from '../delegated-acts';
import { type Sha256 } from '../encoding/values';
import { qualifiedName, type Caller, type TransactionEntry } from './entry';

/**
 * Tells whether an actor is one of a transaction's callers. Any resolved actor is a member's certificate holder too; a delegate is where the
 * patient is, as far as {@link assertMayDelegate} lets them.
 */
export function mayCall(entry: Pick<TransactionEntry, 'callers'>, actor: Actor): boolean {
  return entry.callers.some((caller) => isCaller(caller, actor));
}

/**
 * @throws {@link DomainError} `NOT_PERMITTED` — the catalogue does not name such an actor; `BEYOND_DELEGATION` — it names the patient, and
 * who acts for them may not do this
 */
export function assertMayCall(entry: TransactionEntry, actor: Actor): void {
  if (!mayCall(entry, actor)) throw new DomainError('NOT_PERMITTED', undefined, { transaction: qualifiedName(entry), actor: actor.kind });
  if (actor.kind === 'delegate') assertMayDelegate(entry.name, actor);
}

function isCaller(caller: Caller, actor: Actor): boolean {
  if (caller.kind === 'member') return true;
  if (caller.kind === 'staff') return actor.kind === 'staff' && actor.roles.includes(caller.role);
  return actor.kind === caller.kind || (caller.kind === 'patient' && actor.kind === 'delegate');
}

/**
 * The actor as the ledger remembers it.
 * @throws {@link DomainError} `NOT_PERMITTED` — a bare member certificate names nobody who could be remembered.
 */
export function referenceTo(actor: Actor): ActorReference {
  switch (actor.kind) {
    case 'staff':
      return { kind: 'staff', mspId: actor.mspId, actorTag: actor.actorTag };
    case 'patient':
      return { kind: 'patient', pseudonym: actor.pseudonym };
    case 'delegate':
      return { kind: 'delegate', pseudonym: actor.pseudonym, delegationId: actor.delegationId };
    case 'administrator':
      return { kind: 'administrator', mspId: actor.mspId, keyHash: actor.keyHash };
    case 'member':
      throw new DomainError('NOT_PERMITTED');
  }
}

/** Tells whether an entity came from this very request of this very actor: then its answer is given again (idempotency). */
export function isFrom(origin: Origin, requestHash: Sha256, actor: Actor): boolean {
  if (origin.requestHash !== requestHash || actor.kind === 'member') return false;
  return sameActor(origin.actor, referenceTo(actor));
}

function sameActor(one: ActorReference, other: ActorReference): boolean {
  if (one.kind === 'patient') return other.kind === 'patient' && one.pseudonym === other.pseudonym;
  if (one.kind === 'delegate')
    return other.kind === 'delegate' && one.delegationId === other.delegationId && one.pseudonym === other.pseudonym;
  if (one.kind === 'staff') return other.kind === 'staff' && one.mspId === other.mspId && one.actorTag === other.actorTag;
  return other.kind === 'administrator' && one.mspId === other.mspId && one.keyHash === other.keyHash;
}
