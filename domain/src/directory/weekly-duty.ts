import { earliest, type Instant, instantOf, millisecondsOf } from '../instant';
import { type WeeklyDuty } from './entities';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** 1 January 1970 was a Thursday. */
const WEEKDAY_OF_DAY_0 = 4;

/**
 * Tells up to when somebody is on duty who is so at an instant; undefined when they are not. Exclusive, and no later than the next change of the
 * clock: what is decided until then is decided anew after it.
 *
 * All is reckoned from what the duty itself says, in whole numbers, so that every endorser reckons the same. The hour that a clock skips has no
 * duty, and the one that it strikes twice has it twice.
 */
export function onDutyUntil({ offsets, until, turns }: WeeklyDuty, at: Instant): Instant | undefined {
  const index = offsets.findLastIndex(({ from }) => from <= at);
  const offset = offsets[index];
  if (offset === undefined || at >= until) return undefined;
  const local = millisecondsOf(at) + offset.minutes * MINUTE_MS;
  const day = Math.floor(local / DAY_MS);
  const left = turns.flatMap((turn) => [remaining(turn, day, local), remaining(turn, day - 1, local)]).filter((millis) => millis > 0);
  if (left.length === 0) return undefined;
  const end = instantOf(millisecondsOf(at) + Math.max(...left));
  return earliest([end, until, ...offsets.slice(index + 1).map(({ from }) => from)]);
}

/** How many milliseconds are left of a turn that begins on a day, counted from 1 January 1970; 0 or less when it is not that turn's time. */
function remaining({ days, from, until }: WeeklyDuty['turns'][number], day: number, local: number): number {
  if (!days.some((weekday) => weekday === weekdayOf(day))) return 0;
  const begins = day * DAY_MS + ofDay(from);
  const ends = day * DAY_MS + ofDay(until) + (until <= from ? DAY_MS : 0);
  return local < begins ? 0 : ends - local;
}

function weekdayOf(day: number): number {
  const since = (day + WEEKDAY_OF_DAY_0 - 1) % 7;
  return (since < 0 ? since + 7 : since) + 1;
}

/** Milliseconds from midnight. */
function ofDay(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE_MS;
}
