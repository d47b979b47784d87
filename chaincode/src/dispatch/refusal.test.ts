import { decodeError, DomainError } from '@lianyi/domain';
import { failureLine } from './refusal';

describe('the line of a refusal that says too much', () => {
  it.each([
    ['of letters', 'x'.repeat(5_000), 'x'.repeat(200)],
    ['whose 200th character is a pair', `${'x'.repeat(199)}${'𠮷'.repeat(3_000)}`, `${'x'.repeat(199)}𠮷`],
    ['of pairs only', '𠮷'.repeat(3_000), '𠮷'.repeat(200)],
    ['of characters of one unit that take three bytes', '病'.repeat(5_000), '病'.repeat(200)],
    ['of pictures that are joined of several', '👩‍⚕️'.repeat(1_500), '👩‍⚕️'.repeat(50)],
    ['of letters with marks of their own', 'e\u0301'.repeat(3_000), 'e\u0301'.repeat(100)],
    ['that the wire has to escape', '"\\\u0000'.repeat(2_000), `${'"\\\u0000'.repeat(66)}"\\`],
  ])('is cut between characters: %s', (_what, message, start) => {
    expect(decodeError(failureLine(new DomainError('INVALID_REQUEST', message)))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: start,
    });
  });

  it('leaves out details that make it too long, and says the code all the same', () => {
    const line = failureLine(new DomainError('NOT_FOUND', 'a text', { path: '𠮷'.repeat(4_000) }));
    expect(decodeError(line)).toEqual({ code: 'NOT_FOUND', details: {}, message: 'a text' });
  });
});
