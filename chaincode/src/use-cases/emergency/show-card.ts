import {
  addMilliseconds,
  assertOwnId,
  type EmergencyCard,
  type Input,
  type Output,
  type Pseudonym,
  pseudonymSchema,
  ticketIdOf,
  type transactions,
} from '@lianyi/domain';
import { assertMemberOf, cardBefore, newEmergencyCard, owed } from '@lianyi/domain/deciding';
import { belongingsOf } from '../access/belongings-of';
import { emergencyKnown } from '../access/emergency-known';
import { permittedPage } from '../access/permitted-page';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';
import { assertOpens } from './assert-opens';
import { debtsOf } from '../access/debts-of';

type Show = typeof transactions.ShowCardInEmergency;
type List = typeof transactions.ListForEmergency;

/**
 * Keeps that a clinician has a card before them. The answer is the same whichever card it is, and if it is none: what an emergency would open of its
 * patient, {@link ListForEmergency} tells. Whose card it is, whatever its state, finds it in their audit.
 */
export async function ShowCardInEmergency(scope: WriteScope, input: Input<Show>): Promise<Output<Show>> {
  const { mspId, actorTag, departments } = asStaff(scope.actor);
  const { ticketId, nonce, cardId, department, reason } = input;
  assertMemberOf({ departments }, department);
  assertOwnId(ticketId, ticketIdOf({ mspId, actorTag, nonce }));
  const { emergencyCards, cards } = scope.ledger;
  const [existing, card] = await Promise.all([emergencyCards.find(ticketId), cards.find(cardId)]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) return answerOf(repeated);
  const asker = { mspId, actorTag, department };
  const shown = newEmergencyCard({ ticketId, cardId, asker, reason, origin: originOf(scope) }, scope.now);
  await emergencyCards.insert(shown);
  if (card !== undefined) recordEvent(scope, { name: 'EmergencyLookupNoted', ticketId, pseudonym: card.pseudonym }, { ticketId });
  return answerOf(shown);
}

function answerOf({ ticketId, until }: EmergencyCard): Output<Show> {
  return { ticketId, until };
}

/**
 * Lists what {@link BreakGlass} would permit now of the patient whose card it is, for who has it before them. A card that is none, one that is not active, a
 * patient who refuses, and one of whom nothing would open are told alike: nothing.
 */
export async function ListForEmergency(scope: ReadScope, { ticketId, opening, ...page }: Input<List>): Promise<Output<List>> {
  const { mspId, actorTag, roles, departments } = asStaff(scope.actor);
  const { ledger, now } = scope;
  const { cardId, asker } = cardBefore(await ledger.emergencyCards.find(ticketId), { mspId, actorTag }, now);
  assertMemberOf({ departments }, asker.department);
  const pseudonym = await holderOf(scope, cardId);
  const actor = { mspId, actorTag, roles, department: asker.department };
  const [debts, known, belongings] = await Promise.all([
    debtsOf(scope, asker),
    emergencyKnown(ledger, { pseudonym, asker }),
    belongingsOf(ledger, actor),
    assertOpens(scope, { opening, pseudonym }, asker),
  ]);
  const emergency = { scope: opening.scope, until: addMilliseconds(now, 1), ...owed(debts, now), ...known(belongings) };
  return permittedPage(ledger, { pseudonym, purpose: 'ETREAT', at: now, actor: { ...actor, ...belongings }, emergency }, page);
}

/** For a card that is none, or not active, nobody stands in, under an id that no pseudonym has: as much is read as of somebody. */
async function holderOf({ ledger }: ReadScope, cardId: EmergencyCard['cardId']): Promise<Pseudonym> {
  const card = await ledger.cards.find(cardId);
  return card?.state === 'active' ? card.pseudonym : pseudonymSchema.parse(cardId);
}
