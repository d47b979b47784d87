import { type Input, isFrom, type Output, referenceTo, type transactions } from '@lianyi/domain';
import { answerForCopy } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff } from '../standing';
import { ticketOfCopy } from './ticket-of-copy';

type Entry = typeof transactions.AnswerForCopy;

/** A holder says what became of a copy; of another's it knows nothing. */
export async function AnswerForCopy(scope: WriteScope, { answer: said, ...input }: Input<Entry>): Promise<Output<Entry>> {
  const { ticketId, recordId } = input;
  const holderMspId = asStaff(scope.actor).mspId;
  const ticket = await ticketOfCopy(scope, input);
  const { pseudonym } = ticket;
  const copy = await scope.ledger.copies.get(holderMspId, pseudonym, ticketId, recordId);
  const isRepeated = copy.answer !== undefined && isFrom(copy.answer.origin, scope.requestHash, scope.actor);
  if (isRepeated) return { ...input, state: copy.state };
  const answer = { ...said, at: scope.now, by: referenceTo(scope.actor), txId: scope.unitId, origin: originOf(scope) };
  const answered = answerForCopy(copy, ticket, answer);
  await scope.ledger.copies.replace(answered);
  recordEvent(scope, { name: 'CopyAnswered', pseudonym, holderMspId, ...input }, { ticketId, recordIds: [recordId] });
  return { ...input, state: answered.state };
}
