import { DomainError } from '@lianyi/domain';
import { handOverKeyHash, newHandOverCode } from './hand-over-code';

const refused = (code: string): unknown => {
  try {
    return handOverKeyHash(code);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return `${error.code} ${JSON.stringify(error.details)}`;
  }
};

describe('a hand-over code', () => {
  it('is another one each time, and has a key of its own', () => {
    const codes = Array.from({ length: 50 }, () => newHandOverCode());
    expect(new Set(codes).size).toBe(50);
    expect(new Set(codes.map(handOverKeyHash)).size).toBe(50);
    for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{2}$/);
  });
  it('is read as people write it', () => {
    const code = newHandOverCode();
    const hash = handOverKeyHash(code);
    for (const typed of [code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')}\n`])
      expect(handOverKeyHash(typed)).toBe(hash);
    expect(handOverKeyHash(code.replaceAll('0', 'O').replaceAll('1', 'l'))).toBe(hash);
  });
  it('with one digit that is another gives another key at most one time in thirty-two, and else says so', () => {
    const code = newHandOverCode();
    const changed = Array.from(code).flatMap((digit, place) =>
      digit === '-'
        ? []
        : Array.from('0123456789ABCDEFGHJKMNPQRSTVWXYZ').map((other) => `${code.slice(0, place)}${other}${code.slice(place + 1)}`),
    );
    const read = changed.filter((typed) => typed !== code).map(refused);
    const missed = read.filter((answer) => !String(answer).startsWith('HAND_OVER_CODE_INVALID'));
    expect(missed.length).toBeLessThan(read.length / 12);
    expect(missed).not.toContain(handOverKeyHash(code));
  });
  it.each(['', 'ABCDE', 'U'.repeat(27), 'Z'.repeat(27), 'A'.repeat(28), '１'.repeat(27)])('is not %j', (typed) => {
    expect(refused(typed)).toMatch(/^HAND_OVER_CODE_INVALID/);
  });
  it('is repeated by no refusal', () => {
    const code = newHandOverCode();
    expect(refused(`${code}X`)).not.toContain(code.slice(0, 5));
  });
});
