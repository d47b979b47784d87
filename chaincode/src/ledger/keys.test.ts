import fc from 'fast-check';
import { indexPart, invertedTimePart, keyOf, prefixOf, privateKeys, publicKeys, versionPart } from '../index';

const all = [...Object.values(publicKeys), ...Object.values(privateKeys)];
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);

describe('ledger keys', () => {
  it('has one object type for each entity', () => {
    const types = all.map((entity) => entity.objectType);
    expect(new Set(types).size).toBe(types.length);
    for (const [name, entity] of Object.entries({ ...publicKeys, ...privateKeys })) {
      expect(entity.objectType).toBe(name);
    }
  });

  it('spells a key as Fabric spells composite keys', () => {
    expect(keyOf(publicKeys.record, ['p1', 'r1'])).toBe('\u0000record\u0000p1\u0000r1\u0000');
  });

  it('never gives one key to two different entities', () => {
    fc.assert(
      fc.property(
        fc.nat(all.length - 1),
        fc.nat(all.length - 1),
        fc.array(id, { minLength: 4, maxLength: 4 }),
        fc.array(id, { minLength: 4, maxLength: 4 }),
        (i, j, left, right) => {
          const build = (index: number, parts: string[]): string =>
            prefixOf(all[index] ?? publicKeys.record, parts.slice(0, all[index]?.parts.length));
          const same = i === j && left.slice(0, all[i]?.parts.length).join() === right.slice(0, all[j]?.parts.length).join();
          expect(build(i, left) === build(j, right)).toBe(same);
        },
      ),
    );
  });

  it.each(['', 'a\u0000b', 'a b', 'é', 'a/b', 'x'.repeat(65), '\ud800', '..', 'a\n'])('refuses %j as a key part', (part) => {
    expect(() => keyOf(publicKeys.record, ['p1', part])).toThrow('not an id');
    expect(() => keyOf(publicKeys.record, [part, 'r1'])).toThrow('not an id');
  });

  it('takes any string either as exactly itself or not at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const attempt = (): string => keyOf(publicKeys.organisation, [text]);
        if (/^[A-Za-z0-9_-]{1,64}$/.test(text) && !text.endsWith('\n')) {
          expect(attempt()).toBe(`\u0000organisation\u0000${text}\u0000`);
        } else {
          expect(attempt).toThrow('not an id');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('orders versions and lines as numbers, and times newest first', () => {
    expect([2, 10, 9, 1].map(versionPart).sort()).toEqual(['000001', '000002', '000009', '000010']);
    expect([2, 10].map(indexPart).sort()).toEqual(['002', '010']);
    expect(invertedTimePart(2_000) < invertedTimePart(1_000)).toBe(true);
    expect(invertedTimePart(0)).toHaveLength(13);
  });

  it.each([Number.NaN, -1, 1.5, 10_000_000_000_000])('refuses the time %p', (time) => {
    expect(() => invertedTimePart(time)).toThrow('audit key');
  });
});
