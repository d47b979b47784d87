import { DomainError, type Input, type Output, type Ticket, type transactions, usedAgain } from '@lianyi/domain';
import { assertReleasable } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';
import { decide } from '../access/decide';
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
  const actor = { ...ticket.actor, ...(await belongingsOf(scope.ledger, ticket.actor)) };
  const [{ decision, records }] = await Promise.all([
    decide(scope.ledger, { ...ticket, actor, recordIds: [...ticket.recordIds], at: scope.now }),
    assertAskerStands(scope, ticket),
  ]);
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

/** The kill switch reaches tickets too. @throws {@link DomainError} `TICKET_CLOSED` — who asked is revoked, or their organisation not active. */
async function assertAskerStands({ ledger }: WriteScope, { actor, ticketId }: Ticket): Promise<void> {
  const [staff, organisation] = await Promise.all([ledger.staff.find(actor.mspId, actor.actorTag), ledger.organisations.find(actor.mspId)]);
  if (staff?.state !== 'active' || organisation?.status !== 'active') {
    throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle: 'asker-revoked' });
  }
}
