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
