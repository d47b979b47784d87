import { DomainError } from '../domain-error';
import { type RecordId, type TicketId } from '../ids';
import { type AccessUse, MOST_RELEASES } from './entities';

/**
 * A ticket's use for a record, counted once more.
 * @param use - undefined when it was not used for it yet
 * @throws {@link DomainError} `LIMIT_REACHED` — it was used {@link MOST_RELEASES} times
 */
export function usedAgain(use: AccessUse | undefined, ticketId: TicketId, recordId: RecordId): AccessUse {
  const releases = (use?.releases ?? 0) + 1;
  if (releases > MOST_RELEASES) throw new DomainError('LIMIT_REACHED', undefined, { entity: 'keyRelease', limit: MOST_RELEASES });
  return { schemaVersion: 1, ticketId, recordId, releases };
}
