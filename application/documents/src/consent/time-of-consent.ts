import { addMilliseconds, type Instant, type Json, type Months, millisecondsOf, instantSchema, monthsSchema } from '@lianyi/domain';
import { isObject, type JsonObject } from '../json-object';
import { inexpressible } from './own-systems';

const DATE_TIME =
  /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,3}))?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?$/;
/** How much earlier, or later, than in UTC a day may begin, depending on where it is written. */
const EARLIEST_ZONE_MS = 14 * 3_600_000;
const LATEST_ZONE_MS = 12 * 3_600_000;

export type Effect = 'permit' | 'deny';
type Bounds = { readonly validFrom?: Instant; readonly validUntil?: Instant };

/**
 * From when until when, exclusive; FHIR's ends are inclusive, to the precision in which they are written.
 *
 * A date says no zone: a permission begins when it has begun everywhere and ends when it ends somewhere, and a prohibition the other way round.
 * @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` — it is no period
 */
export function boundsOf(period: Json | undefined, effect: Effect, path: string): Bounds {
  if (period === undefined) return {};
  const { start, end } = periodAt(period, path);
  const isNarrow = effect === 'permit';
  return {
    ...(start === undefined ? {} : { validFrom: spanOf(start, path, isNarrow ? 'late' : 'early').from }),
    ...(end === undefined ? {} : { validUntil: spanOf(end, path, isNarrow ? 'early' : 'late').until }),
  };
}

/**
 * The months of care of a permission that lie in a period as a whole; of a prohibition all that it touches.
 * @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` — it has no beginning or no end, or of a permission no whole month is in it, or it begins
 * or ends within a day
 */
export function monthsIn(period: Json, effect: Effect, path: string): Months {
  const { start, end } = periodAt(period, path);
  if (start === undefined || end === undefined) throw inexpressible('time', path);
  if (effect === 'permit' && (start.includes('T') || end.includes('T'))) throw inexpressible('time', path);
  // by the calendar of whoever wrote it, as months of records are
  const [begin, finish] = [dayOf(start, path, 'first'), dayOf(end, path, 'last')];
  const first = effect === 'permit' && begin.day !== 1 ? monthAfter(begin.month, 1) : begin.month;
  const last = effect === 'permit' && finish.day !== daysIn(finish.month) ? monthAfter(finish.month, -1) : finish.month;
  const months = monthsSchema.safeParse({ first, last });
  if (!months.success) throw inexpressible('time', path);
  return months.data;
}

function periodAt(period: Json, path: string): { readonly start?: string; readonly end?: string } {
  if (!isObject(period) || hasOther(period)) throw inexpressible('time', path);
  const { start, end } = period;
  if ((start !== undefined && typeof start !== 'string') || (end !== undefined && typeof end !== 'string'))
    throw inexpressible('time', path);
  return { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
}

function hasOther(period: JsonObject): boolean {
  return Object.keys(period).some((name) => name !== 'start' && name !== 'end' && name !== 'id');
}

function spanOf(text: string, path: string, zone: 'early' | 'late'): { readonly from: Instant; readonly until: Instant } {
  const [, year = '', month, day, time, fraction, offset] = DATE_TIME.exec(text) ?? [];
  if (time !== undefined) {
    const from = instantAt(`${year}-${month}-${day}T${time}.${(fraction ?? '').padEnd(3, '0')}${offset}`, path);
    return { from, until: addMilliseconds(from, fraction === undefined ? 1_000 : 10 ** (3 - fraction.length)) };
  }
  const first = dayOf(text, path, 'first');
  const last = dayOf(text, path, 'last');
  const shift = zone === 'early' ? -EARLIEST_ZONE_MS : LATEST_ZONE_MS;
  const at = ({ month: of, day: number }: Day): Instant => instantAt(`${of}-${String(number).padStart(2, '0')}T00:00:00.000Z`, path);
  return { from: addMilliseconds(at(first), shift), until: addMilliseconds(at(last), 24 * 3_600_000 + shift) };
}

type Day = { readonly month: string; readonly day: number };

function dayOf(text: string, path: string, which: 'first' | 'last'): Day {
  const [, year, month = which === 'first' ? '01' : '12', day] = DATE_TIME.exec(text) ?? [];
  if (year === undefined) throw inexpressible('time', path);
  const named = `${year}-${month}`;
  const number = day === undefined ? (which === 'first' ? 1 : daysIn(named)) : Number(day);
  if (!(number >= 1 && number <= daysIn(named))) throw inexpressible('time', path);
  return { month: named, day: number };
}

function daysIn(month: string): number {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year ?? 0, number ?? 0, 0)).getUTCDate();
}

function monthAfter(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

function instantAt(text: string, path: string): Instant {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw inexpressible('time', path);
  const instant = instantSchema.safeParse(new Date(milliseconds).toISOString());
  if (!instant.success) throw inexpressible('time', path);
  return instant.data;
}

/** The last millisecond before an instant, which is how FHIR writes an end that is not included. */
export function lastBefore(instant: Instant): string {
  return new Date(millisecondsOf(instant) - 1).toISOString();
}

/** Whole months as a period of days. */
export function periodOf({ first, last }: Months): { readonly start: string; readonly end: string } {
  return { start: `${first}-01`, end: `${last}-${String(daysIn(last)).padStart(2, '0')}` };
}
