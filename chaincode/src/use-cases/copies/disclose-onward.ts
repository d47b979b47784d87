import { DomainError, type Input, type Output, type PermittedTicket, type transactions } from '@lianyi/domain';
import { assertHeld, withdrawnFrom } from '@lianyi/domain/deciding';
import { askAgain } from '../access/ask-again';
import { belongingsIn } from '../access/belongings-of';
import { obstacleOf } from '../access/decide';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { assertActiveMember, asStaff, madeBefore } from '../standing';
import { factsOfCopy } from './facts-of-copy';
import { ticketOfCopy } from './ticket-of-copy';

type Entry = typeof transactions.DiscloseOnward;
type Receiver = Input<Entry>['to'];

/**
 * A holder hands a copy on. Its ticket's question is asked again now: what the patient has taken back since is not handed on, and neither is what they
 * have forbidden the receiver. All of that stands in the read set, so that a revocation that commits first makes this fail (MVCC).
 */
export async function DiscloseOnward(scope: WriteScope, { to, ...input }: Input<Entry>): Promise<Output<Entry>> {
  const { ticketId, recordId } = input;
  const { mspId } = asStaff(scope.actor);
  const ticket = await ticketOfCopy(scope, input);
  const { pseudonym } = ticket;
  const { copies } = scope.ledger;
  const [copy, existing] = await Promise.all([
    copies.get(mspId, pseudonym, ticketId, recordId),
    copies.find(to.mspId, pseudonym, ticketId, recordId),
  ]);
  const answer = { ...input, holderMspId: to.mspId };
  if (copy.from !== undefined) throw new DomainError('ONWARD_NOT_ALLOWED', undefined, { ticketId, obstacle: 'handed-on' });
  if (madeBefore(scope, existing) !== undefined) return answer;
  if (ticket.copy?.onward !== true) throw new DomainError('ONWARD_NOT_ALLOWED', undefined, { ticketId, obstacle: 'not-granted' });
  if (copy.state === 'destroyed') throw new DomainError('ILLEGAL_STATE', undefined, { state: copy.state, command: 'disclose' });
  if (to.mspId === ticket.custodianMspId) throw new DomainError('ONWARD_NOT_ALLOWED', undefined, { ticketId, obstacle: 'custodian' });
  const { decisionsNow } = await askAgain(scope, ticket);
  if (withdrawnFrom(ticket, decisionsNow).length > 0)
    throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle: 'consent-changed' });
  assertHeld(copy, await factsOfCopy(scope, copy), scope.now);
  await assertMayReceive(scope, ticket, to);
  const made = { holderMspId: to.mspId, pseudonym, ticketId, recordId, takenAt: scope.now, from: { mspId, to } };
  await copies.insert({ schemaVersion: 1, ...made, state: 'held', origin: originOf(scope) });
  recordEvent(
    scope,
    { name: 'CopyDisclosed', pseudonym, ...answer },
    { ticketId, recordIds: [recordId], purpose: ticket.purpose, receiver: to },
  );
  return answer;
}

/** The receiver is on the staff of a member, the patient has not forbidden them the record, and its hospital has approved them where it has to. */
async function assertMayReceive(
  scope: WriteScope,
  { ticketId, pseudonym, recordIds, purpose }: PermittedTicket,
  to: Receiver,
): Promise<void> {
  const { mspId, actorTag, department } = to;
  await assertActiveMember(scope, mspId);
  const staff = await scope.ledger.staff.find(mspId, actorTag);
  if (staff?.state !== 'active' || !staff.departments.includes(department))
    throw new DomainError('UNKNOWN_GRANTEE', undefined, { unknown: 'person', mspId, name: actorTag });
  const actor = { mspId, actorTag, department, roles: staff.roles, ...belongingsIn(staff) };
  const obstacle = await obstacleOf(scope.ledger, { pseudonym, recordIds, purpose, at: scope.now, actor });
  if (obstacle !== undefined) throw new DomainError('ONWARD_NOT_ALLOWED', undefined, { ticketId, obstacle });
}
