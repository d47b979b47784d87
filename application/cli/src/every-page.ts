/** How many are read at once: as many as a page may have. */
const PAGE = 100;

type Page<Item> = { readonly items: readonly Item[]; readonly next?: string; readonly unreadable?: number };
type PageRequest = { readonly limit: number; readonly after?: string };

/** Reads a list to its end, page by page. @returns also how many of its lines are none, if there are any, as a page has it */
export async function everyPage<Item>(
  read: (page: PageRequest) => Promise<{ readonly result: Page<Item> }>,
): Promise<{ readonly items: readonly Item[]; readonly unreadable?: number }> {
  const found: Item[] = [];
  let lost = 0;
  for (let page: PageRequest | undefined = { limit: PAGE }; page !== undefined;) {
    const { items, next, unreadable = 0 }: Page<Item> = (await read(page)).result;
    found.push(...items);
    lost += unreadable;
    page = next === undefined ? undefined : { limit: PAGE, after: next };
  }
  return { items: found, ...(lost === 0 ? {} : { unreadable: lost }) };
}
