import { type RecognisedItem, recognisedItemSchema, recognisedItemsSchema } from '../record/results';
import { addMilliseconds, instantSchema } from '../instant';
import { mspIdSchema } from '../ids';
import { type ResultKind, resultKindSchema } from '../record/results';
import { itemCommitmentOf, newestEquivalent } from './recognition';
import { recognitionReport } from './report';

const NOW = instantSchema.parse('2026-05-08T08:00:00.000Z');
const DAY_MS = 86_400_000;
const loinc = (code: string) => ({ system: 'loinc.org', code });
const item = (more: object = {}): RecognisedItem =>
  recognisedItemSchema.parse({
    ...{
      itemId: 'potassium',
      name: { en: 'potassium', zh: '血钾' },
      codes: [loinc('2823-3'), { system: 'hospital-a.example', code: 'K' }],
    },
    ...{ specimens: [loinc('SER')], longestDays: 7, mark: 'provincial', priceCents: 5_000, ...more },
  });
const result = (more: object = {}): ResultKind =>
  resultKindSchema.parse({
    codes: [loinc('2823-3')],
    specimens: [loinc('SER')],
    at: addMilliseconds(NOW, -DAY_MS),
    mark: 'provincial',
    ...more,
  });
const isFound = (of: ResultKind, for_ = item()): boolean => newestEquivalent([{ result: of }], for_, NOW) !== undefined;

describe('an equivalent result', () => {
  it.each<readonly [string, object]>([
    ['of the same code', {}],
    ['of a local code that the map holds equal', { codes: [{ system: 'hospital-a.example', code: 'K' }] }],
    ['of a wider mark than is needed', { mark: 'national' }],
    ['to the millisecond as old as is allowed', { at: addMilliseconds(NOW, -7 * DAY_MS) }],
    ['of this moment', { at: NOW }],
  ])('is one %s', (_what, more) => {
    expect(isFound(result(more))).toBe(true);
  });

  it.each<readonly [string, object]>([
    ['of another code', { codes: [loinc('2951-2')] }],
    ['of the code in another system', { codes: [{ system: 'hospital-b.example', code: 'K' }] }],
    ['of another specimen', { specimens: [loinc('UR')] }],
    ['of a specimen that is not said', { specimens: [] }],
    ['of a narrower mark', { mark: 'municipal' }],
    ['a millisecond too old', { at: addMilliseconds(NOW, -7 * DAY_MS - 1) }],
    ['of the future', { at: addMilliseconds(NOW, 1) }],
  ])('is none %s', (_what, more) => {
    expect(isFound(result(more))).toBe(false);
  });

  it('is none without a mark, unless the item needs none', () => {
    const { mark: _mark, ...unmarked } = result();
    expect(isFound(unmarked)).toBe(false);
    const { mark: _needed, ...needsNone } = item();
    expect(isFound(unmarked, needsNone)).toBe(true);
  });

  it('is the newest of several, in whatever order they stand', () => {
    const results = [2, 1, 3].map((days) => ({ days, result: result({ at: addMilliseconds(NOW, -days * DAY_MS) }) }));
    for (const some of [results, [...results].reverse()]) expect(newestEquivalent(some, item(), NOW)?.days).toBe(1);
  });
});

describe('the list of recognised items', () => {
  const of = (...tariffs: readonly number[]) =>
    recognisedItemsSchema.safeParse({ items: tariffs.map((priceCents, at) => ({ ...item(), itemId: `item-${at}`, priceCents })) }).success;

  it('has three items of each tariff at least, so that none is named by it', () => {
    expect([of(), of(5_000, 5_000, 5_000), of(5_000, 5_000, 5_000, 1_000, 1_000, 1_000)]).toEqual([true, true, true]);
    expect([of(5_000), of(5_000, 5_000), of(5_000, 5_000, 5_000, 1_000), of(4_999, 4_999, 4_999)]).toEqual([false, false, false, false]);
  });

  it('names no item twice', () => {
    expect(recognisedItemsSchema.safeParse({ items: [item(), item(), item()] }).success).toBe(false);
  });

  it('is asked from by a hash that another question, item or salt does not have', () => {
    const hash = itemCommitmentOf({ askId: 'm1', itemId: 'a', salt: 's' });
    for (const other of [{ askId: 'm2' }, { itemId: 'b' }, { salt: 't' }])
      expect(itemCommitmentOf({ askId: 'm1', itemId: 'a', salt: 's', ...other })).not.toBe(hash);
  });
});

describe('the report', () => {
  const [a, b] = ['A', 'B'].map((id) => mspIdSchema.parse(id)) as [
    ReturnType<typeof mspIdSchema.parse>,
    ReturnType<typeof mspIdSchema.parse>,
  ];
  const last = instantSchema.parse('2026-04-30T23:59:59.999Z');
  const first = instantSchema.parse('2026-05-01T00:00:00.000Z');
  const place = { recordId: 'r', ticketId: 't' } as unknown as { recordId: never; ticketId: never };

  it('counts by hospital and month: a question by when it was asked, a decision by when it was made', () => {
    const question = { priceCents: 5_000, askedAt: last } as const;
    expect(
      recognitionReport([
        { ...question, mspId: b },
        { ...question, mspId: a, decided: { outcome: 'accept', ...place }, decidedAt: first },
        { ...question, mspId: a, decided: { outcome: 'decline', reason: 'unable', ...place }, decidedAt: last },
        { ...question, mspId: a, askedAt: first, decided: { outcome: 'decline', reason: 'unable', ...place }, decidedAt: first },
      ]),
    ).toEqual([
      { mspId: a, month: '2026-04', asked: 2, found: 1, accepted: 0, repeated: 1, reasons: { unable: 1 }, savedCents: 0 },
      { mspId: a, month: '2026-05', asked: 1, found: 2, accepted: 1, repeated: 1, reasons: { unable: 1 }, savedCents: 5_000 },
      { mspId: b, month: '2026-04', asked: 1, found: 0, accepted: 0, repeated: 0, reasons: {}, savedCents: 0 },
    ]);
  });
});
