import { type Emergency, emergencyArea, type EmergencyOf, type Input, type Output, type transactions } from '@lianyi/domain';
import { assertQuarterOver, boundsOfQuarter, concernsOrganisation, patternsOf } from '@lianyi/domain/deciding';
import { readablesOf } from '../access/decide';
import { ledTo, readable } from '../led-to';
import { linesOfPeriod } from '../lines-of-period';
import { type ReadScope } from '../scope';
import { asStaff } from '../standing';

type Entry = typeof transactions.GetEmergencyStatistics;

type Counted = Parameters<typeof patternsOf>[0][number];

/** Counts the emergencies of a quarter that concern the caller's hospital, the newest first. */
export async function GetEmergencyStatistics(scope: ReadScope, { quarter }: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asStaff(scope.actor);
  const bounds = boundsOfQuarter(quarter);
  assertQuarterOver(bounds, scope.now);
  const [, , ofTime] = emergencyArea.entities.emergenciesOf.key;
  const { lines, isCut } = await linesOfPeriod(bounds, {
    list: (page) => scope.ledger.emergenciesOf.list(['organisation', mspId], page),
    timeOf: ({ openedAt }) => openedAt,
    ...{ ofTime, after: ['0'] },
  });
  const counted: Counted[] = [];
  for (const line of lines) counted.push(...(await countedBy(scope, line, mspId)));
  return { patterns: patternsOf(counted), isCut };
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
