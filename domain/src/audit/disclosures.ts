import { type RecordId } from '../ids';
import { type Instant } from '../instant';
import { type AccessEvent } from './transactions';

/** One key that has left its custodian: what was disclosed, when, to whom, what for and under which rule. */
export type Disclosure = Pick<AccessEvent, 'at' | 'ticketId' | 'recordIds' | 'purpose' | 'provisionIds'> & {
  /** Who had asked; undefined where the lines do not reach back to the question. */
  readonly to: AccessEvent['actor'] | undefined;
};

/**
 * The accounting of disclosures that a patient's audit holds. A permit alone is no disclosure: nothing may have been fetched under it.
 * @param lines of one patient, in any order
 * @param period from its beginning (inclusive) to its end (exclusive)
 * @returns newest first
 */
export function disclosuresOf(
  lines: readonly AccessEvent[],
  period: { readonly from?: Instant; readonly until?: Instant } = {},
): readonly Disclosure[] {
  const asked = new Map(lines.filter(({ decision }) => decision === 'permit').map((line) => [line.ticketId, line]));
  const isMeant = ({ event, at }: AccessEvent): boolean =>
    event === 'KeyReleased' && at >= (period.from ?? at) && (period.until === undefined || at < period.until);
  return lines
    .filter(isMeant)
    .map(({ at, ticketId, recordIds, purpose }) => {
      const question = asked.get(ticketId);
      const provisionIds = rulesOf(recordIds ?? [], question);
      return {
        at,
        to: question?.actor,
        ...(ticketId === undefined ? {} : { ticketId }),
        ...(recordIds === undefined ? {} : { recordIds }),
        ...(purpose === undefined ? {} : { purpose }),
        ...(provisionIds === undefined ? {} : { provisionIds }),
      };
    })
    .sort((one, other) => (one.at < other.at ? 1 : -1));
}

/** What the permit for these records of a question rests on; of records that it does not name, all that it rests on. */
function rulesOf(released: readonly RecordId[], question: AccessEvent | undefined): AccessEvent['provisionIds'] {
  const { recordIds = [], grounds, provisionIds } = question ?? {};
  const own = released.map((recordId) => grounds?.[recordIds.indexOf(recordId)]);
  return own.length > 0 && own.every((each) => each !== undefined) ? [...new Set(own.flat())] : provisionIds;
}
