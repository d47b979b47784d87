import {
  addMilliseconds,
  addYears,
  areAllWithin,
  earliest,
  haveCommonMonth,
  type Instant,
  instantOf,
  instantSchema,
  millisecondsOf,
  type Months,
  monthsSchema,
  periodSchema,
} from './instant';

// Spelled here by hand: what the rules under test make of a text is asked for inside of the tests alone.
const at = (clock: string): Instant => `2026-05-01T${clock}Z` as Instant;
const NOW = at('08:00:00.000');
const messageOf = (schema: typeof instantSchema | typeof periodSchema | typeof monthsSchema, value: unknown): string | undefined =>
  schema.safeParse(value).error?.issues[0]?.message;
const months = (first: string, last: string): Months => ({ first, last });

describe('an instant', () => {
  it('is the text of so many milliseconds since 1970, and they of the text', () => {
    expect(instantOf(1_777_622_400_123)).toBe('2026-05-01T08:00:00.123Z');
    expect(millisecondsOf(instantSchema.parse('2026-05-01T08:00:00.123Z'))).toBe(1_777_622_400_123);
  });
  it('is moved by milliseconds', () => {
    expect([addMilliseconds(NOW, 1), addMilliseconds(NOW, -1), addMilliseconds(NOW, 0)]).toEqual([
      at('08:00:00.001'),
      at('07:59:59.999'),
      NOW,
    ]);
  });
  it.each(['2026-02-30T00:00:00.000Z', '2026-13-01T00:00:00.000Z'])(
    'that does not exist is told from what is no text of one: %s',
    (text) => {
      expect(messageOf(instantSchema, text)).toBe('not an instant');
      expect(messageOf(instantSchema, `${text} `)).not.toBe('not an instant');
    },
  );
  it.each(['x2026-05-01T08:00:00.000Z', '2026-05-01T08:00:00.000Zx'])('is the whole text: not %s', (text) => {
    expect(messageOf(instantSchema, text)).toMatch(/^Invalid string: must match pattern/);
  });
});

describe('so many years later', () => {
  it.each<readonly [string, number, string]>([
    ['2026-05-01T08:00:00.123Z', 15, '2041-05-01T08:00:00.123Z'],
    ['2026-05-01T08:00:00.123Z', 0, '2026-05-01T08:00:00.123Z'],
    ['2024-02-29T23:59:59.999Z', 4, '2028-02-29T23:59:59.999Z'],
    ['2024-02-29T23:59:59.999Z', 1, '2025-03-01T23:59:59.999Z'],
    ['2026-12-31T23:59:59.999Z', 1, '2027-12-31T23:59:59.999Z'],
  ])('than %s, by %d, is %s', (instant, years, later) => {
    expect(addYears(instantSchema.parse(instant), years)).toBe(later);
  });
});

describe('the earliest of instants', () => {
  it('is the first in time, wherever it stands, and the list stays as it was', () => {
    const list = [at('10:00:00.000'), NOW, at('09:00:00.000')];
    expect(earliest(list)).toBe(NOW);
    expect(list).toEqual([at('10:00:00.000'), NOW, at('09:00:00.000')]);
  });
  it('is nothing where there is none', () => {
    expect(earliest([])).toBeUndefined();
  });
});

describe('a period', () => {
  it('says why it is none', () => {
    expect(messageOf(periodSchema, { from: at('09:00:00.000'), until: NOW })).toBe('ends before it begins');
  });
  it('has both its ends and nothing else', () => {
    const period = { from: NOW, until: at('09:00:00.000') };
    expect([period, { from: NOW }, { until: NOW }, { ...period, zone: 'UTC' }].map((of) => periodSchema.safeParse(of).success)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('months of care', () => {
  it.each(['2025-00', '2025-13', '2025-1', '2025-01-01', '12025-01', '2025-1x', 'x2025-01'])('are none that do not exist: %s', (month) => {
    expect(monthsSchema.safeParse({ first: month, last: '9999-12' }).success).toBe(false);
    expect(monthsSchema.safeParse({ first: '0000-01', last: month }).success).toBe(false);
  });
  it.each(['2025-01', '2025-09', '2025-10', '2025-12'])('are those of a calendar: %s', (month) => {
    expect(monthsSchema.safeParse({ first: month, last: month }).success).toBe(true);
  });
  it('say why they are none', () => {
    expect(messageOf(monthsSchema, { first: '2025-02', last: '2025-01' })).toBe('ends before it begins');
    expect(monthsSchema.safeParse({ first: '2025-01' }).success).toBe(false);
  });
  it.each<readonly [string, ReturnType<typeof months>, boolean, boolean]>([
    ['the same', months('2025-03', '2025-05'), true, true],
    ['within', months('2025-04', '2025-04'), true, true],
    ['beginning before', months('2025-02', '2025-04'), false, true],
    ['ending after', months('2025-04', '2025-06'), false, true],
    ['up to the first', months('2025-01', '2025-03'), false, true],
    ['from the last on', months('2025-05', '2025-09'), false, true],
    ['before', months('2025-01', '2025-02'), false, false],
    ['after', months('2025-06', '2025-07'), false, false],
    ['around', months('2025-01', '2025-12'), false, true],
  ])('are within others, or have a month in common: %s', (_what, of, isWithin, isCommon) => {
    const year = months('2025-03', '2025-05');
    expect([areAllWithin(of, year), haveCommonMonth(of, year), haveCommonMonth(year, of)]).toEqual([isWithin, isCommon, isCommon]);
  });
});
