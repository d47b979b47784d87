import { DomainError } from '../domain-error';
import { type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { type Relationship, type RelationshipState } from './entities';

export type RelationshipCommand = 'accept' | 'reject' | 'suspend' | 'resume' | 'terminate';
export type RelationshipSide = 'patient' | 'organisation';

/** Terminated and rejected are for ever: who returns gets a new pseudonym, so the old life does not join the new one. */
export const relationshipTable: StateTable<RelationshipState, RelationshipCommand> = {
  proposed: { accept: 'active', reject: 'rejected' },
  active: { suspend: 'suspended', terminate: 'terminated' },
  suspended: { resume: 'active', terminate: 'terminated' },
  terminated: {},
  rejected: {},
};

/**
 * Changes a relationship by a command of one side.
 * @throws {@link DomainError} `ILLEGAL_STATE` — the table knows no such step;
 * `NOT_PERMITTED` — accepting and rejecting are the patient's, resuming is for the side that suspended.
 */
export function changeRelationship(
  relationship: Relationship,
  command: RelationshipCommand,
  side: RelationshipSide,
  now: Instant,
): Relationship {
  const state = nextState(relationshipTable, relationship.state, command);
  if (!mayCommand(relationship, command, side)) throw new DomainError('NOT_PERMITTED', undefined, { command, side });
  const changed: Relationship = { ...relationship, state, changedAt: now };
  if (command === 'suspend') changed.suspendedBy = side;
  else delete changed.suspendedBy;
  return changed;
}

function mayCommand(relationship: Relationship, command: RelationshipCommand, side: RelationshipSide): boolean {
  if (command === 'accept' || command === 'reject') return side === 'patient';
  if (command === 'resume') return relationship.suspendedBy === side;
  return true;
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — there is no active relationship, which is what publishing needs. */
export function assertActiveRelationship(relationship: Pick<Relationship, 'state'> | undefined): void {
  if (relationship?.state !== 'active')
    throw new DomainError('ILLEGAL_STATE', 'the relationship is not active', { state: relationship?.state ?? 'none' });
}
