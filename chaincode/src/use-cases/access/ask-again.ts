import { isOwnAsker, type Ticket } from '@lianyi/domain';
import { type AskedAgain, type EmergencyFacts, isStillPatients } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';
import { belongingsOf } from './belongings-of';
import { type AccessInquiry, decide, decideOwn, type Decisions, readablesOf, readAheadFor } from './decide';
import { emergencyKnown } from './emergency-known';

/**
 * Asks the question of a ticket again, now; a patient's by the patient's own rule. Everything it reads stands in the read set, so that what commits
 * first makes a transaction that rests on the answer fail (MVCC): a revocation, and the end of whatever made the asker one who may ask.
 */
export async function askAgain(scope: ReadScope, ticket: Ticket): Promise<AskedAgain & Pick<Decisions, 'records'>> {
  const [{ decisions, records }, stands, organisation] = await Promise.all([
    decidedAnew(scope, ticket),
    doesAskerStand(scope, ticket),
    scope.ledger.organisations.find(ticket.actor.mspId),
  ]);
  return { decisionsNow: decisions, records, isAskerActive: stands && organisation?.status === 'active' };
}

async function decidedAnew({ ledger, now }: ReadScope, ticket: Ticket): Promise<Decisions> {
  const { pseudonym, actor, purpose } = ticket;
  const recordIds = [...ticket.recordIds];
  if (isOwnAsker(actor)) return decideOwn(ledger, { pseudonym, recordIds });
  // the records are read in the same turn, and of a permit the consents
  const [belongings, known] = await Promise.all([
    belongingsOf(ledger, actor),
    ticket.emergency && emergencyKnown(ledger, { pseudonym, asker: actor, second: secondOf(ticket) }),
    ticket.decision === 'permit' && readAheadFor(ledger, { ...ticket, actor }),
    ...readablesOf(ledger, { pseudonym, recordIds }),
  ]);
  const asker = { ...actor, ...belongings };
  const inquiry = { pseudonym, purpose, actor: asker, recordIds, at: now, again: true } as const;
  return decide(ledger, { ...inquiry, ...(known && emergencyOf(ticket, known(belongings))) });
}

function secondOf({ ticketId, emergency }: Ticket): Parameters<typeof emergencyKnown>[1]['second'] {
  return emergency?.second === undefined ? undefined : { ticketId, signer: emergency.second };
}

/** Of a ticket of an emergency, what else it rests on, as that is now. What its asker owes in reviews ends nothing that is open. */
function emergencyOf(ticket: Ticket, known: Pick<EmergencyFacts, 'choice' | 'signers' | 'second'>): Pick<AccessInquiry, 'emergency'> {
  if (ticket.emergency === undefined) return {};
  const until = ticket.decision === 'permit' ? ticket.expiresAt : ticket.requestedAt;
  return { emergency: { scope: ticket.emergency.scope, until, isInDebt: false, hasOverdue: false, ...known } };
}

/** Whether who asked is on the staff still, or the patient's side still; the organisation is that of the staff, or the one that carried. */
async function doesAskerStand({ ledger, now }: ReadScope, ticket: Ticket): Promise<boolean> {
  const { actor, pseudonym } = ticket;
  if (!isOwnAsker(actor)) return (await ledger.staff.find(actor.mspId, actor.actorTag))?.state === 'active';
  const [entry, delegation] = await Promise.all([
    ledger.pseudonyms.find(pseudonym),
    actor.kind === 'delegate' ? ledger.delegations.find(pseudonym, actor.delegationId) : undefined,
  ]);
  return isStillPatients(ticket, { entry, delegation }, now);
}
