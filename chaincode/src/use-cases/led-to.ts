import { DomainError } from '@lianyi/domain';
import { type Page } from '../ledger/repository';

/**
 * What the lines of a list lead to. A line that leads to nothing, to nothing that can be read, or to what is another party's, others have written: it
 * counts as unreadable and keeps no other from being told.
 * @param isOf - whether what was found is of the party whose line it is: whoever writes a line shows nobody what is of others
 */
export async function ledTo<Line, Found>(
  { items, unreadable = 0, ...rest }: Page<Line>,
  find: (line: Line) => Promise<Found | undefined>,
  isOf: (found: Found, line: Line) => boolean,
): Promise<Page<Found>> {
  const ofLine = async (line: Line): Promise<Found | undefined> => {
    const found = await readable(find(line));
    return found !== undefined && isOf(found, line) ? found : undefined;
  };
  const found = (await Promise.all(items.map((line) => ofLine(line)))).filter((each) => each !== undefined);
  const untold = unreadable + items.length - found.length;
  return { items: found, ...(untold === 0 ? {} : { unreadable: untold }), ...rest };
}

const SAYS_NOTHING: ReadonlySet<string> = new Set(['NOT_FOUND', 'CORRUPT_STATE']);

/** What others have written so that nobody can read it says nothing, as what is not there. */
export async function readable<Found>(finding: Promise<Found | undefined>): Promise<Found | undefined> {
  try {
    return await finding;
  } catch (error) {
    if (error instanceof DomainError && SAYS_NOTHING.has(error.code)) return undefined;
    throw error;
  }
}
