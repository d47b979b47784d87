import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { Journal } from './journal';

const NOT_LINKED = { code: 'PATIENT_NOT_LINKED', details: {} } as const;
const AWAY = { code: 'NODE_BUSY', details: {} } as const;

describe('the room of a journal', () => {
  let now = 1_000;
  let journal: Journal;
  beforeEach(() => {
    now = 1_000;
    journal = new Journal(join(scratchDirectory(), 'journal.sqlite'), () => now);
  });
  afterEach(() => {
    journal.close();
  });
  const keep = async (sender: string, controlId: string) => journal.keep({ sender, controlId, bytes: Buffer.from(controlId) });
  const unlinked = async (sender: string, count: number): Promise<number[]> => {
    const ids: number[] = [];
    for (let each = 0; each < count; each += 1) {
      const { id } = await keep(sender, `${sender}-${each}`);
      await journal.write(() => {
        journal.failed(id, NOT_LINKED, 600_000);
      });
      ids.push(id);
    }
    return ids;
  };
  const statesOf = (ids: readonly number[]): readonly (string | undefined)[] => ids.map((id) => journal.entry(id)?.state);

  it('is there as long as fewer are undone than may be', async () => {
    await unlinked('LIS|H', 2);
    expect(journal.hasRoom(3)).toBe(true);
    expect(journal.undone).toBe(2);
  });

  it('is made by the newest of the sender from whom the most are that nobody has linked, and by nobody else’s', async () => {
    const honest = await unlinked('LIS|H', 2);
    const flood = await unlinked('HIS|H', 21);
    expect(journal.hasRoom(23)).toBe(true);
    expect(statesOf(honest)).toEqual(['waiting', 'waiting']);
    expect(statesOf(flood)).toEqual([...Array<string>(18).fill('waiting'), ...Array<string>(3).fill('refused')]);
    expect(flood.slice(-3).map((id) => journal.entry(id)?.bytes)).toEqual([undefined, undefined, undefined]);
    expect(journal.undone).toBe(20);
  });

  it('is not made by what waits for something else', async () => {
    const { id } = await keep('LIS|H', '1');
    await journal.write(() => {
      journal.failed(id, AWAY, 600_000);
    });
    expect(journal.hasRoom(1)).toBe(false);
    expect(statesOf([id])).toEqual(['waiting']);
  });

  it('counts one once that gives way while it is tried, however that ends', async () => {
    const [first = 0, second = 0] = await unlinked('LIS|H', 2);
    expect([journal.hasRoom(2), journal.hasRoom(1)]).toEqual([true, true]);
    expect(statesOf([first, second])).toEqual(['refused', 'refused']);
    await journal.write(() => {
      journal.done(first, 'rec');
      journal.failed(second, NOT_LINKED, 600_000);
    });
    expect(journal.undone).toBe(0);
    expect(statesOf([first, second])).toEqual(['refused', 'refused']);
  });

  it('is taken again by what is sent again', async () => {
    const [id = 0] = await unlinked('LIS|H', 1);
    journal.hasRoom(1);
    expect(await keep('LIS|H', 'LIS|H-0')).toMatchObject({ id, state: 'kept', bytes: new Uint8Array(Buffer.from('LIS|H-0')) });
    expect(journal.undone).toBe(1);
  });

  it('comes back with time: what nobody has linked for so long is refused, and its bytes go', async () => {
    const [old = 0] = await unlinked('LIS|H', 1);
    now = 5_000;
    const [young = 0] = await unlinked('HIS|H', 1);
    journal.refuseUnlinkedBefore(5_000);
    expect(statesOf([old, young])).toEqual(['refused', 'waiting']);
    expect(journal.entry(old)?.bytes).toBeUndefined();
    expect(journal.undone).toBe(1);
  });
});
