import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type FollowedBlock } from '@lianyi/ledger-client';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { digestOfIndex, type IndexDigest } from './index-digest';
import { LedgerIndex } from './ledger-index';
import { MINUTE, relationship, usePatientChain } from './patient-chain.fixture';
import { indexMigrations } from './migrations';

const chainOf = usePatientChain();
const folder = scratchDirectory();
/** As jest compares a refusal. */
const unusable = expect.objectContaining({ code: 'DATABASE_UNUSABLE' }) as Error;
const newFile = (): string => join(folder, `${randomUUID()}.sqlite`);

/** Follows blocks from block 0 into a new file. `sources` says whose peer delivers which block, in order; all by the own one if left out. */
async function followed(
  blocks: readonly FollowedBlock[],
  options: { isNew?: boolean; sources?: readonly string[]; file?: string; before?: (block: FollowedBlock) => void } = {},
) {
  const { isNew = false, sources = ['AMSP'], file = newFile(), before = () => undefined } = options;
  const index = new LedgerIndex(file, 'emr', 'AMSP');
  for (const source of sources) {
    for (const block of blocks) {
      before(block);
      await index.sinkOf(source).apply(block, isNew);
    }
  }
  await index.close();
  return { file, digest: digestOfIndex(file, 'AMSP') };
}

/** The day of a patient at A. */
async function day(): Promise<readonly FollowedBlock[]> {
  const chain = chainOf();
  await chain.say(chain.granted());
  await chain.say(chain.relating('SuspendRelationship', relationship('suspended', 'patient')));
  await chain.add(chain.forged({ ['\u0000staff\u0000BMSP\u0000nobody\u0000']: '{}' }));
  return chain.blocks;
}

/** The same content, written the other way round into a file of its own. */
function copiedBackwards(file: string): string {
  const copy = newFile();
  const db = new DatabaseSync(copy);
  db.exec('PRAGMA synchronous = OFF');
  for (const migration of indexMigrations) db.exec(migration);
  db.exec(`ATTACH '${file}' AS first; PRAGMA user_version = ${indexMigrations.length}`);
  const tables = db.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name DESC").all();
  for (const { name } of tables) db.exec(`INSERT INTO main.${String(name)} SELECT * FROM first.${String(name)} ORDER BY rowid DESC`);
  db.close();
  return copy;
}

