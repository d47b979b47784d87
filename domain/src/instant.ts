import { z } from 'zod';

const INSTANT_RULE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;

/**
 * An instant as `YYYY-MM-DDTHH:mm:ss.sssZ`.
 *
 * Fixed width, so `<` on the text is chronological; only instants that exist (no 30 February).
 */
export const instantSchema = z
  .string()
  .regex(INSTANT_RULE)
  .refine((text) => {
    const milliseconds = Date.parse(text);
    return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString() === text;
  }, 'not an instant')
  .brand<'Instant'>();

export type Instant = z.output<typeof instantSchema>;

/** The instant of a number of milliseconds since 1970, whose year must have four digits. */
export function instantOf(epochMilliseconds: number): Instant {
  return instantSchema.parse(new Date(epochMilliseconds).toISOString());
}

/** Milliseconds since 1970. */
export function millisecondsOf(instant: Instant): number {
  return Date.parse(instant);
}

/** The instant so many milliseconds later. */
export function addMilliseconds(instant: Instant, milliseconds: number): Instant {
  return instantOf(millisecondsOf(instant) + milliseconds);
}

/** The same day so many years later; of the 29th of February, the 1st of March. */
export function addYears(instant: Instant, years: number): Instant {
  const date = new Date(instant);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return instantOf(date.getTime());
}

/** The earliest of the instants; undefined when there is none. */
export function earliest(instants: readonly Instant[]): Instant | undefined {
  return [...instants].sort()[0];
}

/** A period from `from` (inclusive) to `until` (exclusive). */
export const periodSchema = z
  .strictObject({ from: instantSchema, until: instantSchema })
  .refine((period) => period.from < period.until, 'ends before it begins');

export type Period = z.output<typeof periodSchema>;

/** Tells whether an instant lies in a period, its end excluded. */
export function isWithin(instant: Instant, period: Period): boolean {
  return period.from <= instant && instant < period.until;
}

/** The first instant of a month by UTC. @param month - 0 is January; 12 is January of the next year */
export function beginningOfMonth(year: number, month: number): Instant {
  const [inYear, inMonth] = month < 12 ? [year, month] : [year + 1, 0];
  return instantSchema.parse(`${inYear}-${String(inMonth + 1).padStart(2, '0')}-01T00:00:00.000Z`);
}

/** A month of the calendar. */
export const monthSchema = z.string().regex(/^[0-9]{4}-(?:0[1-9]|1[0-2])$/);

/** Months of a calendar, both included; of the place where they are written, for a month says little. */
export const monthsSchema = z
  .strictObject({ first: monthSchema, last: monthSchema })
  .refine(({ first, last }) => first <= last, 'ends before it begins');
export type Months = z.output<typeof monthsSchema>;

/** Whether all months of one are among those of the other. */
export function areAllWithin(months: Months, outer: Months): boolean {
  return outer.first <= months.first && months.last <= outer.last;
}

/** Whether the two have a month in common. */
export function haveCommonMonth(one: Months, other: Months): boolean {
  return one.first <= other.last && other.first <= one.last;
}
