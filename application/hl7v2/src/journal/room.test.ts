import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { dueOf, heldBy, Journal, type Left } from './journal';
import { makeRoom } from './room';

const NOT_LINKED = { code: 'PATIENT_NOT_LINKED', details: {} } as const;
const REFUSED = { state: 'refused' } as const;
const apart: Left = { state: 'apart', retryAfterMillis: 600_000 };
const waiting: Left = { state: 'waiting', retryAfterMillis: 600_000 };
const MANY = 1_000_000;

describe('the room of a journal', () => {
  let now = 1_000;
  let file = '';
  let journal: Journal;
  beforeEach(() => {
    now = 1_000;
    file = join(scratchDirectory(), 'journal.sqlite');
    journal = new Journal(file, () => now);
  });
  afterEach(() => {
    journal.close();
  });
  let count = 0;
  const keep = async (origin: string, bytes = 'x') =>
    journal.keep({ ...{ sender: 'LIS|H', controlId: String((count += 1)), origin }, bytes: Buffer.from(bytes), asks: 'node' });
  const left = async (origin: string, many: number, as: Left, bytes = 'x'): Promise<number[]> => {
    const ids = (await Promise.all(Array.from({ length: many }, () => keep(origin, bytes)))).map(({ id }) => id);
    await journal.write(() => {
      for (const id of ids) journal.failed(id, as === waiting ? { code: 'NODE_BUSY', details: {} } : NOT_LINKED, as);
    });
    return ids;
  };
  const statesOf = (ids: readonly number[]): readonly (string | undefined)[] => ids.map((id) => journal.entry(id)?.state);
  const contentsOf = (ids: readonly number[]): number => ids.filter((id) => journal.entry(id)?.bytes !== undefined).length;
  const isRoom = (origin: string, messages: number, bytes = MANY, coming = 1): boolean =>
    makeRoom(journal, { origin, bytes: coming }, { messages, bytes });

  const send = (origin: string, controlId: string, bytes: string, most: { messages: number; bytes: number }) => {
    const arriving = { origin, bytes: bytes.length };
    return journal.keep({ ...{ sender: 'LIS|H', controlId, origin }, bytes: Buffer.from(bytes), asks: 'node' }, () =>
      makeRoom(journal, arriving, most),
    );
  };
  const codeOf = (failure: unknown): unknown => (failure as { readonly code?: unknown }).code;

  it('is made with what it is made for, in one transaction: of those that come at once, each sees the room of the others', async () => {
    const own = await left('lab', 3, apart, 'abc');
    const sent = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((id) => send('lab', id, 'x', { messages: 4, bytes: MANY })));
    // three quarters of four are one address's
    expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(statesOf(own)).toEqual(['refused', 'refused', 'refused']);
    expect(journal.all('SELECT messages FROM held WHERE kind = ?', 'undone')).toEqual([{ messages: 3 }]);
  });

  it('is not made for what is not kept: a failure undoes both', async () => {
    const own = await left('lab', 1, apart);
    const failing = journal.write(() => {
      makeRoom(journal, { origin: 'lab', bytes: 1 }, { messages: 1, bytes: MANY });
      throw new Error('a full disk');
    });
    await expect(failing).rejects.toThrow('a full disk');
    expect([statesOf(own), contentsOf(own)]).toEqual([['apart'], 1]);
  });

  it('is made as a whole or not at all: what is not taken in the end has cost nobody anything', async () => {
    const own = await left('lab', 2, apart, 'x'.repeat(40));
    await left('flood', 1, waiting, 'y'.repeat(70));
    // over its share lab’s own would give way, and then there is no room among all
    const sent = send('lab', 'big', 'z'.repeat(60), { messages: MANY, bytes: 110 });
    expect(codeOf(await sent.catch((error: unknown) => error))).toBe('NODE_BUSY');
    expect([statesOf(own), contentsOf(own)]).toEqual([['apart', 'apart'], 2]);
  });

  it('is not needed by what is sent again, and by other bytes under its control id nothing gives way', async () => {
    const full = { messages: 1, bytes: MANY };
    const kept = await send('lab', 'one', 'x', full);
    await left('other', 2, apart);
    expect((await send('lab', 'one', 'x', full)).id).toBe(kept.id);
    await journal.write(() => {
      journal.done(kept.id, 'rec');
    });
    expect(await send('lab', 'one', 'x', full)).toMatchObject({ id: kept.id, state: 'done' });
    const before = journal.all('SELECT id, state FROM message ORDER BY id');
    expect(codeOf(await send('lab', 'one', 'y', full).catch((error: unknown) => error))).toBe('HL7_CONTROL_ID_REUSED');
    expect(journal.all('SELECT id, state FROM message ORDER BY id')).toEqual(before);
  });

  it.each([
    ['kept', ['node'], 'message_kept (asks=? AND next_at<?)'],
    ['waiting', ['node'], 'message_waiting (asks=? AND next_at<?)'],
    ['apart', [], 'message_apart (next_at<?)'],
  ] as const)('is not looked for among others, nor is what is due: %s', (state, values, index) => {
    const plan = z.array(z.object({ detail: z.string() })).parse(journal.all(`EXPLAIN QUERY PLAN ${dueOf(state)}`, ...values, 1, 1));
    expect(plan.map(({ detail }) => detail)).toEqual([`SEARCH message USING INDEX ${index}`]);
  });

  it('is there as long as fewer are undone than may be, and refuses nothing then', async () => {
    const ids = await left('lab', 3, apart);
    expect(isRoom('other', 4)).toBe(true);
    expect(statesOf(ids)).toEqual(['apart', 'apart', 'apart']);
  });

  it('is made by the oldest of the address that has the most, by no more of them than is lacking, and by nobody else’s', async () => {
    const honest = await left('lab', 9, apart);
    const flood = await left('flood', 21, apart);
    const given: number[] = [];
    expect(makeRoom(journal, { origin: 'lab', bytes: 1 }, { messages: 29, bytes: MANY }, (messages) => given.push(messages))).toBe(true);
    expect(new Set(statesOf(honest))).toEqual(new Set(['apart']));
    expect(statesOf(flood)).toEqual(['refused', 'refused', ...Array<string>(19).fill('apart')]);
    expect([contentsOf(flood), given]).toEqual([19, [2]]);
  });

  it('is made of nobody who has less than one whose messages never give way: then the new one is not taken', async () => {
    const flood = await left('flood', 12, waiting);
    const honest = await left('lab', 8, apart);
    expect(isRoom('third', 20)).toBe(false);
    expect([new Set(statesOf(flood)), new Set(statesOf(honest)), contentsOf(honest)]).toEqual([
      new Set(['waiting']),
      new Set(['apart']),
      8,
    ]);
  });

  it('is made of one’s own where the one who has the most has nothing to give', async () => {
    const flood = await left('flood', 12, waiting);
    const own = await left('lab', 8, apart);
    expect(isRoom('lab', 20)).toBe(true);
    expect([new Set(statesOf(flood)), contentsOf(own)]).toEqual([new Set(['waiting']), 7]);
  });

  it('has what was sent again give way, and be given up, as if it had come now', async () => {
    const [old = 0] = await left('lab', 1, REFUSED);
    now = 9_000;
    await journal.keep({ ...{ sender: 'LIS|H', controlId: String(count), origin: 'lab' }, bytes: Buffer.from('x'), asks: 'node' });
    journal.failed(old, NOT_LINKED, apart);
    journal.giveUpBefore(9_000);
    expect([statesOf([old]), contentsOf([old])]).toEqual([['apart'], 1]);
  });

  it('is for the others, however much one address has: over its share its own give way', async () => {
    const honest = await left('lab', 2, apart);
    const flood = await left('flood', 75, apart);
    expect(isRoom('flood', 100)).toBe(true);
    expect(statesOf(honest)).toEqual(['apart', 'apart']);
    expect(statesOf(flood)).toEqual(['refused', ...Array<string>(74).fill('apart')]);
  });

  it('over its share an address whose messages wait for the node alone is taken no more of, and the others are', async () => {
    const ids = await left('flood', 75, waiting);
    expect([isRoom('flood', 100), isRoom('lab', 100)]).toEqual([false, true]);
    expect(new Set(statesOf(ids))).toEqual(new Set(['waiting']));
  });

  it('is not made by what waits for the node, or was not tried yet', async () => {
    const ids = [...(await left('lab', 1, waiting)), (await keep('other')).id];
    expect(isRoom('third', 2)).toBe(false);
    expect(statesOf(ids)).toEqual(['waiting', 'kept']);
    expect(contentsOf(ids)).toBe(2);
  });

  it('counts the bytes of what is refused, too, and has the content of that go first', async () => {
    const refused = await left('flood', 2, REFUSED, 'y'.repeat(400));
    const patients = await left('lab', 2, apart, 'z'.repeat(90));
    expect(isRoom('lab', 100, 1_000, 21)).toBe(true);
    expect(contentsOf(refused)).toBe(1);
    expect(statesOf(patients)).toEqual(['apart', 'apart']);
    expect(isRoom('lab', 100, 1_000, 751)).toBe(false);
  });

  it.each([
    ['small ones came first, one large one last', [10, 10, 10, 900], 30, [false, false, false, true]],
    ['a large one came first, small ones last', [900, 10, 10, 10], 30, [false, true, true, true]],
    ['no more is lacking than the oldest has', [10, 10, 10, 900], 10, [false, true, true, true]],
    ['one and a half are lacking', [10, 10, 10, 900], 15, [false, false, true, true]],
  ])('is made in the order in which they came, by no more than is lacking: %s', async (_what, sizes, lacking, stay) => {
    const ids: number[] = [];
    for (const size of sizes) ids.push(...(await left('lab', 1, apart, 'x'.repeat(size))));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    // far from the share of one
    await left('other', 1, waiting, 'y'.repeat(total));
    const bytes = 2 * total;
    expect(isRoom('third', MANY, bytes, lacking)).toBe(true);
    expect(ids.map((id) => journal.entry(id)?.bytes !== undefined)).toEqual(stay);
  });

  it('is made of the content of what was refused, whosever it is, before anything that waits for people gives way', async () => {
    const refused = await left('clinic', 2, REFUSED, 'y'.repeat(60));
    const fewer = await left('lab', 1, REFUSED, 'y'.repeat(60));
    const patients = await left('flood', 10, apart, 'z'.repeat(30));
    expect(isRoom('third', MANY, 500, 30)).toBe(true);
    expect([contentsOf(refused), contentsOf(fewer), new Set(statesOf(patients))]).toEqual([1, 1, new Set(['apart'])]);
    expect(isRoom('third', MANY, 500, 180)).toBe(true);
    expect([contentsOf(refused), contentsOf(fewer), new Set(statesOf(patients))]).toEqual([0, 0, new Set(['apart'])]);
  });

  it('is made of what has content: refused messages whose content is gone count for nothing', async () => {
    const gone = await left('flood', 30, REFUSED, 'y');
    await journal.write(() => journal.letGo('refused', 'flood', { messages: 30 }));
    expect(contentsOf(gone)).toBe(0);
    const old = await left('flood', 3, REFUSED, 'y'.repeat(100));
    await left('lab', 1, waiting, 'z'.repeat(300));
    expect(isRoom('lab', MANY, 600, 101)).toBe(true);
    expect(contentsOf(old)).toBe(1);
  });

  it.each(['apart', 'refused'] as const)('is looked for by an index, without sorting: %s', (kind) => {
    const plan = z.array(z.object({ detail: z.string() })).parse(journal.all(`EXPLAIN QUERY PLAN ${heldBy(kind)}`, 'lab', 1));
    expect(plan.map(({ detail }) => detail)).toEqual([`SEARCH message USING INDEX message_${kind}_held (origin=?)`]);
  });

  it('is not asked of refused messages where messages are what is too many', async () => {
    const refused = await left('lab', 2, REFUSED);
    await keep('lab');
    expect(isRoom('lab', 1)).toBe(false);
    expect(contentsOf(refused)).toBe(2);
  });

  it('counts one once that gives way while it is tried, however that ends', async () => {
    const [first = 0, second = 0] = await left('lab', 2, apart);
    expect([isRoom('lab', 2), isRoom('lab', 1)]).toEqual([true, true]);
    await journal.write(() => {
      journal.done(first, 'rec');
      journal.failed(second, NOT_LINKED, apart);
    });
    expect(statesOf([first, second])).toEqual(['refused', 'refused']);
    expect(journal.all('SELECT origin, kind, messages, bytes FROM held')).toEqual([
      { origin: 'lab', kind: 'refused', messages: 2, bytes: 0 },
    ]);
  });

  it('is counted by the database, whichever process writes, and is what the messages are', async () => {
    await left('lab', 3, apart, 'abc');
    await left('other', 2, REFUSED, 'de');
    const [gone = 0] = await left('third', 1, waiting);
    const beside = new Journal(file, () => now);
    beside.done(gone, undefined);
    beside.letGo('apart', 'lab', { messages: 1 });
    beside.close();
    expect(journal.all('SELECT origin, kind, messages, bytes FROM held ORDER BY 1, 2')).toEqual([
      { origin: 'lab', kind: 'apart', messages: 2, bytes: 6 },
      { origin: 'lab', kind: 'refused', messages: 1, bytes: 0 },
      { origin: 'other', kind: 'refused', messages: 2, bytes: 4 },
    ]);
    journal.forgetBefore(2_000);
    expect(journal.all('SELECT origin, messages FROM held')).toEqual([{ origin: 'lab', messages: 2 }]);
  });

  it('comes back with time: what waited for people for so long is refused; the content of what nobody has linked goes, other content stays', async () => {
    const [unlinked = 0] = await left('lab', 1, apart);
    const { id: closed } = await keep('lab');
    journal.failed(closed, { code: 'ILLEGAL_STATE', details: {} }, apart);
    const [node = 0] = await left('lab', 1, waiting);
    now = 5_000;
    const [young = 0] = await left('lab', 1, apart);
    journal.giveUpBefore(5_000);
    expect(statesOf([unlinked, closed, node, young])).toEqual(['refused', 'refused', 'waiting', 'apart']);
    expect([unlinked, closed].map((id) => journal.entry(id)?.bytes?.length)).toEqual([undefined, 1]);
  });

  it('has its indexes in a journal of a release between', () => {
    journal.close();
    const db = new DatabaseSync(file);
    db.exec(`DROP INDEX message_kept; DROP INDEX message_waiting; PRAGMA user_version = 2`);
    db.close();
    journal = new Journal(file, () => now);
    const names = z.array(z.object({ name: z.string() })).parse(journal.all(`SELECT name FROM sqlite_schema WHERE type = 'index'`));
    expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['message_kept', 'message_waiting', 'message_apart_held']));
  });

  it('is that of a journal of an earlier release once it is opened', () => {
    const older = join(scratchDirectory(), 'journal.sqlite');
    const db = new DatabaseSync(older);
    db.exec(`CREATE TABLE message (
      id INTEGER PRIMARY KEY, sender TEXT NOT NULL, control_id TEXT NOT NULL, sha256 TEXT NOT NULL, nonce TEXT NOT NULL, bytes BLOB,
      state TEXT NOT NULL, code TEXT, details TEXT, record_id TEXT, received_at INTEGER NOT NULL, next_at INTEGER NOT NULL, tries INTEGER NOT NULL,
      UNIQUE (sender, control_id));
      CREATE INDEX message_fresh ON message (id) WHERE state IN ('kept', 'waiting') AND code IS NOT 'PATIENT_NOT_LINKED';
      INSERT INTO message VALUES (1, 'LIS|H', '1', 'h', 'n', x'6162', 'waiting', 'PATIENT_NOT_LINKED', '{}', NULL, 1, 1, 3);
      INSERT INTO message VALUES (2, 'LIS|H', '2', 'h', 'n', NULL, 'done', NULL, NULL, 'rec', 1, 1, 1);
      INSERT INTO message VALUES (3, 'LIS|H', '3', 'h', 'n', x'63', 'kept', NULL, NULL, NULL, 1, 1, 0)`);
    db.close();
    const opened = new Journal(older, () => now);
    expect(opened.all('SELECT id, state, asks FROM message ORDER BY id')).toEqual([
      { id: 1, state: 'apart', asks: 'node' },
      { id: 2, state: 'done', asks: 'node' },
      { id: 3, state: 'kept', asks: 'node' },
    ]);
    expect(opened.all('SELECT origin, kind, messages, bytes FROM held ORDER BY kind')).toEqual([
      { origin: '', kind: 'apart', messages: 1, bytes: 2 },
      { origin: '', kind: 'undone', messages: 1, bytes: 1 },
    ]);
    opened.close();
  });
});
