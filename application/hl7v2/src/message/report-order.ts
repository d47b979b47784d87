import { type Hl7Segment } from '@lianyi/documents/hl7-v2';
import { type Months, monthsSchema } from '@lianyi/domain';

/** Which orders a report is about, by the numbers of who has filled them, and whether it corrects an earlier one about the same. */
export interface ReportOrder {
  /** The same for the same orders of the same sender. */
  readonly key: string;
  readonly isCorrection: boolean;
}

/** Filled orders that were reported otherwise before: OBR-25 and OBX-11, tables 0123 and 0085. */
const CORRECTED = 'C';

/**
 * A report about other orders, or about fewer of them, is no correction: as a version of the same record it would take away what it does not say.
 * @returns undefined where an order has no filler's number
 * @remarks Source: HL7 v2.9 §4.5.3.3 (OBR-3), §4.5.3.25 (OBR-25), §7.4.2.11 (OBX-11).
 */
export function reportOrderOf(sender: string, orders: readonly Hl7Segment[], results: readonly Hl7Segment[]): ReportOrder | undefined {
  const numbers = orders.map((order) => [1, 2, 3, 4].map((component) => order.text(3, component).trim()));
  if (numbers.some(([number]) => number === '')) return undefined;
  const named = [...new Set(numbers.map((parts) => JSON.stringify(parts)))].sort();
  const isCorrection = orders.some((order) => order.text(25) === CORRECTED) || results.some((result) => result.text(11) === CORRECTED);
  return { key: JSON.stringify([sender, ...named]), isCorrection };
}

/**
 * From the first to the last month in which was observed what the orders are about: OBR-7, and OBR-8 where it took longer. Months too few would let more be
 * read than was meant, so of an order that does not say it nothing is said of any.
 */
export function careMonthsOfOrders(orders: readonly Hl7Segment[]): Months | undefined {
  const spans = orders.map((order) => {
    const from = monthOf(order.text(7));
    const until = order.text(8) === '' ? from : monthOf(order.text(8));
    return from === undefined || until === undefined ? undefined : { first: from.first, last: until.last };
  });
  const known = spans.filter((span) => span !== undefined);
  const [first] = known.map((span) => span.first).sort();
  const last = known
    .map((span) => span.last)
    .sort()
    .at(-1);
  return known.length === 0 || known.length < spans.length ? undefined : monthsSchema.safeParse({ first, last }).data;
}

/** A date without a month may be of any month of its year. */
function monthOf(time: string): { readonly first: string; readonly last: string } | undefined {
  const [, year, month] = /^([0-9]{4})(?:(0[1-9]|1[0-2])(?:[0-9.]*(?:[+-][0-9]{4})?))?$/.exec(time.trim()) ?? [];
  return year === undefined ? undefined : { first: `${year}-${month ?? '01'}`, last: `${year}-${month ?? '12'}` };
}