describe('the digest of a node’s database', () => {
  it('is the same after the database was deleted and the chain followed again from block 0', async () => {
    const blocks = await day();
    const { file, digest } = await followed(blocks, { isNew: true });
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    expect((await followed(blocks, { file })).digest).toEqual(digest);
    expect(digest).toMatchObject({ mspId: 'AMSP', height: blocks.length, others: [] });
    expect(Object.values(digest.judged)).not.toContain(digest.digest);
  });

  it('is the same in whatever order the rows were written, and wherever they lie', async () => {
    const { file, digest } = await followed(await day(), { sources: ['AMSP', 'BMSP'] });
    expect(digestOfIndex(copiedBackwards(file), 'AMSP')).toEqual(digest);
  });

  it('does not depend on how far other members’ peers were followed, which stand beside it', async () => {
    const blocks = await day();
    const { digest } = await followed(blocks);
    const both = await followed(blocks, { sources: ['AMSP', 'BMSP'] });
    expect(both.digest).toEqual({ ...digest, others: [{ mspId: 'BMSP', height: blocks.length, chain: digest.chain }] });
  });

  it('differs with each block', async () => {
    const blocks = await day();
    const seen = new Set<string>();
    for (let height = 1; height <= blocks.length; height += 1) {
      const { digest } = await followed(blocks.slice(0, height));
      expect(digest.height).toBe(height);
      seen.add(digest.digest).add(digest.chain);
    }
    expect(seen.size).toBe(2 * blocks.length);
  });

  it.each([
    ['UPDATE consent SET version = 2', 'consent'],
    ['UPDATE relationship SET is_suspended = 0', 'relationship'],
    ['UPDATE staff SET is_proven = 0', 'staff'],
    ['DELETE FROM alarm', 'alarm'],
    ["UPDATE patient SET next_key_hash = 'x'", 'patient'],
    ['UPDATE ticket SET is_asked = 0', 'ticket'],
    ['UPDATE told_time SET latest = latest + 1', 'told_time'],
    ["INSERT INTO access_parameter VALUES ('x', NULL, 1)", 'access_parameter'],
    ['DELETE FROM record', 'record'],
    ["UPDATE ledger_event SET event = '{}'", 'chain'],
    ['UPDATE ledger_transaction SET validation_code = 11 WHERE block_number = 1', 'chain'],
    ["UPDATE block SET header_hash = x'00' WHERE block_number = 2", 'chain'],
  ] as const)('differs after %s, and shows where', async (change, where) => {
    const { file, digest } = await followed([...(await day()), ...events()]);
    const db = new DatabaseSync(file);
    expect(db.prepare(change).run().changes).toBeGreaterThan(0);
    db.close();
    const after = digestOfIndex(file, 'AMSP');
    expect(after.digest).not.toBe(digest.digest);
    expect(partsThatDiffer(digest, after)).toEqual([where]);
  });

  /** A block with an event, of which the fixture's calls have none. */
  function events(): readonly FollowedBlock[] {
    const payload = Buffer.from(JSON.stringify({ events: [{ name: 'KeyRotated', pseudonym: 'p1' }] }));
    const chain = chainOf();
    const [template] = chain.blocks;
    const call = chain.blocks[2]?.transactions[0];
    if (template === undefined || call === undefined) throw new Error('a chain was expected');
    const event = { chaincode: 'emr', name: 'LianyiEvents', payload };
    const transactions = [{ ...call, transactionId: 'with-an-event', transactionIndex: 0, event }];
    return [
      { ...template, configuration: undefined, blockNumber: BigInt(chain.blocks.length), headerHash: Buffer.alloc(32, 99), transactions },
    ];
  }

  it('tells of who was there when something came late, and who was not: in what was concluded, not in the chain', async () => {
    const chain = chainOf();
    const [begun, held] = [chain.now, chain.granted()];
    await chain.add(held);
    const last = BigInt(chain.blocks.length - 1);
    const clock = ({ blockNumber }: FollowedBlock): void => void (chain.now = begun + (blockNumber === last ? 60 * MINUTE : 0));
    const there = await followed(chain.blocks, { isNew: true, before: clock });
    const later = await followed(chain.blocks);
    expect(later.digest.chain).toBe(there.digest.chain);
    expect(partsThatDiffer(there.digest, later.digest)).toEqual(['consent']);
  });

  it('is told of a running node, and of a node that has followed nothing yet', async () => {
    const file = newFile();
    const index = new LedgerIndex(file, 'emr', 'AMSP');
    expect(digestOfIndex(file, 'AMSP')).toMatchObject({ height: 0, others: [] });
    for (const block of await day()) await index.sinkOf('AMSP').apply(block, true);
    expect(digestOfIndex(file, 'AMSP')).toMatchObject({ height: chainOf().blocks.length });
    await index.close();
  });

  it('is none of a file that is missing, damaged, or of another version, and changes nothing there', async () => {
    expect(() => digestOfIndex(newFile(), 'AMSP')).toThrow(unusable);
    const damaged = newFile();
    writeFileSync(damaged, 'no database '.repeat(100));
    expect(() => digestOfIndex(damaged, 'AMSP')).toThrow(unusable);
    for (const version of [indexMigrations.length - 1, indexMigrations.length + 1]) {
      const { file } = await followed([]);
      const db = new DatabaseSync(file);
      db.exec(`PRAGMA user_version = ${version}`);
      db.close();
      expect(() => digestOfIndex(file, 'AMSP')).toThrow(unusable);
    }
  });
});

function partsThatDiffer(one: IndexDigest, other: IndexDigest): readonly string[] {
  const parts = [...Object.keys(one.judged), 'chain'];
  const of = ({ judged, chain }: IndexDigest): Readonly<Record<string, string>> => ({ ...judged, chain });
  return parts.filter((part) => of(one)[part] !== of(other)[part]);
}
