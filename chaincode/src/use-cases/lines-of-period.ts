import { type Instant, instantOf, millisecondsOf, type Period } from '@lianyi/domain';
import { encodeCursor, everyEntry, type PageRequest } from '../ledger/repository';

/** So many lines are looked at, whatever they lead to, so that asking costs a peer a bounded time. */
const MOST_LINES = 1_000;

type Lines<Line> = {
  readonly list: (page: PageRequest) => Promise<{ readonly items: Line[]; readonly next?: string }>;
  readonly timeOf: (line: Line) => Instant;
  /** Of the list's keys, behind what the list is read by: the part that is the time, and what stands before every value of those after it. */
  readonly ofTime: { spell(value: Instant): string };
  readonly after: readonly string[];
};

/** What a list that has the newest first has of a period, the newest first. */
export async function linesOfPeriod<Line>(
  { from, until }: Pick<Period, 'from' | 'until'>,
  { list, timeOf, ofTime, after }: Lines<Line>,
): Promise<{ readonly lines: readonly Line[]; readonly isCut: boolean }> {
  const lines: Line[] = [];
  // before every id of the first instant that counts
  const behind = encodeCursor([ofTime.spell(instantOf(millisecondsOf(until) - 1)), ...after]);
  for await (const line of everyEntry(list, behind)) {
    if (timeOf(line) < from) break;
    if (lines.length === MOST_LINES) return { lines, isCut: true };
    lines.push(line);
  }
  return { lines, isCut: false };
}
