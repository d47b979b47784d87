import { z } from 'zod';
import { DomainError } from '../domain-error';
import { departmentSchema, mspIdSchema } from '../ids';
import { addMilliseconds, type Instant, instantSchema } from '../instant';
import { recordClassSchema, type RecordClass } from '../vocabulary';
import { type Emergency, emergencyReasons, REVIEW_WITHIN_MS } from './entities';

/**
 * A quarter of a year by UTC. What is counted is fixed periods that do not overlap: of two that did, the difference would tell what few have done.
 */
export const quarterSchema = z.string().regex(/^20\d{2}-Q[1-4]$/);
const QUARTER_MONTHS = 3;

/** From when (inclusive) until when (exclusive) a quarter is, and from when on it is told: reviews are due by then. */
export function boundsOfQuarter(quarter: string): { readonly from: Instant; readonly until: Instant; readonly toldFrom: Instant } {
  const [year = 0, number = 1] = quarter.split('-Q').map(Number);
  const first = (number - 1) * QUARTER_MONTHS;
  const until = number === 4 ? beginningOf(year + 1, 0) : beginningOf(year, first + QUARTER_MONTHS);
  return { from: beginningOf(year, first), until, toldFrom: addMilliseconds(until, REVIEW_WITHIN_MS) };
}

/** The first instant of a month by UTC. @param month - 0 is January */
function beginningOf(year: number, month: number): Instant {
  return instantSchema.parse(`${year}-${String(month + 1).padStart(2, '0')}-01T00:00:00.000Z`);
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the quarter is not over, or its last reviews are not due yet: what is told of it would still grow */
export function assertQuarterOver({ toldFrom }: ReturnType<typeof boundsOfQuarter>, now: Instant): void {
  if (now < toldFrom)
    throw new DomainError('ILLEGAL_STATE', 'the quarter is told when its reviews are due', { state: 'open', command: 'count' });
}

/** What is fewer is not told, nor what it could be reckoned from: few emergencies of a department are somebody's. */
const LEAST_TOLD = 5;
/** Of those that were reviewed or wait, so many in a hundred found justified make a pattern that an ordinary rule would have covered. */
const ORDINARY_PERCENT = 80;

const count = z.int().min(LEAST_TOLD);
/** The emergencies of one department in records of one class of one hospital; without patients, persons and days. */
export const emergencyPatternSchema = z.strictObject({
  /** Who has asked. */
  mspId: mspIdSchema,
  department: departmentSchema,
  custodianMspId: mspIdSchema,
  class: recordClassSchema,
  emergencies: count,
  /** How many of them were found justified; left out where that, or the rest, are few. */
  justified: z.int().min(0).exactOptional(),
  /** How many for each reason; left out where one of them has few. */
  reasons: z.array(z.strictObject({ reason: z.enum(emergencyReasons), emergencies: count })).exactOptional(),
  /** Which ordinary rule would have covered them: what holds by default of the class, or consents that patients of the department give. */
  wouldBeCoveredBy: z.enum(['default-policy', 'consent']).exactOptional(),
});
export type EmergencyPattern = z.output<typeof emergencyPatternSchema>;

/** What is counted of one emergency. */
export type CountedEmergency = Pick<Emergency, 'asker' | 'custodianMspId' | 'reason' | 'review'> & {
  readonly classes: readonly RecordClass[];
};

/** The patterns of emergencies that are often enough to be told, the most frequent first. One that opened several classes counts in each. */
export function patternsOf(counted: readonly CountedEmergency[]): EmergencyPattern[] {
  const groups = new Map<string, { readonly of: RecordClass; readonly cases: CountedEmergency[] }>();
  for (const each of counted)
    for (const of of new Set(each.classes)) {
      const key = [each.asker.mspId, each.asker.department, each.custodianMspId, of].join(' ');
      const group = groups.get(key) ?? { of, cases: [] };
      group.cases.push(each);
      groups.set(key, group);
    }
  const told = [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, { of, cases }]) => patternOf(of, cases) ?? []);
  return told.sort((one, other) => other.emergencies - one.emergencies);
}

function patternOf(of: RecordClass, cases: readonly CountedEmergency[]): EmergencyPattern | undefined {
  const [first] = cases;
  if (first === undefined || cases.length < LEAST_TOLD) return undefined;
  const { asker, custodianMspId } = first;
  const justified = cases.filter(({ review }) => review?.outcome === 'justified').length;
  const isTold = isEnough(justified) && isEnough(cases.length - justified);
  const reasons = emergencyReasons.map((reason) => ({ reason, emergencies: cases.filter((each) => each.reason === reason).length }));
  const given = reasons.filter(({ emergencies }) => emergencies > 0);
  const isOrdinary = isTold && justified * 100 >= cases.length * ORDINARY_PERCENT;
  return {
    ...{ mspId: asker.mspId, department: asker.department, custodianMspId, class: of, emergencies: cases.length },
    ...(isTold ? { justified } : {}),
    ...(given.every(({ emergencies }) => isEnough(emergencies)) ? { reasons: given } : {}),
    ...(isOrdinary ? { wouldBeCoveredBy: asker.mspId === custodianMspId ? ('default-policy' as const) : ('consent' as const) } : {}),
  };
}

function isEnough(cases: number): boolean {
  return cases === 0 || cases >= LEAST_TOLD;
}
