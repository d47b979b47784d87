import { assertTimely, countEvaluations } from '../deciding';
import { actorTagSchema, evaluationIdSchema, type EvaluationDay } from '../index';
import { expectRefusal } from '../refusals.fixture';
import { A, hours, NOW } from '../story.fixture';

const asked = { mspId: A, actorTag: actorTagSchema.parse('registrar-1') };
/** A day on which a registrar asks for so many, one transaction after the other. */
function dayOf(...inputs: readonly number[]): { readonly day: EvaluationDay | undefined; readonly alarms: number } {
  let day: EvaluationDay | undefined;
  let alarms = 0;
  for (const each of inputs) {
    const counted = countEvaluations(day, { ...asked, inputs: each }, NOW);
    day = counted.day;
    if (counted.isAlarm) alarms += 1;
  }
  return { day, alarms };
}
const times = (count: number, inputs: number): readonly number[] => Array.from({ length: count }, () => inputs);

describe('the evaluations of a registrar in a day', () => {
  it.each([
    ['999 one by one', times(999, 1), 0],
    ['1,000 one by one', times(1_000, 1), 1],
    ['1,001 one by one', times(1_001, 1), 1],
    ['1,008 by sixteens', times(63, 16), 1],
    ['992 by sixteens', times(62, 16), 0],
    ['2,000 by sixteens', times(125, 16), 1],
  ])('raise an alarm with the thousandth, once: %s', (_what, inputs, alarms) => {
    const counted = dayOf(...inputs);
    expect(counted.alarms).toBe(alarms);
    expect(counted.day?.alarmedAt).toBe(alarms === 0 ? undefined : NOW);
    expect(counted.day?.evaluations).toBe(inputs.reduce((sum, each) => sum + each, 0));
  });

  it.each([
    [2_000, 1],
    [1_999, 2],
    [1_985, 16],
  ])('are refused beyond two thousand: after %i, %i more', (before, inputs) => {
    const day = { ...(dayOf(1).day ?? { schemaVersion: 1, ...asked, day: '2026-05-01' }), evaluations: before } as EvaluationDay;
    expectRefusal('LIMIT_REACHED', () => countEvaluations(day, { ...asked, inputs }, NOW), { entity: 'evaluation', limit: 2_000 });
  });

  it('begin anew with the day in UTC', () => {
    expect(countEvaluations(undefined, { ...asked, inputs: 1 }, NOW).day.day).toBe(NOW.slice(0, 10));
  });
});

describe('an evaluation', () => {
  const evaluationId = evaluationIdSchema.parse('e-1');
  it.each([0, -0.16, 0.16])('is answered for within ten minutes of either clock: asked %d hours from now', (count) => {
    expect(() => {
      assertTimely({ at: hours(count), evaluationId }, NOW);
    }).not.toThrow();
  });
  it.each([-1 / 6, -0.2, -24, 1 / 6, 1])('is not answered for when it was asked %d hours from now', (count) => {
    expectRefusal('EVALUATION_OVER', () => {
      assertTimely({ at: hours(0, count * 3_600_000), evaluationId }, NOW);
    });
  });
});
