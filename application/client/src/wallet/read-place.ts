import { addMilliseconds, type Instant } from '@lianyi/domain';
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
  readonly heard: readonly Heard[];
  /** Whether a member was silent or told something else: age settles nothing then. */
  readonly isDoubtful: boolean;
  readonly before: ReadNotes;
  readonly now: Instant;
}

/** Where reading has come to. */
export function placeAfter({ read, heard, isDoubtful, before: { rest }, now }: Reading): MarkedNotes {
  const newest = read.reduce<Instant | undefined>((latest, { at }) => (latest === undefined || at > latest ? at : latest), undefined);
  if (newest === undefined || isDoubtful) return { read };
  // a line from the future, or a clock that is ahead, settles nothing that has not come yet
  const settled = addMilliseconds(newest < now ? newest : now, -SETTLED_AFTER_MS);
  const tops = heard.map(({ top }) => top);
  if (rest === undefined) return isToEnd(tops) ? { until: settled, read } : { read, ...restFrom(tops, settled) };
  // a second gap above the first one waits until that is closed
  const until = settled < rest.until || isToEnd(tops) ? settled : rest.until;
  const below = heard.flatMap(({ below: each }) => each ?? []);
  return isToEnd(below) ? { until, read, rest: null } : { read, ...restFrom(below, until) };
}

function isToEnd(stretches: readonly Stretch[]): boolean {
  return stretches.every(({ shortfall }) => shortfall === undefined);
}

/** Where the next call goes on; absent where a member has said nothing that it could go on from. */
function restFrom(stretches: readonly Stretch[], until: Instant): { readonly rest?: RestToRead } {
  const stops = stretches.flatMap(({ stop }) => stop ?? []);
  const from = stops.reduce<Instant | undefined>(
    (latest, stop) => (latest === undefined || stop.from > latest ? stop.from : latest),
    undefined,
  );
  if (from === undefined) return {};
  // of very many young lines each is remembered by its name, and reading goes on below them
  return { rest: { until: from > until ? from : until, from, after: stretches.map(({ stop }) => stop?.after ?? null) } };
}
