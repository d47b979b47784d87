/** How many are read at once: as many as a page may have. */
const PAGE = 100;

type Page<Item> = { readonly items: readonly Item[]; readonly next?: string };
type PageRequest = { readonly limit: number; readonly after?: string };

/** Reads a list to its end, page by page. */
export async function everyPage<Item>(read: (page: PageRequest) => Promise<{ readonly result: Page<Item> }>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (let page: PageRequest | undefined = { limit: PAGE }; page !== undefined;) {
    const { items, next }: Page<Item> = (await read(page)).result;
    found.push(...items);
    page = next === undefined ? undefined : { limit: PAGE, after: next };
  }
  return found;
}
