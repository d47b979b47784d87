import {
  type Emergency,
  emergencyArea,
  type EmergencyOf,
  type Input,
  type Instant,
  instantOf,
  millisecondsOf,
  type Output,
  type transactions,
} from '@lianyi/domain';
import { assertQuarterOver, boundsOfQuarter, concernsOrganisation, patternsOf } from '@lianyi/domain/deciding';
import { encodeCursor, everyEntry } from '../../ledger/repository';
import { readablesOf } from '../access/decide';
import { ledTo, readable } from '../led-to';
import { type ReadScope } from '../scope';
import { asStaff } from '../standing';

type Entry = typeof transactions.GetEmergencyStatistics;

type Counted = Parameters<typeof patternsOf>[0][number];

/** So many lines are looked at, whatever they lead to, so that asking costs a peer a bounded time. */
const MOST_LINES = 1_000;

/** Counts the emergencies of a quarter that concern the caller's hospital, the newest first. */
export async function GetEmergencyStatistics(scope: ReadScope, { quarter }: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const bounds = boundsOfQuarter(quarter);
  assertQuarterOver(bounds, scope.now);
  const counted: Counted[] = [];
  let lines = 0;
  for await (const line of everyEntry((page) => scope.ledger.emergenciesOf.list(['organisation', mspId], page), behind(bounds.until))) {
    if (line.openedAt < bounds.from) break;
    if (lines === MOST_LINES) return { patterns: patternsOf(counted), isCut: true };
    lines += 1;
    counted.push(...(await countedBy(scope, line, mspId)));
  }
  return { patterns: patternsOf(counted), isCut: false };
}

/** Where a list that has the newest first goes on with what is older than an instant. */
function behind(until: Instant): string {
  const [, , ofTime] = emergencyArea.entities.emergenciesOf.key;
  // before every id of the first instant that counts
  return encodeCursor([ofTime.spell(instantOf(millisecondsOf(until) - 1)), '0']);
}

/** What a line leads to; what others have written and nobody can read is none. */
async function countedBy(scope: ReadScope, line: EmergencyOf, mspId: string): Promise<readonly Counted[]> {
  const { items } = await ledTo(
    { items: [line] },
    ({ ticketId }) => scope.ledger.emergencies.find(ticketId),
    (found) => concernsOrganisation(found, mspId),
  );
  return Promise.all(items.map(async (emergency) => ({ ...emergency, classes: await classesOf(scope, emergency) })));
}

/** Of the records that it has opened, as they are classified now; none where the ticket or a record cannot be read. */
async function classesOf({ ledger }: ReadScope, { ticketId, pseudonym }: Emergency): Promise<Counted['classes']> {
  const ticket = await readable(ledger.tickets.find(ticketId));
  const records = await Promise.all(readablesOf(ledger, { pseudonym, recordIds: ticket?.recordIds ?? [] }).map(readable));
  return records.flatMap((record) => record?.class ?? []);
}
