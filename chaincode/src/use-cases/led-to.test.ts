import { DomainError } from '@lianyi/domain';
import { ledTo } from './led-to';

describe('what the lines of a list lead to', () => {
  it('is told but for what is none, which is counted with what could not be read', async () => {
    const find = (line: string): Promise<string | undefined> => {
      if (line === 'nothing') return Promise.resolve(undefined);
      if (line === 'torn') return Promise.reject(new DomainError('CORRUPT_STATE'));
      return line === 'none' ? Promise.reject(new DomainError('NOT_FOUND')) : Promise.resolve(`found ${line}`);
    };
    const isOf = (found: string): boolean => found !== 'found another’s';
    const page = { items: ['one', 'nothing', 'torn', 'another’s', 'none', 'two'], unreadable: 1, next: 'place' };
    expect(await ledTo(page, find, isOf)).toEqual({ items: ['found one', 'found two'], unreadable: 5, next: 'place' });
    expect(await ledTo({ items: ['one'] }, find, isOf)).toEqual({ items: ['found one'] });
  });
  it('is refused where looking is refused', async () => {
    const refused = ledTo(
      { items: ['one'] },
      () => Promise.reject(new DomainError('NOT_PERMITTED')),
      () => true,
    );
    await expect(refused).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
  });
});
