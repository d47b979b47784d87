import { DomainError } from '../domain-error';
import { addMilliseconds, beginningOfMonth, type Instant } from '../instant';
import { LEAST_TOLD, type RecordClass } from '../vocabulary';
import { type Emergency, emergencyReasons, REVIEW_WITHIN_MS } from './entities';
import { type EmergencyPattern } from './transactions';

const QUARTER_MONTHS = 3;

/** From when (inclusive) until when (exclusive) a quarter is, and from when on it is told: reviews are due by then. */
export function boundsOfQuarter(quarter: string): { readonly from: Instant; readonly until: Instant; readonly toldFrom: Instant } {
  const [year = 0, number = 1] = quarter.split('-Q').map(Number);
  const first = (number - 1) * QUARTER_MONTHS;
  const until = beginningOfMonth(year, first + QUARTER_MONTHS);
  return { from: beginningOfMonth(year, first), until, toldFrom: addMilliseconds(until, REVIEW_WITHIN_MS) };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the quarter is not over, or its last reviews are not due yet: what is told of it would still grow */
export function assertQuarterOver({ toldFrom }: ReturnType<typeof boundsOfQuarter>, now: Instant): void {
  if (now < toldFrom)
    throw new DomainError('ILLEGAL_STATE', 'the quarter is told when its reviews are due', { state: 'open', command: 'count' });
}

/** Of those that were reviewed or wait, so many in a hundred found justified make a pattern that an ordinary rule would have covered. */
const ORDINARY_PERCENT = 80;

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
