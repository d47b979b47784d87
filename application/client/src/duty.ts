import { type Instant, instantOf, millisecondsOf, type WeeklyDuty, weeklyDutySchema } from '@lianyi/domain';

// `@lianyi/client/duty`: a week of duty by the clock of a place, with that clock's offsets, as the ledger takes it.

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** For how many years before its end a duty names the offsets: whoever says it again before that end, says the same. */
const YEARS = 5;

/** What is said of a duty by people. `until` is exclusive. */
export interface DutyDraft {
  readonly zone: string;
  readonly until: Instant;
  readonly turns: readonly { readonly days: readonly number[]; readonly from: string; readonly until: string }[];
}

/**
 * The duty with the offsets that this program's time-zone data know for the place, over the five years before its end. Two people who say the
 * same with the same data say the same to the bit.
 * @throws RangeError — there is no such zone, or the end lies more than five years ahead; ZodError — a turn is malformed
 */
export function weeklyDuty({ zone, until, turns }: DutyDraft, now: Instant): WeeklyDuty {
  const begins = Date.UTC(new Date(millisecondsOf(until)).getUTCFullYear() - YEARS, 0);
  if (begins > millisecondsOf(now)) throw new RangeError('the end of a duty lies at most five years ahead');
  return weeklyDutySchema.parse({ zone, offsets: offsetsBetween(zone, begins, millisecondsOf(until)), until, turns });
}

function offsetsBetween(zone: string, begins: number, ends: number): WeeklyDuty['offsets'] {
  const minutesAt = clockOf(zone);
  const offsets = [{ from: instantOf(begins), minutes: minutesAt(begins) }];
  for (let day = begins; day < ends; day += DAY_MS) {
    const next = Math.min(day + DAY_MS, ends);
    const [before, after] = [minutesAt(day), minutesAt(next)];
    if (before !== after) {
      const from = changeBetween(minutesAt, day, next);
      if (from < ends) offsets.push({ from: instantOf(from), minutes: after });
    }
  }
  return offsets;
}

/** The first minute at which the clock is ahead by as much as at the later of two instants. */
function changeBetween(minutesAt: (millis: number) => number, earlier: number, later: number): number {
  let [before, after] = [earlier, later];
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (minutesAt(middle) === minutesAt(later)) after = middle;
    else before = middle;
  }
  return after;
}

/** By how many minutes a place's clock is ahead of UTC, as the runtime's time-zone data have it. */
function clockOf(timeZone: string): (millis: number) => number {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...numeric });
  return (millis) => {
    const parts = new Map(format.formatToParts(millis).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 1, day = 1] = [parts.get('year'), parts.get('month'), parts.get('day')];
    const local = Date.UTC(year, month - 1, day, parts.get('hour'), parts.get('minute'));
    return Math.round((local - Math.floor(millis / MINUTE_MS) * MINUTE_MS) / MINUTE_MS);
  };
}
