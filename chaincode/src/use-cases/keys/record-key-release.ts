import { DomainError, type Input, isOwnAsker, type Output, type Ticket, type transactions, usedAgain } from '@lianyi/domain';
import { assertReleasable, isStillPatients } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';
import { decide, type Decided, decideOwn } from '../access/decide';
import { belongingsOf } from '../access/belongings-of';

type Entry = typeof transactions.RecordKeyRelease;
type Get = typeof transactions.GetKeyRelease;

/**
 * Records that the custodian's key service releases a record's key to a live permit; only then may the key leave.
 *
 * The question of the ticket is asked again now. Everything it reads stands in the read set, so a revocation that commits first makes
 * this transaction fail (MVCC), and so does revoking the clinician who asked.
 */
export async function RecordKeyRelease(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId, actorTag } = asStaff(scope.actor);
  const { ticketId, recordId, releaseId, sealedSha256 } = input;
  const { accessUses, keyReleases, tickets } = scope.ledger;
  const [ticket, existing, use] = await Promise.all([
    tickets.get(ticketId),
    keyReleases.find(ticketId, releaseId),
    accessUses.find(ticketId, recordId),
  ]);
  const answer = { ticketId, releaseId };
  if (madeBefore(scope, existing) !== undefined) {
    return answer;
  }
  const [{ decision, records }] = await Promise.all([decidedAnew(scope, ticket), assertAskerStands(scope, ticket)]);
  const recordVersion = records[ticket.recordIds.indexOf(recordId)]?.version ?? 0;
  assertReleasable(ticket, { now: scope.now, serviceMspId: mspId, recordId, recordVersion, decisionNow: decision });
  const counted = usedAgain(use, ticketId, recordId);
  await (use === undefined ? accessUses.insert(counted) : accessUses.replace(counted));
  const service = { mspId, actorTag };
  await keyReleases.insert({
    schemaVersion: 1,
    ticketId,
    releaseId,
    recordId,
    sealedSha256,
    service,
    at: scope.now,
    origin: originOf(scope),
  });
  recordEvent(
    scope,
    { name: 'KeyReleased', ticketId, releaseId, recordId, pseudonym: ticket.pseudonym },
    { ticketId, recordIds: [recordId], purpose: ticket.purpose },
  );
  return answer;
}

/** Reads what was recorded of a release; whoever received a key compares it with what came. */
export function GetKeyRelease(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.keyReleases.get(input.ticketId, input.releaseId);
}

/** The ticket's question, asked now; a patient's by the patient's own rule. */
async function decidedAnew({ ledger, now }: WriteScope, ticket: Ticket): Promise<Decided> {
  const { pseudonym, actor, purpose } = ticket;
  const recordIds = [...ticket.recordIds];
  if (isOwnAsker(actor)) return decideOwn(ledger, { pseudonym, recordIds });
  const asker = { ...actor, ...(await belongingsOf(ledger, actor)) };
  return decide(ledger, { pseudonym, purpose, actor: asker, recordIds, at: now });
}

/**
 * The kill switch reaches tickets too.
 * @throws {@link DomainError} `TICKET_CLOSED` — who asked is revoked, their organisation or the one that carried is not active, or the patient's
 * side that asked is not the patient's any more
 */
async function assertAskerStands(scope: WriteScope, ticket: Ticket): Promise<void> {
  const { actor, ticketId } = ticket;
  const [stands, organisation] = await Promise.all([doesAskerStand(scope, ticket), scope.ledger.organisations.find(actor.mspId)]);
  if (!stands || organisation?.status !== 'active') {
    throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle: 'asker-revoked' });
  }
}

async function doesAskerStand({ ledger, now }: WriteScope, ticket: Ticket): Promise<boolean> {
  const { actor, pseudonym } = ticket;
  if (!isOwnAsker(actor)) return (await ledger.staff.find(actor.mspId, actor.actorTag))?.state === 'active';
  const [entry, delegation] = await Promise.all([
    ledger.pseudonyms.find(pseudonym),
    actor.kind === 'delegate' ? ledger.delegations.find(pseudonym, actor.delegationId) : undefined,
  ]);
  return isStillPatients(ticket, { entry, delegation }, now);
}
