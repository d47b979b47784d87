import { type Actor, type ActorReference, isPatientSide, type Origin, powersOf } from '../actor';
import { canonicalJson } from '../encoding/canonical-json';
import { DomainError } from '../domain-error';
import { type Powers } from '../delegated-acts';
import { type Sha256 } from '../encoding/values';
import { qualifiedName, type Caller, type TransactionEntry } from './entry';

/**
 * Tells whether an actor is one of a transaction's callers. Any resolved actor is a member's certificate holder too, but for the owner of a
 * slot, since whoever likes makes one, for a guardian and for who has a recovery code: their keys open nothing besides. Who acts for a patient is where the patient is, as far as
 * {@link assertMayDelegate} lets them.
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
  const powers = isPatientSide(actor) ? powersOf(actor) : undefined;
  if (powers !== undefined) assertMayDelegate(entry, powers);
}

/**
 * Holds a delegate to what they may do.
 * @throws {@link DomainError} `BEYOND_DELEGATION` — details name the transaction, the basis, and what it would take: scopes, or `patient`
 */
export function assertMayDelegate({ name, callers }: Pick<TransactionEntry, 'name' | 'callers'>, { basis, scopes }: Powers): void {
  const act = callers.find((caller) => caller.kind === 'patient')?.others;
  const beyond = (needed: string): DomainError => new DomainError('BEYOND_DELEGATION', undefined, { transaction: name, basis, needed });
  if (act?.bases.includes(basis) !== true) throw beyond('patient');
  if (act.scopes.length > 0 && !act.scopes.some((scope) => scopes.includes(scope))) throw beyond(act.scopes.join());
}

function isCaller(caller: Caller, actor: Actor): boolean {
  if (caller.kind === 'member') return actor.kind !== 'slot' && actor.kind !== 'guardian' && actor.kind !== 'pin';
  if (caller.kind === 'staff') return actor.kind === 'staff' && actor.roles.includes(caller.role);
  return actor.kind === caller.kind || (caller.kind === 'patient' && isPatientSide(actor));
}

/**
 * The actor as the ledger remembers it.
 * @throws {@link DomainError} `NOT_PERMITTED` — a bare member certificate names nobody who could be remembered, and the owner of a slot is not to be.
 */
export function referenceTo(actor: Actor): ActorReference {
  switch (actor.kind) {
    case 'staff':
      return { kind: 'staff', mspId: actor.mspId, actorTag: actor.actorTag };
    case 'patient':
      return { kind: 'patient', pseudonym: actor.pseudonym };
    case 'delegate':
      return { kind: 'delegate', pseudonym: actor.pseudonym, delegationId: actor.delegationId };
    case 'assisted':
      return { kind: 'assisted', pseudonym: actor.pseudonym, mspId: actor.mspId, actorTags: actor.actorTags };
    case 'guardian':
      return { kind: 'guardian', pseudonym: actor.pseudonym, keyHash: actor.keyHash };
    case 'pin':
      return { kind: 'pin', pinId: actor.pinId };
    case 'administrator':
      return { kind: 'administrator', mspId: actor.mspId, keyHash: actor.keyHash };
    case 'slot':
    case 'member':
      throw new DomainError('NOT_PERMITTED');
  }
}

/** Tells whether an entity came from this very request of this very actor: then its answer is given again (idempotency). */
export function isFrom(origin: Origin, requestHash: Sha256, actor: Actor): boolean {
  if (origin.requestHash !== requestHash || actor.kind === 'member' || actor.kind === 'slot') return false;
  return canonicalJson(origin.actor) === canonicalJson(referenceTo(actor));
}
