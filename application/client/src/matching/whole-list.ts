/** How many are read at once: as many as a page may have. */
const PAGE = 100;

type PageOf<Item> = { readonly items: readonly Item[]; readonly next?: string; readonly unreadable?: number };
type PageRequest = { readonly limit: number; readonly after?: string };

/** All of a list; `unreadable` is how many of its lines are no entries, whoever has written them there. */
export type WholeList<Item> = { readonly items: readonly Item[]; readonly unreadable: number };

/** Reads a list to its end. */
export async function wholeList<Item>(read: (page: PageRequest) => Promise<PageOf<Item>>): Promise<WholeList<Item>> {
  const found: Item[] = [];
  let lost = 0;
  for (let page: PageRequest | undefined = { limit: PAGE }; page !== undefined;) {
    const { items, next, unreadable = 0 }: PageOf<Item> = await read(page);
    found.push(...items);
    lost += unreadable;
    page = next === undefined ? undefined : { limit: PAGE, after: next };
  }
  return { items: found, unreadable: lost };
}

/** As an answer has it: only where there are any. */
export function lostOf(unreadable: number): { readonly unreadable?: number } {
  return unreadable === 0 ? {} : { unreadable };
}
