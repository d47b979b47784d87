import { DomainError } from '../domain-error';
import { beginningOfMonth, type Instant } from '../instant';
import { LEAST_TOLD } from '../vocabulary';
import { type Dispensing, type Prescription, type PrescriptionCounts, prescriptionCountsSchema } from './transactions';

/** From when (inclusive) until when (exclusive) a month is, by UTC. */
export function boundsOfMonth(month: string): { readonly from: Instant; readonly until: Instant } {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return { from: beginningOfMonth(year, number - 1), until: beginningOfMonth(year, number) };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the month is not over: of two counts that grow, the difference would tell what few have done */
export function assertMonthOver({ until }: ReturnType<typeof boundsOfMonth>, now: Instant): void {
  if (now < until) throw new DomainError('ILLEGAL_STATE', 'the month is not over', { state: 'open', command: 'count' });
}

/** What is counted of a dispensing: with how many units its fill has. */
export type CountedDispensing = Pick<Dispensing, 'fill' | 'units'> & { readonly unitsOfFill: number };

export function prescriptionCountsOf(
  issued: readonly Pick<Prescription, 'state'>[],
  dispensings: readonly CountedDispensing[],
): PrescriptionCounts {
  const all = {
    issued: issued.length,
    cancelled: issued.filter(({ state }) => state === 'cancelled').length,
    stopped: issued.filter(({ state }) => state === 'stopped').length,
    dispensings: dispensings.length,
    ofRepeats: dispensings.filter(({ fill }) => fill > 1).length,
    inParts: dispensings.filter(({ units, unitsOfFill }) => units < unitsOfFill).length,
  };
  return prescriptionCountsSchema.parse(Object.fromEntries(Object.entries(all).filter(([, number]) => number >= LEAST_TOLD)));
}
