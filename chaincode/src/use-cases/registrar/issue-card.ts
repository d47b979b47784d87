import { assertOwnId, type Card, cardIdOf, type Input, type Output, type transactions } from '@lianyi/domain';
import { assertHospital } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore, ownActiveOrganisation, ownActivePseudonym } from '../standing';

type Entry = typeof transactions.IssueCard;

/** Issues an e-card for a pseudonym of the registrar's hospital; the patient activates it. */
export async function IssueCard(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const { nonce, ...issued } = input;
  assertOwnId(issued.cardId, cardIdOf({ mspId, pseudonym: issued.pseudonym, nonce }));
  const [existing, { kinds }] = await Promise.all([
    scope.ledger.cards.find(input.cardId),
    ownActiveOrganisation(scope),
    ownActivePseudonym(scope, input.pseudonym),
  ]);
  assertHospital(kinds);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  const card: Card = {
    schemaVersion: 1,
    ...issued,
    issuerMspId: mspId,
    state: 'requested',
    issuedAt: scope.now,
    changedAt: scope.now,
    origin: originOf(scope),
  };
  await scope.ledger.cards.insert(card);
  recordEvent(scope, { name: 'CardIssued', cardId: input.cardId, pseudonym: input.pseudonym });
  return answerOf(card);
}

function answerOf({ cardId, state }: Card): Output<Entry> {
  return { cardId, state };
}
