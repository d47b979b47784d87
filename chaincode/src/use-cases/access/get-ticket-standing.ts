import { type Input, type Output, type transactions } from '@lianyi/domain';
import { permitObstacle, withdrawnFrom } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';
import { askAgain } from './ask-again';

type Entry = typeof transactions.GetTicketStanding;

/** Tells whoever keeps ciphertext whether a ticket still opens it: what was revoked in a block opens nothing from that block on. */
export async function GetTicketStanding(scope: ReadScope, input: Input<Entry>): Promise<Output<Entry>> {
  const ticket = await scope.ledger.tickets.get(input.ticketId);
  const { records, ...again } = await askAgain(scope, ticket);
  const obstacle = permitObstacle(ticket, scope.now, again);
  if (ticket.decision === 'deny') return { ticket, obstacle: 'denied', changedRecordIds: [] };
  const { recordIds, recordVersions } = ticket;
  const changedRecordIds = recordIds.filter((_, place) => records[place]?.version !== recordVersions[place]);
  if (obstacle !== undefined) return { ticket, obstacle, changedRecordIds };
  const withdrawnRecordIds = [...withdrawnFrom(ticket, again.decisionsNow)];
  return { ticket, changedRecordIds, ...(withdrawnRecordIds.length === 0 ? {} : { withdrawnRecordIds }) };
}
