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
      return {
        at,
        to: question?.actor,
        ...(ticketId === undefined ? {} : { ticketId }),
        ...(recordIds === undefined ? {} : { recordIds }),
        ...(purpose === undefined ? {} : { purpose }),
        ...(question?.provisionIds === undefined ? {} : { provisionIds: question.provisionIds }),
      };
    })
    .sort((one, other) => (one.at < other.at ? 1 : -1));
}
