import { causeIn } from './log-cause';

describe('why a program ended, in its log', () => {
  const stack = Array.from({ length: 14 }, (_, index) => `    at Module.load (node:internal/modules/cjs/loader:${String(index)})`).join(
    '\n',
  );

  it.each([
    [
      "Error: Cannot find module './nowhere'",
      `node:internal/modules/cjs/loader:1\n  throw err;\n  ^\n\nError: Cannot find module './nowhere'\n${stack}\n\nNode.js v24.0.0\n`,
    ],
    ['SyntaxError: Unexpected token', `/code/index.js:1\nfoo bar\n    ^^^\n\nSyntaxError: Unexpected token\n${stack}\n\nNode.js v24.0.0\n`],
    ['TypeError: contracts is not iterable', `TypeError: contracts is not iterable\n${stack}\n`],
    ['RangeError [ERR_SOCKET_BAD_PORT]: Port should be >= 0', `RangeError [ERR_SOCKET_BAD_PORT]: Port should be >= 0\n${stack}\n`],
    ['2026 ERROR [c-api:./lib/x.js] it cannot', 'INFO it starts\n\u001B[31m2026 ERROR [c-api:./lib/x.js] it cannot\u001B[0m\n'],
  ])('is %s', (cause, log) => {
    expect(causeIn(log)).toBe(cause);
  });

  it.each([
    ['letters', 'x'.repeat(1_000), 'x'.repeat(393)],
    ['pairs', '𠮷'.repeat(1_000), '𠮷'.repeat(393)],
    ['a pair at the end of what is told', `${'x'.repeat(392)}${'𠮷'.repeat(9)}`, `${'x'.repeat(392)}𠮷`],
    ['pictures', '😀'.repeat(500), '😀'.repeat(393)],
    ['letters and pairs by turns', 'x𠮷'.repeat(400), `${'x𠮷'.repeat(196)}x`],
  ])('is told up to four hundred whole characters: %s', (_what, text, told) => {
    expect(causeIn(`Error: ${text}\n${stack}\n`)).toBe(`Error: ${told}`);
  });

  it('is not made up', () => {
    expect(causeIn('INFO it starts\nErrors: none\n')).toBe('');
    expect(causeIn('')).toBe('');
  });
});
