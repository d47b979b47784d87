import { type Emergency, type Input, type Output, type transactions } from '@lianyi/domain';
import { concernsOrganisation, patternsOf } from '@lianyi/domain/deciding';
import { everyEntry } from '../../ledger/repository';
import { readablesOf } from '../access/decide';
import { ledTo } from '../led-to';
import { type ReadScope } from '../scope';
import { asStaff } from '../standing';

type Entry = typeof transactions.GetEmergencyStatistics;

type Counted = Parameters<typeof patternsOf>[0][number];

/** So many are counted, so that asking costs a peer a bounded time. */
const MOST_COUNTED = 1_000;

/** Counts the emergencies that concern the caller's hospital since an instant, the newest first. */
export async function GetEmergencyStatistics(scope: ReadScope, { since }: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const counted: Counted[] = [];
  for await (const line of everyEntry((page) => scope.ledger.emergenciesOf.list(['organisation', mspId], page))) {
    if (line.openedAt < since) break;
    if (counted.length === MOST_COUNTED) return { patterns: patternsOf(counted), isCut: true };
    // what others have written and nobody can read is none
    const { items } = await ledTo(
      { items: [line] },
      ({ ticketId }) => scope.ledger.emergencies.find(ticketId),
      (found) => concernsOrganisation(found, mspId),
    );
    for (const emergency of items) counted.push({ ...emergency, classes: await classesOf(scope, emergency) });
  }
  return { patterns: patternsOf(counted), isCut: false };
}

/** Of the records that it has opened, as they are classified now. */
async function classesOf({ ledger }: ReadScope, { ticketId, pseudonym }: Emergency): Promise<Counted['classes']> {
  const ticket = await ledger.tickets.find(ticketId);
  const records = await Promise.all(readablesOf(ledger, { pseudonym, recordIds: ticket?.recordIds ?? [] }));
  return records.flatMap((record) => record?.class ?? []);
}
