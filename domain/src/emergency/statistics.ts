import { z } from 'zod';
import { departmentSchema, mspIdSchema } from '../ids';
import { recordClassSchema, type RecordClass } from '../vocabulary';
import { type Emergency, emergencyReasons } from './entities';

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
