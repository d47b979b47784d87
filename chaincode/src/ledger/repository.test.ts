import { type PseudonymEntry, pseudonymEntrySchema } from '@lianyi/domain';
import { sha256Of } from '../every-transaction/consortium.fixture';
import { CoalescingReader } from './coalescing-reader';
import { type Repositories, newRepositories } from './repositories';
import { MemoryState } from './memory-state.fixture';
import { Overlay } from './overlay';

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
