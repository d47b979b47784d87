import {
  type Actor,
  assertKeepsAnswer,
  DomainError,
  type Input,
  type MspId,
  type Output,
  powersOf,
  type Pseudonym,
  type Relationship,
  speaksFor,
  type transactions,
} from '@lianyi/domain';
import {
  assertAccepts,
  assertAcceptsGroup,
  changeRelationship,
  type RelationshipCommand,
  type RelationshipParty,
} from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { type ReadScope, type WriteScope } from '../scope';

type Get = typeof transactions.GetRelationship;
type Change = typeof transactions.AcceptRelationship;
type Ends = Omit<Input<Change>, 'type' | 'group'>;
type UseCase = (scope: WriteScope, input: Ends) => Promise<Output<Change>>;

const events = {
  accept: 'RelationshipAccepted',
  reject: 'RelationshipRejected',
  suspend: 'RelationshipSuspended',
  resume: 'RelationshipResumed',
  proposeTermination: 'RelationshipTerminationProposed',
  terminate: 'RelationshipTerminated',
} as const satisfies Record<RelationshipCommand, string>;

/** The six commands differ in nothing but the step that the domain's table allows. */
const commanding =
  (command: RelationshipCommand): UseCase =>
  async (scope, { pseudonym, mspId }) => {
    const party = partyOf(scope.actor, pseudonym, mspId);
    const before = await scope.ledger.relationships.get(pseudonym, mspId);
    const present = command === 'terminate' ? await withoutLapsedProposal(scope, before) : before;
    const relationship = changeRelationship(present, command, party, scope.now);
    await scope.ledger.relationships.replace(relationship);
    recordEvent(scope, { name: events[command], pseudonym, mspId });
    return { pseudonym, mspId, state: relationship.state };
  };

const accept = commanding('accept');

/**
 * Accepts the proposal as the patient has seen it: who can write entries could put another kind in its place before it is answered. The
 * patient accepts what is in force once more; who acts for them does not answer what has its answer.
 */
export async function AcceptRelationship(scope: WriteScope, { type, group, ...ends }: Input<Change>): Promise<Output<Change>> {
  const proposed = await scope.ledger.relationships.find(ends.pseudonym, ends.mspId);
  const powers = speaksFor(scope.actor, ends.pseudonym) ? powersOf(scope.actor) : undefined;
  if (powers !== undefined && proposed?.state === 'active') assertKeepsAnswer(powers, 'accepted');
  const accepted = await accept(scope, ends);
  if (proposed !== undefined) {
    assertAccepts(proposed.type, type);
    assertAcceptsGroup(proposed.group, group);
  }
  return accepted;
}

export const RejectRelationship = commanding('reject');
export const SuspendRelationship = commanding('suspend');
export const ResumeRelationship = commanding('resume');
export const ProposeTermination = commanding('proposeTermination');
export const TerminateRelationship = commanding('terminate');

export function GetRelationship(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.relationships.get(input.pseudonym, input.mspId);
}

/** A proposal to end it stands only while who made it is a registrar: whom the hospital has revoked agrees to nothing any more. */
async function withoutLapsedProposal(scope: ReadScope, relationship: Relationship): Promise<Relationship> {
  const { terminationProposed, ...others } = relationship;
  if (terminationProposed === undefined) return relationship;
  const proposer = await scope.ledger.staff.find(relationship.mspId, terminationProposed.by);
  return proposer?.state === 'active' && proposer.roles.includes('registrar') ? relationship : others;
}

/** @throws {@link DomainError} `NOT_PERMITTED` — the actor stands on neither side. */
function partyOf(actor: Actor, pseudonym: Pseudonym, mspId: MspId): RelationshipParty {
  if (speaksFor(actor, pseudonym)) {
    return { side: 'patient' };
  }
  if (actor.kind === 'staff' && actor.mspId === mspId) {
    return { side: 'organisation', actorTag: actor.actorTag };
  }
  throw new DomainError('NOT_PERMITTED', 'neither side of this relationship');
}
