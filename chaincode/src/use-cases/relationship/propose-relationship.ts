import { type Input, type Output, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, isReplay, ownActivePseudonym } from '../standing';

type Entry = typeof transactions.ProposeRelationship;

/** The registrar's hospital proposes a relationship to one of its pseudonyms. */
export async function ProposeRelationship(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const { pseudonym } = input;
  const [existing] = await Promise.all([scope.ledger.relationships.find(pseudonym, mspId), ownActivePseudonym(scope, pseudonym)]);
  const answer = { pseudonym, mspId, state: 'proposed' } as const;
  if (isReplay(scope, existing)) {
    return answer;
  }
  await scope.ledger.relationships.insert({
    schemaVersion: 1,
    ...input,
    mspId,
    state: 'proposed',
    proposedAt: scope.now,
    changedAt: scope.now,
    origin: originOf(scope),
  });
  recordEvent(scope, { name: 'RelationshipProposed', pseudonym, mspId });
  return answer;
}
