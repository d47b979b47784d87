import { type AccessEvent, type Disclosure, type Input, type Output, type transactions } from '@lianyi/domain';
import { disclosureOf, isDisclosure, isOfPeriod } from '@lianyi/domain/deciding';
import { readable } from '../led-to';
import { type ReadScope } from '../scope';
import { asPatientSide } from '../standing';

type Entry = typeof transactions.ListDisclosures;

/**
 * Accounts for what has left: from the lines of the audit, one of which each such transaction writes, and the permits that they name. Nothing that the
 * ledger has lost of a permit leaves a line out.
 */
export async function ListDisclosures(scope: ReadScope, { pseudonym, since, until, ...page }: Input<Entry>): Promise<Output<Entry>> {
  asPatientSide(scope.actor, pseudonym);
  const { items: lines, next, ...rest } = await scope.ledger.accessEvents.list([pseudonym], page);
  const meant = lines.filter((line) => isDisclosure(line) && isOfPeriod(line.at, { since, until }));
  const items = await Promise.all(meant.map((line) => told(scope, line)));
  // lines come newest first: beyond the beginning of the period there is nothing of it
  const last = lines.at(-1);
  const isOver = since !== undefined && last !== undefined && last.at < since;
  return { items, ...rest, ...(next === undefined || isOver ? {} : { next }) };
}

async function told({ ledger }: ReadScope, line: AccessEvent): Promise<Disclosure> {
  const { ticketId } = line;
  if (ticketId === undefined) return disclosureOf(line, {});
  const [ticket, emergency] = await Promise.all([readable(ledger.tickets.find(ticketId)), readable(ledger.emergencies.find(ticketId))]);
  return disclosureOf(line, { ticket, emergency });
}
