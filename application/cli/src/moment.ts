import { type Instant, instantSchema } from '@lianyi/domain';
import { CliProblem } from './cli-problem';
import { type Text } from './language';
import { dateAndTime, offsetMillis } from './local-time';
import { type Terminal } from './terminal';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const ZONED = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const FROM_NOW = /^\+(\d{1,5})([dhm])$/;
const UNIT_MILLIS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };
const MINUTE_MILLIS = 60_000;

/** What a bare date means: a beginning is its first moment, an end the first moment after it, where the user is. */
export type Edge = 'begin' | 'end';

/** Where moments are read and told. */
export type Clock = Pick<Terminal, 'now' | 'timeZone'>;

/**
 * A moment as people write it: a date, an ISO 8601 instant with zone, or `+90d`, `+12h`, `+30m` from now. The one parser of moments: what
 * does not exist (30 February, 24:00, a zone of 15 hours) is refused, never moved.
 * @param timeZone - IANA name; whose day a bare date is
 * @throws CliProblem `USAGE`
 */
export function parseMoment(text: string, { now, timeZone }: Clock, edge: Edge): Instant {
  const millis = fromNow(text, now()) ?? ofDate(text, timeZone, edge) ?? ofInstant(text);
  const result = millis === undefined ? undefined : instantSchema.safeParse(isoOf(millis));
  if (result?.success !== true) throw new CliProblem('USAGE', `${text}: YYYY-MM-DD, YYYY-MM-DDTHH:mm:ssZ, +90d, +12h, +30m`);
  return result.data;
}

/** The moment where the user is, and in UTC. */
export function momentText(instant: Instant | undefined, { timeZone }: Pick<Clock, 'timeZone'>): Text | undefined {
  if (instant === undefined) return undefined;
  const millis = Date.parse(instant);
  const text = `${dateAndTime(millis + offsetMillis(millis, timeZone))} ${timeZone} = ${instant}`;
  return { en: text, zh: text };
}

function isoOf(millis: number): string | undefined {
  return Number.isFinite(millis) && Math.abs(millis) <= 8.64e15 ? new Date(millis).toISOString() : undefined;
}

function fromNow(text: string, now: Date): number | undefined {
  const [, count, unit = ''] = FROM_NOW.exec(text) ?? [];
  return count === undefined ? undefined : now.getTime() + Number(count) * (UNIT_MILLIS[unit] ?? Number.NaN);
}

function ofDate(text: string, timeZone: string, edge: Edge): number | undefined {
  const day = dayMillis(text);
  return day === undefined ? undefined : firstMoment(day + (edge === 'end' ? (UNIT_MILLIS['d'] ?? 0) : 0), timeZone);
}

/** The first millisecond in UTC of a day that exists in the calendar. */
function dayMillis(text: string): number | undefined {
  if (!DATE.test(text)) return undefined;
  const millis = Date.parse(`${text}T00:00:00.000Z`);
  // the platform moves 30 February into March
  return !Number.isNaN(millis) && isoOf(millis)?.startsWith(text) === true ? millis : undefined;
}

/** Summer time may have skipped midnight; the offset is looked up again where the first guess led. */
function firstMoment(dayStartUtc: number, timeZone: string): number {
  const guess = dayStartUtc - offsetMillis(dayStartUtc, timeZone);
  return dayStartUtc - offsetMillis(guess, timeZone);
}

function ofInstant(text: string): number | undefined {
  const [, date = '', hour, minute, second = '0', fraction = '0', sign, zoneHour = '0', zoneMinute = '0'] = ZONED.exec(text) ?? [];
  const day = dayMillis(date);
  const time = clockMillis(Number(hour), Number(minute), Number(second));
  const offset = clockMillis(Number(zoneHour), Number(zoneMinute), 0);
  // no place on earth is further from UTC than 14 hours
  if (day === undefined || time === undefined || offset === undefined || offset > 14 * 60 * MINUTE_MILLIS) return undefined;
  return day + time + Number(fraction.padEnd(3, '0')) - (sign === '-' ? -offset : offset);
}

function clockMillis(hour: number, minute: number, second: number): number | undefined {
  return hour > 23 || minute > 59 || second > 59 ? undefined : (hour * 60 + minute) * MINUTE_MILLIS + second * 1000;
}
