import { addMilliseconds } from '../instant';
import { sha256 } from '../crypto/sha256';
import { prescriptionIdSchema, recordIdSchema } from '../ids';
import { expectRefusal } from '../refusals.fixture';
import { A, NOW, patient } from '../story.fixture';
import { cancelled, dispensed, stopped, unitsLeft } from './prescription';
import { boundsOfMonth, prescriptionCountsOf } from './statistics';
import { type Prescription, prescriptionSchema } from './transactions';

const DAY = 24 * 60 * 60 * 1000;
const record = { state: 'current', class: 'prescription' } as const;
const newPrescription = (changes: Partial<Prescription> = {}): Prescription =>
  prescriptionSchema.parse({
    ...{ schemaVersion: 1, pseudonym: patient, prescriptionId: prescriptionIdSchema.parse('x-1'), mspId: A },
    ...{ recordId: recordIdSchema.parse('rec-1'), units: 10, fills: 2, intervalDays: 7 },
    ...{ validFrom: NOW, validUntil: addMilliseconds(NOW, 30 * DAY), state: 'open', begun: 0, dispensedUnits: 0, dispensings: 0 },
    ...{ issuedAt: NOW, changedAt: NOW, origin: { requestHash: sha256('r'), actor: { kind: 'staff', mspId: A, actorTag: 'lin' } } },
    ...changes,
  });
const on = (day: number) => addMilliseconds(NOW, day * DAY);
/** After units on days, one behind the other. */
const after = (steps: readonly (readonly [day: number, units: number])[], changes: Partial<Prescription> = {}): Prescription =>
  steps.reduce((present, [day, units]) => dispensed(present, { units, now: on(day), record }), newPrescription(changes));

describe('a prescription', () => {
  it.each<readonly [string, readonly (readonly [number, number])[], Partial<Prescription>, readonly [string, number, number]]>([
    ['nothing yet', [], {}, ['open', 0, 10]],
    ['a part', [[0, 4]], {}, ['open', 1, 6]],
    [
      'two parts that are a fill',
      [
        [0, 4],
        [1, 6],
      ],
      {},
      ['open', 1, 10],
    ],
    ['a fill at once', [[0, 10]], {}, ['open', 1, 10]],
    [
      'the repeat on its first day',
      [
        [0, 10],
        [7, 10],
      ],
      {},
      ['dispensed', 2, 0],
    ],
    [
      'a part of the repeat',
      [
        [0, 10],
        [7, 1],
      ],
      {},
      ['open', 2, 9],
    ],
    [
      'the repeat seven days after the fill has begun, whenever its rest was handed out',
      [
        [0, 4],
        [6, 6],
        [7, 10],
      ],
      {},
      ['dispensed', 2, 0],
    ],
    ['a fill without a repeat', [[0, 10]], { fills: 1 }, ['dispensed', 1, 0]],
    ['its single unit', [[0, 1]], { fills: 1, units: 1 }, ['dispensed', 1, 0]],
    [
      'repeats of one day',
      [
        [0, 10],
        [0, 10],
      ],
      { intervalDays: 0 },
      ['dispensed', 2, 0],
    ],
  ])('of which was dispensed %s, has so much left', (_what, steps, changes, expected) => {
    const present = after(steps, changes);
    expect([present.state, present.begun, unitsLeft(present)]).toEqual(expected);
    expect(present.dispensings).toBe(steps.length);
  });

  it.each<readonly [string, string, readonly (readonly [number, number])[], Partial<Prescription>]>([
    ['more than a fill', 'PRESCRIPTION_EXCEEDED', [[0, 11]], {}],
    [
      'more than is left of a fill',
      'PRESCRIPTION_EXCEEDED',
      [
        [0, 4],
        [1, 7],
      ],
      {},
    ],
    [
      'fill and repeat at once',
      'PRESCRIPTION_EXCEEDED',
      [
        [0, 4],
        [8, 16],
      ],
      {},
    ],
    [
      'the repeat a millisecond too early',
      'PRESCRIPTION_TOO_EARLY',
      [
        [0, 10],
        [7 - 1 / DAY, 1],
      ],
      {},
    ],
    [
      'the repeat of a fill whose rest came late, too early',
      'PRESCRIPTION_TOO_EARLY',
      [
        [0, 4],
        [3, 6],
        [6, 1],
      ],
      {},
    ],
    [
      'a third fill',
      'ILLEGAL_STATE',
      [
        [0, 10],
        [7, 10],
        [14, 1],
      ],
      {},
    ],
    ['before its time', 'ILLEGAL_STATE', [[-1 / DAY, 1]], {}],
    ['at the end of its time', 'ILLEGAL_STATE', [[30, 1]], {}],
    ['of one that is taken back', 'ILLEGAL_STATE', [[0, 1]], { state: 'cancelled' }],
    ['of one that is stopped', 'ILLEGAL_STATE', [[0, 1]], { state: 'stopped' }],
  ])('is not dispensed: %s', (_what, code, steps, changes) => {
    const present = after(steps.slice(0, -1), changes);
    const [day = 0, units = 0] = steps.at(-1) ?? [];
    expectRefusal(code as 'ILLEGAL_STATE', () => dispensed(present, { units, now: on(day), record }));
  });

  it.each([
    ['the last instant', on(30 - 1 / DAY), record],
    ['its first instant', NOW, record],
  ] as const)('is dispensed at %s', (_when, now, of) => {
    expect(dispensed(newPrescription(), { units: 1, now, record: of }).dispensings).toBe(1);
  });

  it.each([
    ['retracted', { state: 'retracted', class: 'prescription' }],
    ['no prescription', { state: 'current', class: 'other' }],
  ] as const)('is not dispensed by a record that is %s', (_what, of) => {
    expectRefusal('ILLEGAL_STATE', () => dispensed(newPrescription(), { units: 1, now: NOW, record: of }));
  });

  it('is taken back or stopped while something of it is left, and not twice', () => {
    expect(cancelled(after([[0, 4]]), 'replaced', on(1))).toMatchObject({ state: 'cancelled', cancellation: 'replaced' });
    expect(stopped(after([[0, 4]]), on(1)).state).toBe('stopped');
    for (const ended of [after([[0, 10]], { fills: 1 }), newPrescription({ state: 'stopped' }), newPrescription({ state: 'cancelled' })]) {
      expectRefusal('ILLEGAL_STATE', () => cancelled(ended, 'replaced', on(1)));
      expectRefusal('ILLEGAL_STATE', () => stopped(ended, on(1)));
    }
  });

  it('is counted without what is fewer than five', () => {
    const dispensings = [
      ...Array.from({ length: 4 }, () => ({ fill: 1, units: 10, unitsOfFill: 10 })),
      ...Array.from({ length: 5 }, () => ({ fill: 2, units: 9, unitsOfFill: 10 })),
    ];
    const issued = [...Array.from({ length: 5 }, () => ({ state: 'stopped' as const })), { state: 'cancelled' as const }];
    expect(prescriptionCountsOf(issued, dispensings)).toEqual({ issued: 6, stopped: 5, dispensings: 9, ofRepeats: 5, inParts: 5 });
    expect(prescriptionCountsOf([], [])).toEqual({});
  });

  it('is of the month by UTC', () => {
    expect(boundsOfMonth('2026-12')).toEqual({ from: '2026-12-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z' });
    expect(boundsOfMonth('2026-02').until).toBe('2026-03-01T00:00:00.000Z');
  });
});
