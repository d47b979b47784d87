import { DomainError } from '../domain-error';
import { type ActorTag } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { type Relationship, type RelationshipState } from './transactions';

export type RelationshipCommand = 'accept' | 'reject' | 'suspend' | 'resume' | 'proposeTermination' | 'terminate';
export type RelationshipSide = 'patient' | 'organisation';
/** Who commands: the patient, or one registrar of the hospital. */
export type RelationshipParty = { readonly side: 'patient' } | { readonly side: 'organisation'; readonly actorTag: ActorTag };

/** How long a registrar's proposal to end a relationship waits for another registrar: 7 days; at that instant it has lapsed. */
const TERMINATION_PROPOSAL_LIFETIME_MS = 7 * 24 * 3_600_000;

/**
 * Terminated and rejected are for ever: who returns gets a new pseudonym, so the old life does not join the new one.
 *
 * What is left after the end is the patient's: to close all reading, and to open it again (ADR 0032). What is accepted is accepted once more
 * where the patient's hospital did not believe it the first time (ADR 0047): the chaincode cannot know, and leaves all else as it was.
 */
export const relationshipTable: StateTable<RelationshipState, RelationshipCommand> = {
  proposed: { accept: 'active', reject: 'rejected' },
  active: { accept: 'active', suspend: 'suspended', proposeTermination: 'active', terminate: 'terminated' },
  suspended: { suspend: 'suspended', resume: 'active', proposeTermination: 'suspended', terminate: 'terminated' },
  terminated: { suspend: 'terminated', resume: 'terminated' },
  rejected: {},
};

/**
 * Changes a relationship by a command of one side.
 * @throws {@link DomainError} `ILLEGAL_STATE` — the table knows no such step, or the side suspends it already, or not at all;
 * `NOT_PERMITTED` — accepting, rejecting and all that follows an end are the patient's, resuming is for a side that suspended;
 * `QUORUM` — a hospital ends a relationship by two registrars, and no other one has proposed it within 7 days.
 */
export function changeRelationship(
  relationship: Relationship,
  command: RelationshipCommand,
  by: RelationshipParty,
  now: Instant,
): Relationship {
  const next = nextState(relationshipTable, relationship.state, command);
  if (!mayCommand(relationship, command, by.side)) throw new DomainError('NOT_PERMITTED', undefined, { command, side: by.side });
  if (command === 'terminate') assertSecondPerson(relationship, by, now);
  const { terminationProposed, ...kept } = relationship;
  delete kept.suspendedBy;
  const suspendedBy = suspendedAfter(relationship, command, by.side);
  const changed: Relationship = { ...kept, state: stateAfter(next, command, suspendedBy), changedAt: now };
  if (suspendedBy !== undefined) changed.suspendedBy = suspendedBy;
  if (command === 'proposeTermination' && by.side === 'organisation') changed.terminationProposed = { by: by.actorTag, at: now };
  else if (terminationProposed !== undefined && next !== 'terminated') changed.terminationProposed = terminationProposed;
  return changed;
}

function mayCommand({ state, suspendedBy }: Relationship, command: RelationshipCommand, side: RelationshipSide): boolean {
  if (command === 'accept' || command === 'reject') return side === 'patient';
  if (command === 'proposeTermination') return side === 'organisation';
  if (state === 'terminated') return side === 'patient';
  return command !== 'resume' || suspendedBy === side || suspendedBy === 'both';
}

/**
 * Lets no registrar end a relationship alone.
 * @throws {@link DomainError} `QUORUM` — the hospital's side, without another registrar's proposal that still stands.
 */
function assertSecondPerson({ terminationProposed }: Relationship, by: RelationshipParty, now: Instant): void {
  if (by.side === 'patient') return;
  const stands =
    terminationProposed !== undefined &&
    terminationProposed.by !== by.actorTag &&
    now < addMilliseconds(terminationProposed.at, TERMINATION_PROPOSAL_LIFETIME_MS);
  if (!stands) throw new DomainError('QUORUM', 'another registrar must have proposed the end', { command: 'terminate', needed: 2 });
}

type Suspension = Relationship['suspendedBy'];

/** Who suspends it after the command. @throws {@link DomainError} `ILLEGAL_STATE` — the side suspends it already, or not at all. */
function suspendedAfter({ state, suspendedBy }: Relationship, command: RelationshipCommand, side: RelationshipSide): Suspension {
  const sides = new Set<RelationshipSide>(
    suspendedBy === 'both' ? ['patient', 'organisation'] : suspendedBy === undefined ? [] : [suspendedBy],
  );
  const isChanged = command === 'suspend' ? !sides.has(side) : command === 'resume' ? sides.has(side) : true;
  if (!isChanged) throw new DomainError('ILLEGAL_STATE', undefined, { state, command });
  if (command === 'suspend') sides.add(side);
  if (command === 'resume') sides.delete(side);
  // the hospital has nothing left to suspend; what the patient has closed stays closed
  if (command === 'terminate') sides.delete('organisation');
  return sides.size === 2 ? 'both' : [...sides][0];
}

/** A relationship that one side resumes stays suspended while the other side suspends it. */
function stateAfter(next: RelationshipState, command: RelationshipCommand, suspendedBy: Suspension): RelationshipState {
  return command === 'resume' && next === 'active' && suspendedBy !== undefined ? 'suspended' : next;
}

/** What a relationship lets be read of the patient's records: nothing; what the patient grants; that and what the default policy opens. */
export type ReadingExtent = 'nothing' | 'granted' | 'granted-and-default';

/** What each state opens while the patient does not suspend it; the compiler asks it of a new state. */
const opened: Readonly<Record<RelationshipState, ReadingExtent>> = {
  proposed: 'nothing',
  active: 'granted-and-default',
  suspended: 'granted',
  terminated: 'granted',
  rejected: 'nothing',
};

/**
 * How far reading goes (ADR 0032).
 *
 * The hospital's suspension or end closes its own default and nothing else: what the patient grants stays readable, else the hospital
 * alone could take a patient's records away. The patient's suspension closes everything.
 */
export function readingExtent(relationship: Pick<Relationship, 'state' | 'suspendedBy'> | undefined): ReadingExtent {
  if (relationship === undefined) return 'nothing';
  const { state, suspendedBy } = relationship;
  return suspendedBy === 'patient' || suspendedBy === 'both' ? 'nothing' : opened[state];
}
