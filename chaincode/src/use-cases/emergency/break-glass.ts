import {
  addMilliseconds,
  assertOwnId,
  type EmergencyDebt,
  type Input,
  isOwnAsker,
  type Output,
  type Ticket,
  ticketIdOf,
  type transactions,
} from '@lianyi/domain';
import {
  assertMemberOf,
  debtorsOf,
  type EmergencyDebts,
  type EmergencyFacts,
  isInDebt,
  listedUnder,
  newEmergency,
  owing,
} from '@lianyi/domain/deciding';
import { belongingsOf } from '../access/belongings-of';
import { answerToStaff, commitTicket } from '../access/commit-ticket';
import { decide } from '../access/decide';
import { emergencyChoiceOf } from '../access/emergency-choice';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';
import { assertOpens } from './assert-opens';
import { debtsOf } from './debts-of';

type Entry = typeof transactions.BreakGlass;

/**
 * Decides whether a clinician may read records in an emergency without a consent, each of them by itself, and commits the decisions as a ticket like
 * any other; they take no use of any consent. What opens one of them at least is also one case that waits for its review, and one debt of the person
 * and of their department until then.
 */
export async function BreakGlass(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId, actorTag, roles, departments } = asStaff(scope.actor);
  const { ticketId, nonce, pseudonym, recordIds, department, ephemeralPublicKey, opening } = input;
  assertMemberOf({ departments }, department);
  assertOwnId(ticketId, ticketIdOf({ mspId, actorTag, nonce }));
  const actor = { mspId, actorTag, roles, department };
  const asker = { mspId, actorTag, department };
  const [existing, debts, choice, belongings] = await Promise.all([
    scope.ledger.tickets.find(ticketId),
    debtsOf(scope, asker),
    emergencyChoiceOf(scope.ledger, pseudonym),
    belongingsOf(scope.ledger, actor),
    assertOpens(scope, input, asker),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) return answerToStaff(repeated);
  const { scope: extent } = opening;
  const until = addMilliseconds(scope.now, input.lastsMinutes * 60_000);
  const emergency: EmergencyFacts = { scope: extent, until, isInDebt: isInDebt(debts, scope.now), choice };
  const purpose = 'ETREAT';
  const decided = await decide(scope.ledger, {
    pseudonym,
    recordIds,
    purpose,
    at: scope.now,
    actor: { ...actor, ...belongings },
    emergency,
  });
  const asked = { ticketId, pseudonym, recordIds, purpose, ephemeralPublicKey, actor, emergency: { scope: extent } } as const;
  const ticket = await commitTicket(scope, { schemaVersion: 1, ...asked, requestedAt: scope.now, origin: originOf(scope) }, decided);
  await openCase(scope, ticket, input, debts);
  return answerToStaff(ticket);
}

/** Nothing waits for a review that was denied. */
async function openCase(
  { ledger }: WriteScope,
  ticket: Ticket,
  { reason, opening, narrativeCommitment }: Input<Entry>,
  debts: EmergencyDebts,
): Promise<void> {
  const { actor } = ticket;
  if (ticket.decision === 'deny' || isOwnAsker(actor)) return;
  const emergency = newEmergency({ ...ticket, actor }, { reason, opening, narrativeCommitment });
  await ledger.emergencies.insert(emergency);
  for (const listed of listedUnder(emergency)) await ledger.emergenciesOf.insert(listed);
  const debtors = debtorsOf(emergency.asker);
  const owe = async (debt: EmergencyDebt | undefined, debtor: EmergencyDebt['debtor']): Promise<void> => {
    const more = owing(debt, debtor, emergency);
    await ledger.emergencyDebts.put(more);
  };
  await owe(debts.person, debtors.person);
  await owe(debts.department, debtors.department);
}
