import { CoalescingReader } from './coalescing-reader';
import { prefixOf } from './keys';
import { MemoryState } from './memory-state.fixture';
import { Overlay } from './overlay';
import { implicitCollection, publicSpace, type Space } from './state';

const key = (name: string): string => prefixOf('parameter', [name]);
const put = (name: string, value: string, space: Space = publicSpace) =>
  ({ kind: 'put', space, key: key(name), value: Buffer.from(value) }) as const;

describe('CoalescingReader', () => {
  it('sends the reads of one Promise.all as one request', async () => {
    const state = new MemoryState();
    const reader = new CoalescingReader(state);
    await Promise.all([reader.read(publicSpace, key('a')), reader.read(publicSpace, key('b')), reader.read(publicSpace, key('c'))]);
    expect(state.reads).toEqual([{ collection: '', keys: [key('a'), key('b'), key('c')] }]);
  });

  it('asks for a key only once in a transaction', async () => {
    const state = new MemoryState();
    const reader = new CoalescingReader(state);
    await Promise.all([reader.read(publicSpace, key('a')), reader.read(publicSpace, key('a'))]);
    await reader.read(publicSpace, key('a'));
    expect(state.reads).toHaveLength(1);
    expect(state.reads[0]?.keys).toEqual([key('a')]);
  });

  it('keeps public state and collections apart', async () => {
    const state = new MemoryState();
    const own: Space = { kind: 'private', ownerMspId: 'OneMSP' };
    await state.apply([put('a', 'public'), put('a', 'private', own)]);
    const reader = new CoalescingReader(state);
    const [open, closed] = await Promise.all([reader.read(publicSpace, key('a')), reader.read(own, key('a'))]);
    expect(Buffer.from(open ?? []).toString()).toBe('public');
    expect(Buffer.from(closed ?? []).toString()).toBe('private');
    expect(state.reads.map((read) => read.collection)).toEqual(['', implicitCollection('OneMSP')]);
  });

  it('fails every read of a batch that came back short', async () => {
    const state = new MemoryState();
    jest.spyOn(state, 'readMany').mockResolvedValue([]);
    const reader = new CoalescingReader(state);
    const reads = [reader.read(publicSpace, key('a')), reader.read(publicSpace, key('b'))];
    await expect(Promise.allSettled(reads)).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });

  it('hands the failure of the peer to every read of the batch', async () => {
    const state = new MemoryState();
    jest.spyOn(state, 'readMany').mockRejectedValue(new Error('GET_STATE failed'));
    const reader = new CoalescingReader(state);
    await expect(reader.read(publicSpace, key('a'))).rejects.toThrow('GET_STATE failed');
  });
});

describe('Overlay', () => {
  it('reads its own writes and leaves what lies below alone', async () => {
    const state = new MemoryState();
    await state.apply([put('a', 'old')]);
    const overlay = new Overlay(new CoalescingReader(state));
    overlay.write(put('a', 'new'));
    expect(Buffer.from((await overlay.read(publicSpace, key('a'))) ?? []).toString()).toBe('new');
    expect(state.dump(publicSpace).get(key('a'))).toBe('old');
  });

  it('reads a purged key as absent', async () => {
    const state = new MemoryState();
    await state.apply([put('a', 'old')]);
    const overlay = new Overlay(new CoalescingReader(state));
    overlay.write({ kind: 'purge', space: publicSpace, key: key('a') });
    expect(await overlay.read(publicSpace, key('a'))).toBeUndefined();
  });

  it('keeps one write for each key, the last', () => {
    const overlay = new Overlay(new CoalescingReader(new MemoryState()));
    overlay.write(put('a', 'first'));
    overlay.write(put('b', 'other'));
    overlay.write(put('a', 'second'));
    expect(overlay.writes()).toEqual([put('b', 'other'), put('a', 'second')]);
  });

  it('stacks: an inner overlay sees the outer, not the other way round', async () => {
    const outer = new Overlay(new CoalescingReader(new MemoryState()));
    outer.write(put('a', 'outer'));
    const inner = new Overlay(outer);
    inner.write(put('b', 'inner'));
    expect(Buffer.from((await inner.read(publicSpace, key('a'))) ?? []).toString()).toBe('outer');
    expect(await outer.read(publicSpace, key('b'))).toBeUndefined();
  });

  it.each([
    ['an empty key', { ...put('a', 'x'), key: '' }],
    ['an empty value', put('a', '')],
  ])('refuses %s', (_what, write) => {
    const overlay = new Overlay(new CoalescingReader(new MemoryState()));
    expect(() => {
      overlay.write(write);
    }).toThrow('empty');
    expect(overlay.writes()).toEqual([]);
  });

  it('refuses a scan after a write, as the peer does', async () => {
    const overlay = new Overlay(new CoalescingReader(new MemoryState()));
    overlay.write(put('a', 'x'));
    await expect(overlay.scan({ objectType: 'parameter', parts: [], limit: 1 })).rejects.toThrow('may not scan');
  });
});
