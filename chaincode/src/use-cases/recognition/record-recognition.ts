import {
  canonicalJson,
  DomainError,
  type Input,
  isOwnAsker,
  type Output,
  type Recognition,
  referenceTo,
  type transactions,
} from '@lianyi/domain';
import { decideRecognition } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff } from '../standing';

type Entry = typeof transactions.RecordRecognition;

/**
 * Records what who has asked decided of a result that they were permitted to read: a permit of theirs for the record, under the question's pseudonym,
 * must be on the ledger; that its minutes are over since is no matter.
 */
export async function RecordRecognition(scope: WriteScope, { askId, decided }: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const { recognitions } = scope.ledger;
  const asked = await recognitions.get(mspId, askId);
  if (canonicalJson(asked.askedBy) !== canonicalJson(referenceTo(scope.actor)))
    throw new DomainError('NOT_PERMITTED', 'somebody else has asked');
  const after = decideRecognition(asked, decided, { now: scope.now, origin: originOf(scope) });
  await assertWasPermitted(scope, asked, decided);
  await recognitions.replace(after);
  const name = decided.outcome === 'accept' ? 'RecognitionAccepted' : 'RecognitionDeclined';
  const { pseudonym, state } = after;
  const { recordId, ticketId } = decided;
  recordEvent(scope, { name, mspId, askId, pseudonym }, { recordIds: [recordId], ticketId });
  return { askId, state };
}

/** @throws {@link DomainError} `TICKET_CLOSED` — it is no permit, another person's, of another pseudonym, or not for the record: all alike */
async function assertWasPermitted(
  { ledger, actor }: WriteScope,
  { pseudonym, askedAt }: Recognition,
  { ticketId, recordId }: NonNullable<Recognition['decided']>,
): Promise<void> {
  const { mspId, actorTag } = asStaff(actor);
  const ticket = await ledger.tickets.find(ticketId);
  const isTheirs = ticket !== undefined && !isOwnAsker(ticket.actor) && ticket.actor.mspId === mspId && ticket.actor.actorTag === actorTag;
  // one of before the question is no reading of what it has found
  const isOfQuestion = ticket?.pseudonym === pseudonym && ticket.requestedAt >= askedAt;
  if (!isTheirs || !isOfQuestion || ticket.decision !== 'permit' || !ticket.recordIds.includes(recordId))
    throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle: 'denied' });
}
