import { type PseudonymEntry, pseudonymEntrySchema } from '@lianyi/domain';
import { sha256Of } from '../every-transaction/consortium.fixture';
import { CoalescingReader } from './coalescing-reader';
import { type Repositories, newRepositories } from './repositories';
import { MemoryState } from './memory-state.fixture';
import { Overlay } from './overlay';
import { publicSpace } from './state';

function newWorld(): { ledger: Repositories; overlay: Overlay; state: MemoryState } {
  const state = new MemoryState();
  const overlay = new Overlay(new CoalescingReader(state));
  return { ledger: newRepositories(overlay), overlay, state };
}

const entry: PseudonymEntry = pseudonymEntrySchema.parse({
  schemaVersion: 1,
  pseudonym: 'psn-1',
  mspId: 'AlphaMSP',
  suite: 'P256-SHA256',
  nextKeyHash: sha256Of('key'),
  state: 'active',
  registeredAt: '2026-01-15T08:00:00.000Z',
  origin: { requestHash: sha256Of('request'), actor: { kind: 'staff', mspId: 'AlphaMSP', actorTag: 'tag-1' } },
});

describe('a repository', () => {
  it('inserts what is not there', async () => {
    const { ledger, overlay } = newWorld();
    await ledger.pseudonyms.insert(entry);
    expect(overlay.writes()).toHaveLength(1);
    expect(await ledger.pseudonyms.get(entry.pseudonym)).toEqual(entry);
  });

  it('refuses to insert over what is there', async () => {
    const { ledger, overlay } = newWorld();
    await ledger.pseudonyms.insert(entry);
    await expect(ledger.pseudonyms.insert(entry)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(overlay.writes()).toHaveLength(1);
  });

  it('refuses to replace what is not there, for it would be a write without a read', async () => {
    const { ledger, overlay } = newWorld();
    await expect(ledger.pseudonyms.replace(entry)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(overlay.writes()).toEqual([]);
  });

  it('hands nobody what stands under another’s key', async () => {
    const { ledger, overlay, state } = newWorld();
    await ledger.pseudonyms.insert(entry);
    const other = { ...entry, pseudonym: pseudonymEntrySchema.shape.pseudonym.parse('psn-2') };
    await state.apply(overlay.writes().map((write) => ({ ...write, value: Buffer.from(JSON.stringify(other)) })));
    const after = newRepositories(new Overlay(new CoalescingReader(state)));
    await expect(after.pseudonyms.find(entry.pseudonym)).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
    expect(await after.pseudonyms.find(other.pseudonym)).toBeUndefined();
  });

  it.each<readonly [string, (text: string) => Uint8Array]>([
    ['behind a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
    ['with a name that stands twice', (text) => Buffer.from(text.replace('{', '{"state":"closed",'))],
    ['with a byte that is no UTF-8', (text) => Buffer.from(text.replace('psn-1', 'psn-\u00ff'), 'latin1')],
    ['behind more blanks than an entry is long', (text) => Buffer.from(' '.repeat(256 * 1024) + text)],
    ['with a second value behind it', (text) => Buffer.from(`${text}{}`)],
  ])('reads nothing that stands there %s, as others would read something else there', async (_how, spelled) => {
    const { ledger, overlay, state } = newWorld();
    await ledger.pseudonyms.insert(entry);
    await state.apply(overlay.writes().map((write) => ({ ...write, value: spelled(JSON.stringify(entry)) })));
    const after = newRepositories(new Overlay(new CoalescingReader(state)));
    await expect(after.pseudonyms.find(entry.pseudonym)).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
  });

  describe('a list', () => {
    const keyAt = (part: string): string => `\u0000pseudonym\u0000${part}\u0000`;
    const at = (part: string): typeof entry => ({ ...entry, pseudonym: pseudonymEntrySchema.shape.pseudonym.parse(part) });
    /** The names in all pages of so many, and what was counted as unreadable, with these values beside two honest entries. */
    const listed = async (limit: number, strange: Readonly<Record<string, object | string>>): Promise<[string[], number]> => {
      const { state } = newWorld();
      const values = { [keyAt('psn-1')]: at('psn-1'), [keyAt('psn-9')]: at('psn-9'), ...strange };
      const put = ([key, value]: [string, object | string]) =>
        ({ kind: 'put', space: publicSpace, key, value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) }) as const;
      await state.apply(Object.entries(values).map(put));
      const { pseudonyms } = newRepositories(new Overlay(new CoalescingReader(state)));
      const [names, counts]: [string[], number[]] = [[], []];
      for (let after: string | undefined, turn = 0; turn < 20; turn += 1) {
        const page = await pseudonyms.list([], { limit, ...(after === undefined ? {} : { after }) });
        names.push(...page.items.map(({ pseudonym }) => pseudonym));
        counts.push(page.unreadable ?? 0);
        after = page.next;
        if (after === undefined) return [names, counts.reduce((sum, count) => sum + count, 0)];
      }
      throw new Error('a list without end');
    };

    it.each<readonly [string, Readonly<Record<string, object | string>>, number]>([
      ['nothing else', {}, 0],
      ['an entry that says a later name than its key', { [keyAt('psn-2')]: at('psn-99') }, 1],
      ['one that says an earlier name, behind which a list would begin again', { [keyAt('psn-3')]: at('psn-0') }, 1],
      ['one that says the name of another that is there', { [keyAt('psn-2')]: at('psn-9') }, 1],
      ['a value that fits no schema', { [keyAt('psn-2')]: { state: 'unheard-of' } }, 1],
      ['a value that is no JSON', { [keyAt('psn-2')]: '{' }, 1],
      ['a page of them', Object.fromEntries([2, 3, 4, 5].map((n) => [keyAt(`psn-${n}`), at('psn-99')])), 4],
      ['a key of more parts', { [`${keyAt('psn-2')}more\u0000`]: at('psn-2') }, 1],
    ])('has each entry once, whatever the page, beside %s', async (_what, strange, unreadable) => {
      for (const limit of [2, 3, 100]) {
        const [names, counted] = await listed(limit, strange);
        expect(names).toEqual(['psn-1', 'psn-9']);
        // one whose key is none of ours may be met again at the beginning of the next page
        expect(counted).toBeGreaterThanOrEqual(unreadable);
        expect(counted === 0).toBe(unreadable === 0);
      }
    });

    it('says that it cannot go on where no key of a page is one of its own', async () => {
      const strange = Object.fromEntries([2, 3].map((n) => [`${keyAt(`psn-${n}`)}more\u0000`, at('psn-2')]));
      await expect(listed(1, strange)).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
    });
  });

  it('replaces the whole entity', async () => {
    const { ledger } = newWorld();
    await ledger.pseudonyms.insert(entry);
    await ledger.pseudonyms.replace({ ...entry, state: 'closed' });
    expect(await ledger.pseudonyms.find(entry.pseudonym)).toEqual({ ...entry, state: 'closed' });
  });

  it('keeps nothing beyond the overlay until somebody applies it', async () => {
    const { ledger, overlay, state } = newWorld();
    await ledger.pseudonyms.insert(entry);
    expect(state.applied).toEqual([]);
    await state.apply(overlay.writes());
    expect(await newRepositories(new Overlay(new CoalescingReader(state))).pseudonyms.get(entry.pseudonym)).toEqual(entry);
  });
});
