import fc from 'fast-check';
import { hours, NOW } from './story.fixture';
import { instantOf, instantSchema, isId, isWithin, nameSchema, periodSchema, recordIdSchema } from './index';

describe('the rule of ids', () => {
  it.each(['a', 'A-Z_09', 'HospitalAMSP', '-', 'x'.repeat(64)])('takes %j', (text) => {
    expect(isId(text)).toBe(true);
    expect(recordIdSchema.parse(text)).toBe(text);
  });
  it.each([
    ['nothing', ''],
    ['65 characters', 'x'.repeat(65)],
    ['a null, which ends a composite key’s part', 'a\u0000b'],
    ['the composite namespace', '\u0000'],
    ['the highest code point, which ends a range', 'a\u{10ffff}'],
    ['a trailing newline', 'a\n'],
    ['a leading space', ' a'],
    ['a slash', 'a/b'],
    ['a dot', 'a.b'],
    ['a colon', 'a:b'],
    ['a tilde', 'a~b'],
    ['a composed letter', 'é'],
    ['a decomposed letter', 'e\u0301'],
    ['a full-width letter', 'Ａ'],
    ['a Cyrillic twin', 'а'],
    ['a Chinese character', '病'],
    ['a zero-width joiner', 'a\u200db'],
    ['a right-to-left override', '\u202ea'],
    ['a lone surrogate', '\ud800'],
    ['a percent sign', '%00'],
  ])('refuses %s', (_what, text) => {
    expect(isId(text)).toBe(false);
    expect(nameSchema.safeParse(text).success).toBe(false);
  });
  it.each([[1], [null], [undefined], [['a']], [{ toString: (): string => 'a' }], [true]])('refuses %p, which is no text', (value) => {
    expect(recordIdSchema.safeParse(value).success).toBe(false);
  });
  it('takes of all texts only those of its alphabet', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 4 }).map((units) => String.fromCharCode(...units)),
        (text) => isId(text) === /^[A-Za-z0-9_-]+$/.test(text) && isId(text) === !/[^\w-]/.test(text),
      ),
      {
        numRuns: 2000,
      },
    );
  });
});

describe('instants', () => {
  it.each(['2026-05-01T08:00:00.000Z', '2024-02-29T23:59:59.999Z', '0001-01-01T00:00:00.000Z'])('take %s', (text) => {
    expect(instantSchema.safeParse(text).success).toBe(true);
  });
  it.each([
    '2026-05-01T08:00:00Z',
    '2026-05-01T08:00:00.000+08:00',
    '2026-05-01 08:00:00.000Z',
    '2026-02-29T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-05-01T24:00:00.000Z',
    '2026-05-01T23:60:00.000Z',
    '2026-05-01T23:59:60.000Z',
    '+002026-05-01T08:00:00.000Z',
    '2026-05-01t08:00:00.000z',
    '2026-05-01T08:00:00.000Z\n',
    '',
    'now',
  ])('refuse %j', (text) => {
    expect(instantSchema.safeParse(text).success).toBe(false);
  });
  it('refuse years of five digits, which would not sort', () => {
    expect(() => instantOf(8.64e15)).toThrow();
  });
  it('sort as texts as they sort in time', () => {
    const time = fc.integer({ min: 0, max: 253_402_300_799_999 });
    fc.assert(fc.property(time, time, (one, other) => instantOf(one) < instantOf(other) === one < other));
  });
  it('lie in a period from its beginning until before its end', () => {
    const period = periodSchema.parse({ from: NOW, until: hours(1) });
    expect([hours(0, -1), NOW, hours(1, -1), hours(1)].map((at) => isWithin(at, period))).toEqual([false, true, true, false]);
    expect(periodSchema.safeParse({ from: NOW, until: NOW }).success).toBe(false);
  });
});
