import { lostOf, wholeList } from './whole-list';

describe('a list that is read to its end', () => {
  const pages: Readonly<Record<string, { readonly items: readonly number[]; readonly next?: string; readonly unreadable?: number }>> = {
    '': { items: [1, 2], next: 'b', unreadable: 2 },
    b: { items: [], next: 'c', unreadable: 1 },
    c: { items: [3] },
  };
  it('has the items of each page, and counts the lines that are none', async () => {
    const asked: unknown[] = [];
    const read = (page: { readonly limit: number; readonly after?: string }) => {
      asked.push(page);
      return Promise.resolve(pages[page.after ?? ''] ?? { items: [] });
    };
    expect(await wholeList(read)).toEqual({ items: [1, 2, 3], unreadable: 3 });
    expect(asked).toEqual([{ limit: 100 }, { limit: 100, after: 'b' }, { limit: 100, after: 'c' }]);
  });
  it('tells of none where there is none', async () => {
    const { unreadable } = await wholeList(() => Promise.resolve({ items: [1] }));
    expect(lostOf(unreadable)).toEqual({});
    expect(lostOf(2)).toEqual({ unreadable: 2 });
  });
});
