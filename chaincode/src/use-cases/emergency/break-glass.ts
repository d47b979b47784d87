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
  listedUnder,
  newEmergency,
  owed,
  owing,
} from '@lianyi/domain/deciding';
import { belongingsOf } from '../access/belongings-of';
import { answerToStaff, commitTicket } from '../access/commit-ticket';
import { decide, readablesOf } from '../access/decide';
import { emergencyKnown } from '../access/emergency-known';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';
import { assertOpens } from './assert-opens';
import { debtsOf } from '../access/debts-of';

type Entry = typeof transactions.BreakGlass;

/**
 * Decides whether a clinician may read records in an emergency without a consent, each of them by itself, and commits the decisions as a ticket like
 * any other; they take no use of any consent. What opens one of them at least is also one case that waits for its review, and one debt of the person
 * and of their department until then.
 */
export async function BreakGlass(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId, actorTag, roles, departments } = asStaff(scope.actor);
  const { ticketId, nonce, pseudonym, recordIds, department, ephemeralPublicKey, opening, second: signer } = input;
  assertMemberOf({ departments }, department);
  assertOwnId(ticketId, ticketIdOf({ mspId, actorTag, nonce }));
  const actor = { mspId, actorTag, roles, department };
  const asker = { mspId, actorTag, department };
  const [existing, debts, known, belongings] = await Promise.all([
    scope.ledger.tickets.find(ticketId),
    debtsOf(scope, asker),
    emergencyKnown(scope.ledger, { pseudonym, asker, second: signer && { ticketId, signer } }),
    belongingsOf(scope.ledger, actor),
    assertOpens(scope, input, asker),
    ...readablesOf(scope.ledger, { pseudonym, recordIds }),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) return answerToStaff(repeated);
  const { scope: extent } = opening;
  const until = addMilliseconds(scope.now, input.lastsMinutes * 60_000);
  const emergency: EmergencyFacts = { scope: extent, until, ...owed(debts, scope.now), ...known(belongings) };
  const purpose = 'ETREAT';
  const decided = await decide(scope.ledger, {
    pseudonym,
    recordIds,
    purpose,
    at: scope.now,
    actor: { ...actor, ...belongings },
    emergency,
  });
  const broken = { scope: extent, ...(signer === undefined ? {} : { second: signer }) };
  const asked = { ticketId, pseudonym, recordIds, purpose, ephemeralPublicKey, actor, emergency: broken } as const;
  const ticket = await commitTicket(scope, { schemaVersion: 1, ...asked, requestedAt: scope.now, origin: originOf(scope) }, decided);
  await openCase(scope, ticket, input, debts);
  return answerToStaff(ticket);
}

/** Nothing waits for a review that was denied. */
async function openCase(
  { ledger }: WriteScope,
  ticket: Ticket,
  { reason, opening, second, narrativeCommitment }: Input<Entry>,
  debts: EmergencyDebts,
): Promise<void> {
  const { actor } = ticket;
  if (ticket.decision === 'deny' || isOwnAsker(actor)) return;
  const emergency = newEmergency(
    { ...ticket, actor },
    { reason, opening, ...(second === undefined ? {} : { second }), narrativeCommitment },
  );
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
