import { type Input, type Output, type Relationship, type transactions } from '@lianyi/domain';
import { assertMayPropose } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore, ownActiveOrganisation, ownActivePseudonym } from '../standing';

type Entry = typeof transactions.ProposeRelationship;

/** The registrar's organisation proposes a relationship of a kind that is its matter to one of its pseudonyms. */
export async function ProposeRelationship(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const { pseudonym } = input;
  const [existing, { kinds }] = await Promise.all([
    scope.ledger.relationships.find(pseudonym, mspId),
    ownActiveOrganisation(scope),
    ownActivePseudonym(scope, pseudonym),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  assertMayPropose(kinds, input.type, input.group);
  if (input.group !== undefined) {
    await scope.ledger.groups.get(mspId, input.group);
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
