import { addMilliseconds, CLOCK_SKEW_MS, type Instant, instantOf } from '@lianyi/domain';
import { type Heard, type Stretch } from './heard-lines';
import { type ReadNotes, type RestToRead } from './wallet-content';
import { type MarkedNotes } from './wallet-inbox';

/**
 * A line is as old as its proposal, and may come into its block after younger ones: a proposal is dated back by two minutes at most, and what
 * comes later than five minutes after it opens nothing (ADR 0035). What is younger than this is therefore settled one by one.
 */
export const SETTLED_AFTER_MS = 10 * 60_000;

interface Reading {
  /** The notes that were told and that members agree on. */
  readonly read: ReadNotes['read'];
  /** When that happened on which they do not. */
  readonly contested: readonly Instant[];
  readonly heard: readonly Heard[];
  /** Whether a member did not answer, or not all that was asked: age settles nothing then. */
  readonly isDoubtful: boolean;
  readonly before: ReadNotes;
  readonly now: Instant;
}

/**
 * Where reading has come to, with each member's list for itself: what one tells, keeps back or does not end moves nothing of another's. `until` is
 * of all, and moves once each list has come to its end, up to what members first tell differently. What is dated beyond the present is not remembered.
 */
export function placeAfter({ read: told, contested, heard, isDoubtful, before, now }: Reading): MarkedNotes {
  // no ledger has a line that is later: whoever tells some would have a wallet remember as many names as it likes, for ever
  const read = told.filter(({ at }) => at <= addMilliseconds(now, CLOCK_SKEW_MS));
  const rests = heard.flatMap((each) => restAfter(each, now) ?? []);
  const contestedFrom = earliest([...contested, ...(before.contestedFrom === undefined ? [] : [before.contestedFrom])]);
  const ends = heard.map(wholeBelow);
  const newest = latest(told.map(({ at }) => at));
  if (!isDoubtful && newest !== undefined && !ends.includes('nowhere')) {
    const bounds = ends.flatMap((end) => (end === 'anywhere' || end === 'nowhere' ? [] : [end]));
    const until = earliest([settledBy(newest, now), ...bounds, ...(contestedFrom === undefined ? [] : [contestedFrom])]);
    return { read, rest: [], ...(until === undefined ? {} : { until }) };
  }
  const forget = rests.length === heard.length ? commonOf(rests) : undefined;
  const parts = { rest: rests, ...(contestedFrom === undefined || rests.length === 0 ? {} : { contestedFrom }) };
  return { read, ...parts, ...(forget === undefined ? {} : { forget }) };
}

/** Below which time a member has told all that was not read, in this call and those before. */
function wholeBelow({ top, below, rest }: Heard): Instant | 'anywhere' | 'nowhere' {
  if (below !== undefined && !isToEnd(below)) return 'nowhere';
  if (isToEnd(top)) return 'anywhere';
  return rest?.until ?? 'nowhere';
}

/** Where one member's list goes on with the next call; undefined: from its newest line on. */
function restAfter(heard: Heard, now: Instant): RestToRead | undefined {
  const { top, rest } = heard;
  const newest = latest(top.lines.map(({ at }) => at));
  const settled = newest === undefined ? rest?.until : settledBy(newest, now);
  return rest === undefined || rest.after === null ? restFromTop(heard, settled) : restBelow(heard, rest, settled);
}

/** Of a list that was read from its newest line on, in one piece. */
function restFromTop({ member, top, rest }: Heard, settled: Instant | undefined): RestToRead | undefined {
  // a list out of order goes on nowhere: it is read from its newest line on each time
  if (top.stop !== undefined && top.shortfall === 'LIMIT_REACHED') {
    const { from, after } = top.stop;
    return { member, until: latest([from, settled ?? from]) ?? from, from, after };
  }
  return rest && (isToEnd(top) ? { ...rest, until: settled ?? rest.until } : rest);
}

/** Of a list of which a part was left from before. A second gap above that one waits until it is closed. */
function restBelow({ member, top, below }: Heard, rest: RestToRead, settled: Instant | undefined): RestToRead {
  const until = settled !== undefined && (settled < rest.until || isToEnd(top)) ? settled : rest.until;
  if (below === undefined || isToEnd(below)) return { member, until, from: BEGINNING, after: null };
  const { from, after } = below.stop ?? rest;
  return { member, until: latest([until, from]) ?? until, from, after };
}

/** No line is older. */
const BEGINNING = instantOf(0);

/** A line from the future, or a clock that is ahead, settles nothing that has not come yet. */
function settledBy(newest: Instant, now: Instant): Instant {
  return addMilliseconds(newest < now ? newest : now, -SETTLED_AFTER_MS);
}

function isToEnd({ shortfall }: Stretch): boolean {
  return shortfall === undefined;
}

/** What no member asked tells again, because each has told it: of very many lines it need not be remembered one by one. */
function commonOf(rests: readonly RestToRead[]): MarkedNotes['forget'] {
  const [from, until] = [latest(rests.map((each) => each.from)), earliest(rests.map((each) => each.until))];
  return from === undefined || until === undefined ? undefined : { from, until };
}

function latest(times: readonly Instant[]): Instant | undefined {
  return times.reduce<Instant | undefined>((last, at) => (last === undefined || at > last ? at : last), undefined);
}

function earliest(times: readonly Instant[]): Instant | undefined {
  return times.reduce<Instant | undefined>((first, at) => (first === undefined || at < first ? at : first), undefined);
}
