import { notTaken } from './question';

/** What a date parameter lets pass: instants in milliseconds, the end exclusive. */
export interface DateRange {
  readonly from: number;
  readonly until: number;
}

const DATE =
  /^(eq|ge|le|gt|lt)?(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d{0,6})?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;

/**
 * Reads `ge2026-01-05` and its like. A date without a time is one of UTC here, whole: `eq2026-01` is from the first to the last instant of that January.
 *
 * @throws DomainError `QUESTION_NOT_TAKEN` — no date, none of the calendar, or a prefix that is not taken
 * @remarks Source: https://hl7.org/fhir/R4/search.html#date.
 */
export function dateRangeOf(name: string, text: string): DateRange {
  const match = DATE.exec(text);
  if (match === null) throw notTaken(name, 'no date');
  const [, prefix = 'eq', ...parts] = match;
  const span = spanOf(parts);
  if (span === undefined) throw notTaken(name, 'no date of the calendar');
  const ranges: Readonly<Record<string, DateRange>> = {
    eq: span,
    ge: { from: span.from, until: Infinity },
    gt: { from: span.until, until: Infinity },
    lt: { from: -Infinity, until: span.from },
    le: { from: -Infinity, until: span.until },
  };
  return ranges[prefix] ?? span;
}

type Parts = readonly (string | undefined)[];

function spanOf([year, month, day, ...time]: Parts): DateRange | undefined {
  const date = { year: Number(year), month: Number(month ?? 1), day: Number(day ?? 1) };
  if (!isOfCalendar(date)) return undefined;
  const from = utc(date.year, date.month, date.day);
  if (time[0] !== undefined) return withinDay(from, time);
  return { from, until: nextOf(date.year, month === undefined ? undefined : date.month, day === undefined ? undefined : date.day) };
}

function isOfCalendar({ year, month, day }: Readonly<Record<'year' | 'month' | 'day', number>>): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function withinDay(midnight: number, [hour, minute, second, fraction, zone]: Parts): DateRange | undefined {
  const [h, min, s] = [Number(hour), Number(minute), Number(second ?? 0)];
  const away = offsetOf(zone ?? 'Z');
  if (h > 23 || min > 59 || s > 59 || away === undefined) return undefined;
  const from = midnight + ((h * 60 + min - away) * 60 + s) * 1000 + Number((fraction ?? '').padEnd(3, '0'));
  return { from, until: from + lastingOf(second, fraction) };
}

/** Milliseconds of a time that is told to this precision. */
function lastingOf(second: string | undefined, fraction: string | undefined): number {
  if (second === undefined) return 60_000;
  return fraction === undefined ? 1_000 : 1;
}

function daysIn(year: number, month: number): number {
  return new Date(utc(year, month + 1, 1) - 1).getUTCDate();
}

/** As Date.UTC, also of the years before 100. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

function nextOf(year: number, month: number | undefined, day: number | undefined): number {
  if (month === undefined) return utc(year + 1, 1, 1);
  return day === undefined ? utc(year, month + 1, 1) : utc(year, month, day + 1);
}

/** Minutes that the zone is ahead of UTC. */
function offsetOf(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))];
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
