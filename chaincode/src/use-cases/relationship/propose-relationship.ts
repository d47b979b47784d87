import { type Input, type Output, type Relationship, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore, ownActivePseudonym } from '../standing';

type Entry = typeof transactions.ProposeRelationship;

/** The registrar's hospital proposes a relationship to one of its pseudonyms. */
export async function ProposeRelationship(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const { pseudonym } = input;
  const [existing] = await Promise.all([scope.ledger.relationships.find(pseudonym, mspId), ownActivePseudonym(scope, pseudonym)]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  const relationship: Relationship = {
    schemaVersion: 1,
    ...input,
    mspId,
    state: 'proposed',
    proposedAt: scope.now,
    changedAt: scope.now,
    origin: originOf(scope),
  };
  await scope.ledger.relationships.insert(relationship);
  recordEvent(scope, { name: 'RelationshipProposed', pseudonym, mspId });
  return answerOf(relationship);
}

function answerOf({ pseudonym, mspId, state }: Relationship): Output<Entry> {
  return { pseudonym, mspId, state };
}
