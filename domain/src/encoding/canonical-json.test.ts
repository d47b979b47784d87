import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { canonicalJson, type Json, NotCanonicalError, parseStrictJson } from '../index';

const LIMITS = { maxBytes: 1_000_000, maxDepth: 64 };
// the only JSON we write: integers, well-formed strings, no __proto__
const key = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__proto__');
const { value: jsonArbitrary } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 code unit as RFC 8785 §3.2.3 shows', () => {
    const example = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const values = [...canonicalJson(example).matchAll(/:"([^"]*)"/g)].map(([, value]) => value);
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });
  it('writes strings and literals as RFC 8785 §3.2.2 shows', () => {
    // the RFC's example without its floats, which this project refuses
    const example = { string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/', literals: [null, true, false] };
    expect(canonicalJson(example)).toBe('{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}');
  });
  it.each([
    [0, '0'],
    [-0, '0'],
    [9007199254740991, '9007199254740991'],
    [-9007199254740991, '-9007199254740991'],
    ['', '""'],
    [[], '[]'],
    [{}, '{}'],
    [{ b: [1, { d: 1, c: 2 }], a: null }, '{"a":null,"b":[1,{"c":2,"d":1}]}'],
    ['病理 \u2028', '"病理 \u2028"'],
    [Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
  ])('writes %p', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  const sparse = [1];
  sparse[2] = 3;
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  it.each<readonly [string, unknown]>([
    ['a fraction', 1.5],
    ['an unsafe integer', 2 ** 53],
    ['NaN', NaN],
    ['infinity', Infinity],
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a hole', sparse],
    ['a bigint', 1n],
    ['a function', (): void => undefined],
    ['a symbol', Symbol('s')],
    ['a symbol key', { [Symbol('s')]: 1 }],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', new Uint8Array(2)],
    [
      'an instance',
      new (class Thing {
        readonly a = 1;
      })(),
    ],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['a __proto__ key', JSON.parse('{"__proto__":1}')],
    ['a cycle', cyclic],
  ])('refuses %s', (_what, value) => {
    expect(() => canonicalJson(value)).toThrow(NotCanonicalError);
  });
  it.each<readonly [string, unknown]>([
    ['deeper than 32 levels', cyclic],
    ['no canonical form for undefined', { a: undefined }],
    ['no canonical form for object', new Date(0)],
    ['lone surrogate', ['\ud800']],
    ['not a safe integer', 1.5],
    ['symbol key', { [Symbol('s')]: 1 }],
    ['__proto__ key', JSON.parse('{"__proto__":1}')],
  ])('says why: %s', (message, value) => {
    expect(() => canonicalJson(value)).toThrow(new NotCanonicalError(message));
    expect(new NotCanonicalError(message).name).toBe('NotCanonicalError');
  });
  it('takes an object of another realm for one, and one with a prototype of its own for none', () => {
    expect(canonicalJson(runInNewContext('({ b: 1, a: [] })'))).toBe('{"a":[],"b":1}');
    expect(() => canonicalJson(Object.create({ a: 1 }))).toThrow(NotCanonicalError);
  });
  it('writes 32 levels and refuses 33', () => {
    const nested = (levels: number): unknown => (levels === 1 ? [] : [nested(levels - 1)]);
    expect(canonicalJson(nested(32))).toBe('['.repeat(32) + ']'.repeat(32));
    expect(() => canonicalJson(nested(33))).toThrow(NotCanonicalError);
  });

  it('counts the levels of objects, too', () => {
    const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });
    expect(canonicalJson(nested(32))).toBe('{"a":'.repeat(31) + '{}' + '}'.repeat(31));
    expect(() => canonicalJson(nested(33))).toThrow(new NotCanonicalError('deeper than 32 levels'));
  });

  it('writes what it reads of its own the same again', () => {
    fc.assert(fc.property(jsonArbitrary, (value) => canonicalJson(parseStrictJson(canonicalJson(value), LIMITS)) === canonicalJson(value)));
  });
  it('writes a value the same whatever the order of its members', () => {
    const shuffle = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(shuffle);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, member]) => [name, shuffle(member)]),
      );
    };
    fc.assert(fc.property(jsonArbitrary, (value) => canonicalJson(shuffle(value)) === canonicalJson(value)));
  });
  it('writes what JSON.parse reads as the same value', () => {
    fc.assert(
      fc.property(jsonArbitrary, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
