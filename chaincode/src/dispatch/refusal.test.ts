import { decodeError, DomainError } from '@lianyi/domain';
import { failureLine } from './refusal';

describe('the line of a refusal that says too much', () => {
  it.each([
    ['of letters', 'x'.repeat(5_000), 'x'.repeat(200)],
    ['whose 200th character is a pair', `${'x'.repeat(199)}${'𠮷'.repeat(3_000)}`, `${'x'.repeat(199)}𠮷`],
    ['of pairs only', '𠮷'.repeat(3_000), '𠮷'.repeat(200)],
  ])('is cut between characters: %s', (_what, message, start) => {
    expect(decodeError(failureLine(new DomainError('INVALID_REQUEST', message)))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: start,
    });
  });
});
