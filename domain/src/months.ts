import { z } from 'zod';

const monthSchema = z.string().regex(/^[0-9]{4}-(?:0[1-9]|1[0-2])$/);

/** Months of a calendar, both included; of the place where they are written, for a month says little. */
export const monthsSchema = z
  .strictObject({ first: monthSchema, last: monthSchema })
  .refine(({ first, last }) => first <= last, 'ends before it begins');
export type Months = z.output<typeof monthsSchema>;

/** Whether all months of one are among those of the other. */
export function areAllWithin(months: Months, outer: Months): boolean {
  return outer.first <= months.first && months.last <= outer.last;
}

/** Whether the two have a month in common. */
export function haveCommonMonth(one: Months, other: Months): boolean {
  return one.first <= other.last && other.first <= one.last;
}
