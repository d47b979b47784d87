import { DomainError } from '@lianyi/domain';
import { type Page } from '../ledger/repository';

/**
 * What the lines of a list lead to. A line that leads to nothing, or to nothing that can be read, others have written: it counts as unreadable and
 * keeps no other from being told.
 */
export async function ledTo<Line, Found>(
  { items, unreadable = 0, ...rest }: Page<Line>,
  find: (line: Line) => Promise<Found | undefined>,
): Promise<Page<Found>> {
  const found = (await Promise.all(items.map((line) => readable(find(line))))).filter((each) => each !== undefined);
  const untold = unreadable + items.length - found.length;
  return { items: found, ...(untold === 0 ? {} : { unreadable: untold }), ...rest };
}

const SAYS_NOTHING: ReadonlySet<string> = new Set(['NOT_FOUND', 'CORRUPT_STATE']);

async function readable<Found>(finding: Promise<Found | undefined>): Promise<Found | undefined> {
  try {
    return await finding;
  } catch (error) {
    if (error instanceof DomainError && SAYS_NOTHING.has(error.code)) return undefined;
    throw error;
  }
}
