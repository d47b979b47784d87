import { type Input, type Output, type transactions } from '@lianyi/domain';
import { permitObstacle } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';
import { askAgain } from './ask-again';

type Entry = typeof transactions.GetTicketStanding;

/** Tells whoever keeps ciphertext whether a ticket still opens it: what was revoked in a block opens nothing from that block on. */
export async function GetTicketStanding(scope: ReadScope, input: Input<Entry>): Promise<Output<Entry>> {
  const ticket = await scope.ledger.tickets.get(input.ticketId);
  const { records, ...again } = await askAgain(scope, ticket);
  const obstacle = permitObstacle(ticket, scope.now, again);
  const versions = ticket.decision === 'permit' ? ticket.recordVersions : [];
  const changedRecordIds = ticket.recordIds.filter(
    (_, index) => versions[index] !== undefined && records[index]?.version !== versions[index],
  );
  return { ticket, ...(obstacle === undefined ? {} : { obstacle }), changedRecordIds };
}
