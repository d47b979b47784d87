import fc from 'fast-check';
import { parseStrictJson, StrictJsonError } from '../index';

const LIMITS = { maxBytes: 4096, maxDepth: 8 };

function problemOf(text: string, limits: Parameters<typeof parseStrictJson>[1] = LIMITS): string {
  try {
    parseStrictJson(text, limits);
    return 'none';
  } catch (error) {
    if (error instanceof StrictJsonError) return error.problem;
    throw error;
  }
}

describe('parseStrictJson', () => {
  it.each([
    'null',
    ' true ',
    'false',
    '0',
    '-0',
    '1.5e-3',
    '"\\u00e9\\n\\ud83d\\ude00"',
    '[]',
    '[ 1 , [ ] , { } ]',
    '{"a":{"b":[1,"二"]},"constructor":1,"toString":2}',
    '\t\r\n{ "a" : 1 }\n',
  ])('reads %j as JSON.parse does', (text) => {
    expect(parseStrictJson(text, LIMITS)).toEqual(JSON.parse(text));
  });
  it.each<readonly [string, string]>([
    ['{"a":1,"a":1}', 'DUPLICATE_KEY'],
    ['{"a":1,"\\u0061":2}', 'DUPLICATE_KEY'],
    ['[{"x":{"b":1,"c":2,"b":3}}]', 'DUPLICATE_KEY'],
    ['{"__proto__":{"admin":true}}', 'FORBIDDEN_KEY'],
    ['{"\\u005f_proto__":1}', 'FORBIDDEN_KEY'],
    ['"\\ud800"', 'LONE_SURROGATE'],
    ['"\\udc00\\ud800"', 'LONE_SURROGATE'],
    ['"\ud800"', 'LONE_SURROGATE'],
    ['{"\\ud800":1}', 'LONE_SURROGATE'],
    ['1e999', 'NUMBER_RANGE'],
    ['-1e999', 'NUMBER_RANGE'],
    ['[[[[[[[[[]]]]]]]]]', 'TOO_DEEP'],
    ['{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}', 'TOO_DEEP'],
  ])('refuses %j: %s', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });
  it.each([
    '',
    ' ',
    'nul',
    'True',
    'NaN',
    'Infinity',
    '+1',
    '01',
    '1.',
    '.5',
    '1e',
    '0x1',
    "'a'",
    '"a',
    '"\\x"',
    '"\\u12"',
    '"a\nb"',
    '"\u0000"',
    '[1,]',
    '[1 2]',
    '[',
    ']',
    '{',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '{1:1}',
    '1 1',
    '[]]',
    '\ufeff1',
    '/**/1',
    '"\\',
    'null,',
    '{"a" 1}',
  ])('refuses %j: SYNTAX', (text) => {
    expect(problemOf(text)).toBe('SYNTAX');
  });
  it('refuses more bytes or levels than allowed', () => {
    expect(problemOf(`"${'x'.repeat(4095)}"`)).toBe('TOO_LARGE');
    expect(problemOf(`"${'病'.repeat(1366)}"`)).toBe('TOO_LARGE');
    expect(problemOf('['.repeat(2000))).toBe('TOO_DEEP');
  });
  it.each<readonly [string, (count: number) => string]>([
    ['keys of one object', (count) => `{${Array.from({ length: count - 1 }, (_, key) => `"a${key}":1`).join()}}`],
    [
      'numbers of one list',
      (count) =>
        `[${Array(count - 1)
          .fill(1)
          .join()}]`,
    ],
    [
      'empty objects',
      (count) =>
        `[${Array(count - 1)
          .fill('{}')
          .join()}]`,
    ],
    [
      'empty lists',
      (count) =>
        `[${Array(count - 1)
          .fill('[]')
          .join()}]`,
    ],
    [
      'empty texts',
      (count) =>
        `[${Array(count - 1)
          .fill('""')
          .join()}]`,
    ],
    [
      'literals in objects in a list',
      (count) =>
        `[${Array((count - 1) / 2)
          .fill('{"a":null}')
          .join()}]`,
    ],
  ])('reads as many values as allowed and no more: %s', (_what, of) => {
    const limits = { ...LIMITS, maxValues: 101 };
    expect([problemOf(of(101), limits), problemOf(of(103), limits)]).toEqual(['none', 'TOO_MANY']);
  });
  it('reads exactly the bytes and levels allowed', () => {
    expect(problemOf(`"${'x'.repeat(4094)}"`)).toBe('none');
    expect(problemOf(`"${'病'.repeat(1364)}xx"`)).toBe('none');
    expect(problemOf('[[[[[[[[]]]]]]]]')).toBe('none');
  });
  it('tells the place and not the text', () => {
    expect(() => parseStrictJson('{"a":1, "secret":2, "secret":3}', LIMITS)).toThrow(new StrictJsonError('DUPLICATE_KEY', 20));
    expect(new StrictJsonError('SYNTAX', 7).message).toBe('SYNTAX at character 7');
    expect(new StrictJsonError('SYNTAX', 7).name).toBe('StrictJsonError');
  });
  it.each<readonly [string, string, number]>([
    ['[1,2', 'SYNTAX', 4],
    ['[1 2]', 'SYNTAX', 3],
    ['{"a":1,"b":01}', 'SYNTAX', 12],
    ['[1, 1e999]', 'NUMBER_RANGE', 4],
    ['["a", "\\ud800"]', 'LONE_SURROGATE', 6],
    ['{"a":1, "__proto__":1}', 'FORBIDDEN_KEY', 8],
    ['["a", "\\x"]', 'SYNTAX', 6],
    ['1 1', 'SYNTAX', 2],
    ['["abc', 'SYNTAX', 5],
    ['[[[', 'TOO_DEEP', 2],
  ])('tells where %j goes wrong: %s at %d', (text, problem, offset) => {
    const limits = problem === 'TOO_DEEP' ? { ...LIMITS, maxDepth: 2 } : LIMITS;
    expect(() => parseStrictJson(text, limits)).toThrow(new StrictJsonError(problem as StrictJsonError['problem'], offset));
  });
  it('reads a long string, and refuses a long unfinished one, at once', () => {
    const limits = { maxBytes: 20_000_000, maxDepth: 4 };
    const long = 'QUJD'.repeat(2_000_000);
    expect(parseStrictJson(`"${long}"`, limits)).toBe(long);
    expect(problemOf(`"${long}`, limits)).toBe('SYNTAX');
  });
  it('does not touch the prototype of objects', () => {
    const value = parseStrictJson('{"constructor":{"prototype":{"polluted":1}}}', LIMITS);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('reads every JSON text as JSON.parse does', () => {
    const text = fc.json({ maxDepth: 4 }).filter((json) => !json.includes('__proto__') && JSON.stringify(JSON.parse(json)).isWellFormed());
    fc.assert(
      fc.property(text, (json) => {
        expect(parseStrictJson(json, { maxBytes: 1_000_000, maxDepth: 32 })).toEqual(JSON.parse(json));
      }),
    );
  });
  it('says the same of a text whether JSON.stringify would write it as it stands or not', () => {
    const limits = { maxBytes: 1_000_000, maxDepth: 4 };
    const outcomeOf = (text: string): unknown => {
      try {
        // the order of the members, too
        return JSON.stringify(parseStrictJson(text, limits));
      } catch (error) {
        return error instanceof StrictJsonError ? error.problem : error;
      }
    };
    const piece = fc.constantFrom(
      '"',
      '\\',
      '[',
      ']',
      ',"a":1',
      '"a":1,',
      '\\ud800',
      '"__proto__":1,',
      '1e999',
      '-0',
      '0.10',
      '\ud800',
      '',
    );
    const texts = fc.tuple(fc.json({ maxDepth: 6 }), fc.nat(), piece).map(([json, at, put]) => {
      const index = at % (json.length + 1);
      return json.slice(0, index) + put + json.slice(index);
    });
    fc.assert(
      fc.property(texts, (text) => {
        // no text of JSON.stringify's begins with a space
        expect(outcomeOf(text)).toEqual(outcomeOf(` ${text}`));
      }),
      { numRuns: 2_000 },
    );
  });
  it('accepts nothing JSON.parse refuses, and fails only in its own way', () => {
    const mutated = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('"', '\\', '{', '}', ',', ':', '\u0001', '')).map(([json, at, piece]) => {
      const index = at % (json.length + 1);
      return json.slice(0, index) + piece + json.slice(index + 1);
    });
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(fc.property(mutated, (text) => problemOf(text, { maxBytes: 100_000, maxDepth: 32 }) !== 'none' || parses(text)));
  });
});
