import {
  type Actor,
  type AdministratorActor,
  assertActiveOrganisation,
  assertMadeByOwn,
  DomainError,
  isFrom,
  type MspId,
  type Organisation,
  type Origin,
  isPatientSide,
  type PatientActor,
  type PatientSideActor,
  type Pseudonym,
  type PseudonymEntry,
  speaksFor,
  type StaffActor,
} from '@lianyi/domain';
import { assertHospital, assertRegisteredByOwn } from '@lianyi/domain/deciding';
import { mspOf, type ReadScope, type WriteScope } from './scope';

/** The actor as staff. The catalogue lets nobody else this far; a use case says so again where its types need it. */
export function asStaff(actor: Actor): StaffActor {
  if (actor.kind !== 'staff') {
    throw new DomainError('NOT_PERMITTED');
  }
  return actor;
}

/** The actor as an administrator; as {@link asStaff}. */
export function asAdministrator(actor: Actor): AdministratorActor {
  if (actor.kind !== 'administrator') {
    throw new DomainError('NOT_PERMITTED');
  }
  return actor;
}

/** The actor as the patient whom the request is about. @throws {@link DomainError} `NOT_PERMITTED` — another patient. */
export function asPatient(actor: Actor, pseudonym: Pseudonym): PatientActor {
  if (actor.kind !== 'patient' || actor.pseudonym !== pseudonym) {
    throw new DomainError('NOT_PERMITTED', 'a patient commands over their own pseudonym only');
  }
  return actor;
}

/** The actor as the patient whom the request is about, or as who acts for them. @throws {@link DomainError} `NOT_PERMITTED` — anybody else. */
export function asPatientSide(actor: Actor, pseudonym: Pseudonym): PatientSideActor {
  if (!speaksFor(actor, pseudonym)) {
    throw new DomainError('NOT_PERMITTED', 'neither the patient nor who acts for them');
  }
  return actor;
}

/** The actor's own organisation. @throws {@link DomainError} `NOT_ACTIVE_ORGANISATION` */
export async function ownActiveOrganisation(scope: ReadScope): Promise<Organisation> {
  const organisation = await scope.ledger.organisations.find(mspOf(scope.actor));
  if (organisation === undefined) {
    throw new DomainError('NOT_ACTIVE_ORGANISATION');
  }
  assertActiveOrganisation(organisation);
  return organisation;
}

/** @throws {@link DomainError} `NOT_ACTIVE_ORGANISATION` — no member, or one that is left or suspended */
export async function assertActiveMember(scope: ReadScope, mspId: MspId): Promise<void> {
  const organisation = await scope.ledger.organisations.find(mspId);
  if (organisation === undefined) throw new DomainError('NOT_ACTIVE_ORGANISATION', undefined, { mspId });
  assertActiveOrganisation(organisation);
}

/**
 * Who vouches as the second is of a hospital, and their own hospital says who they are: whom the patient’s hospital would not believe is
 * refused where that can be known here.
 * @throws {@link DomainError} `NOT_PERMITTED` — of an insurer, a laboratory, or whatever has registrars; others have written who they are
 */
export async function assertOfHospital(scope: ReadScope): Promise<void> {
  const { mspId, actorTag } = asStaff(scope.actor);
  const [{ kinds, origin }, entry] = await Promise.all([ownActiveOrganisation(scope), scope.ledger.staff.get(mspId, actorTag)]);
  assertHospital(kinds);
  assertRegisteredByOwn(mspId, origin.actor);
  assertMadeByOwn(entry);
}

/** A pseudonym of the actor's own hospital. @throws {@link DomainError} `NOT_FOUND`; `NOT_PERMITTED` — it is another hospital's. */
export async function ownPseudonym(scope: ReadScope, pseudonym: Pseudonym): Promise<PseudonymEntry> {
  const entry = await scope.ledger.pseudonyms.get(pseudonym);
  if (entry.mspId !== asStaff(scope.actor).mspId) {
    throw new DomainError('NOT_PERMITTED', 'the pseudonym belongs to another hospital');
  }
  return entry;
}

/**
 * A pseudonym of the actor's own hospital that is not closed.
 *
 * @throws {@link DomainError} as {@link ownPseudonym}; `ILLEGAL_STATE` — it is closed.
 */
export async function ownActivePseudonym(scope: ReadScope, pseudonym: Pseudonym): Promise<PseudonymEntry> {
  const entry = await ownPseudonym(scope, pseudonym);
  if (entry.state !== 'active') {
    throw new DomainError('ILLEGAL_STATE', undefined, { state: entry.state });
  }
  return entry;
}

/**
 * Lets the patient, who acts for them, or staff of the hospital that keeps the pseudonym, read what concerns it.
 *
 * @throws {@link DomainError} `NOT_PERMITTED` — anybody else; an unknown pseudonym answers the same, so that nobody
 * learns which exist.
 */
export async function assertConcerns(scope: ReadScope, pseudonym: Pseudonym): Promise<void> {
  if (isPatientSide(scope.actor)) {
    asPatientSide(scope.actor, pseudonym);
    return;
  }
  const entry = await scope.ledger.pseudonyms.find(pseudonym);
  if (entry?.mspId !== asStaff(scope.actor).mspId) {
    throw new DomainError('NOT_PERMITTED', 'neither the patient nor their hospital');
  }
}

/**
 * What this very request of this very actor has made before, as it is now; undefined if the request is new.
 *
 * A repeated request writes nothing and answers from this: what it made may have been revoked, closed or amended since.
 * @throws {@link DomainError} `ALREADY_EXISTS` — another request has made it.
 */
export function madeBefore<Made extends { readonly origin: Origin }>(scope: WriteScope, existing: Made | undefined): Made | undefined {
  if (existing !== undefined && !isFrom(existing.origin, scope.requestHash, scope.actor)) {
    throw new DomainError('ALREADY_EXISTS');
  }
  return existing;
}
