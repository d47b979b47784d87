import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { type BlockTransaction, BrokenChain, type FollowedBlock } from '@lianyi/ledger-client';
import { transactions } from '@lianyi/domain';
import { blockOfCalls, envelopeOf } from './block-of-calls.fixture';
import { LedgerIndex } from './ledger-index';
import { indexMigrations } from './migrations';
import { ticketKey } from './patient-chain.fixture';

const permitted = (ticketId: string): string => JSON.stringify({ events: [{ name: 'AccessPermitted', ticketId, pseudonym: 'p1' }] });
/** A transaction that writes ticket-1. */
const envelope = envelopeOf({
  transaction: transactions.RequestAccess,
  argument: '{}',
  writes: { [ticketKey('ticket-1')]: '{}' },
  atMillis: 0,
});
const transactionOf = (transactionId: string, index: number, payload?: string, validationCode = 0): BlockTransaction => ({
  transactionId,
  transactionIndex: index,
  validationCode,
  event: payload === undefined ? undefined : { chaincode: 'emr', name: 'LianyiEvents', payload: Buffer.from(payload) },
  envelope,
});

function blockOf(number: number, transactions: readonly BlockTransaction[], headerHash = Buffer.alloc(32, number + 1)): FollowedBlock {
  const configuration = number === 0 ? Buffer.from('configuration') : undefined;
  return {
    blockNumber: BigInt(number),
    headerHash,
    previousHash: Buffer.alloc(32, number),
    dataHashMatches: true,
    transactions,
    configuration,
  };
}

describe('LedgerIndex', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-index-'));
  let file: string;
  let index: LedgerIndex;
  beforeEach(() => {
    file = join(dir, `${randomBytes(4).toString('hex')}.sqlite`);
    index = new LedgerIndex(file, 'emr', 'AMSP');
  });
  afterEach(async () => {
    await index.close();
  });
  afterAll(() => {
    rmSync(dir, { recursive: true });
  });

  it('starts at block 0 and continues after its last block when opened again', async () => {
    expect(await index.sinkOf('AMSP').checkpoint()).toEqual({ nextBlock: 0n, previousHash: undefined, configuration: undefined });
    await index.sinkOf('AMSP').apply(blockOf(0, []), true);
    await index.sinkOf('AMSP').apply(blockOf(1, [transactionOf('t1', 0)]), true);
    await index.close();
    index = new LedgerIndex(file, 'emr', 'AMSP');
    expect(await index.sinkOf('AMSP').checkpoint()).toEqual({
      nextBlock: 2n,
      previousHash: Buffer.alloc(32, 2),
      configuration: Buffer.from('configuration'),
    });
    expect(await index.sinkOf('BMSP').checkpoint()).toEqual({ nextBlock: 0n, previousHash: undefined, configuration: undefined });
    expect(await index.heights()).toEqual({ AMSP: 2 });
    expect(await index.genesis()).toBe(Buffer.alloc(32, 1).toString('base64url'));
  });

  it('keeps neither content nor checkpoint of a block it could not write whole', async () => {
    await index.sinkOf('AMSP').apply(blockOf(0, []), true);
    const twice = [transactionOf('t1', 0, permitted('ticket-1')), transactionOf('t2', 0)]; // the same place twice cannot be written
    await expect(index.sinkOf('AMSP').apply(blockOf(1, twice), true)).rejects.toThrow();
    expect(await index.transaction('t1')).toEqual([]);
    expect(await index.decisionsOn('ticket-1')).toEqual([]);
    expect(await index.sinkOf('AMSP').checkpoint()).toMatchObject({ nextBlock: 1n });
  });

  it('keeps each peer’s word on a ticket apart', async () => {
    await index.sinkOf('AMSP').apply(blockOf(0, [transactionOf('t1', 0, permitted('ticket-1'))]), true);
    expect(await index.decisionsOn('ticket-1')).toMatchObject([
      { source: 'AMSP', transactionId: 't1', blockNumber: 0n, validationCode: 0 },
    ]);
    await index.sinkOf('BMSP').apply(blockOf(0, [transactionOf('t1', 0, permitted('ticket-1'))]), true);
    expect(await index.decisionsOn('ticket-1')).toEqual([
      { source: 'AMSP', transactionId: 't1', blockNumber: 0n, validationCode: 0, event: 'AccessPermitted' },
      { source: 'BMSP', transactionId: 't1', blockNumber: 0n, validationCode: 0, event: 'AccessPermitted' },
    ]);
    expect(await index.decisionsOn('ticket-2')).toEqual([]);
  });

  it.each([
    ['the own peer', 11, 0, []],
    ['the other one', 0, 11, ['AMSP']],
    ['both', 11, 11, []],
  ])('takes no decision from a transaction that %s has not as valid', async (_who, own, other, told) => {
    await index.sinkOf('AMSP').apply(blockOf(0, [transactionOf('t1', 0, permitted('ticket-1'), own)]), true);
    await index.sinkOf('BMSP').apply(blockOf(0, [transactionOf('t1', 0, permitted('ticket-1'), other)]), true);
    expect((await index.decisionsOn('ticket-1')).map(({ source }) => source)).toEqual(told);
    expect((await index.transaction('t1')).map(({ validationCode }) => validationCode)).toEqual([own, other]);
  });

  it('takes no decision from more events than a transaction may have', async () => {
    const of = (count: number): string =>
      JSON.stringify({ events: Array.from({ length: count }, () => ({ name: 'AccessPermitted', ticketId: 'ticket-1', pseudonym: 'p1' })) });
    await index.sinkOf('AMSP').apply(blockOf(0, [transactionOf('t1', 0, of(65)), transactionOf('t2', 1, of(1))]), true);
    expect(await index.decisionsOn('ticket-1')).toMatchObject([{ transactionId: 't2' }]);
  });

  it('lets the first copy of a transaction id decide', async () => {
    await index.sinkOf('AMSP').apply(blockOf(0, [transactionOf('t1', 0), transactionOf('t1', 1, undefined, 9)]), true);
    expect(await index.transaction('t1')).toEqual([{ source: 'AMSP', transactionId: 't1', blockNumber: 0n, validationCode: 0 }]);
  });

  it.each<readonly [string, BlockTransaction]>([
    [
      'another chaincode',
      { ...transactionOf('t1', 0), event: { chaincode: 'other', name: 'LianyiEvents', payload: Buffer.from(permitted('ticket-1')) } },
    ],
    [
      'another event name',
      { ...transactionOf('t1', 0), event: { chaincode: 'emr', name: 'Other', payload: Buffer.from(permitted('ticket-1')) } },
    ],
    ['no JSON', transactionOf('t1', 0, 'AccessPermitted ticket-1')],
    ['an unknown domain event', transactionOf('t1', 0, '{"events":[{"name":"AccessGiven","ticketId":"ticket-1"}]}')],
    [
      'duplicate keys',
      transactionOf('t1', 0, '{"events":[{"name":"AccessDenied","name":"AccessPermitted","ticketId":"ticket-1","pseudonym":"p1"}]}'),
    ],
    ['a field too many', transactionOf('t1', 0, '{"events":[{"name":"AccessPermitted","ticketId":"ticket-1","pseudonym":"p1","x":1}]}')],
  ])('sees no permit in an event of %s', async (_what, transaction) => {
    await index.sinkOf('AMSP').apply(blockOf(0, [transaction]), true);
    expect(await index.decisionsOn('ticket-1')).toEqual([]);
    expect(await index.transaction('t1')).toHaveLength(1);
  });

  describe('told of a decision by a transaction that does not write its ticket', () => {
    const event = (name: string): BlockTransaction['event'] => {
      const payload = JSON.stringify({ events: [{ name, ticketId: 'ticket-1', pseudonym: 'p1' }] });
      return { chaincode: 'emr', name: 'LianyiEvents', payload: Buffer.from(payload) };
    };
    const call = { transaction: transactions.RequestAccess, argument: '{}', atMillis: 0 };
    const privately = { ...call, privateWrites: { x: 'y' } };
    const written = { ...call, writes: { [ticketKey('ticket-1')]: '{}' }, event: event('AccessPermitted') };

    it.each([
      ['a denial with private writes alone', { ...privately, event: event('AccessDenied') }],
      ['a second permit with private writes alone', { ...privately, event: event('AccessPermitted') }],
      ['a denial with another ticket', { ...call, writes: { [ticketKey('ticket-2')]: '{}' }, event: event('AccessDenied') }],
      ['a denial that deletes the ticket', { ...call, writes: { [ticketKey('ticket-1')]: null }, event: event('AccessDenied') }],
      ['a denial with writes nobody can read', { ...call, results: Buffer.from([0x0a]), event: event('AccessDenied') }],
    ])('believes no %s', async (_what, hostile) => {
      await index.sinkOf('AMSP').apply(blockOfCalls(0, [hostile, written, hostile]), true);
      expect(await index.decisionsOn('ticket-1')).toMatchObject([{ transactionId: 'tx-0-1', event: 'AccessPermitted' }]);
    });
  });

  describe('with another member’s peer that lies', () => {
    const forged = Buffer.alloc(32, 99);

    it('puts it aside where its block is not the own one, and the own chain goes on', async () => {
      await index.sinkOf('AMSP').apply(blockOf(0, []), true);
      await index.sinkOf('AMSP').apply(blockOf(1, []), true);
      await index.sinkOf('BMSP').apply(blockOf(0, []), true);
      await expect(index.sinkOf('BMSP').apply(blockOf(1, [], forged), true)).rejects.toBeInstanceOf(BrokenChain);
      await index.sinkOf('AMSP').apply(blockOf(2, []), true);
      expect(await index.heights()).toEqual({ AMSP: 3, BMSP: 1 });
    });

    it('stores nothing of it beyond the own height, and names it once the own block has come', async () => {
      await index.sinkOf('AMSP').apply(blockOf(0, []), true);
      await index.sinkOf('BMSP').apply(blockOf(0, []), true);
      const lie = index.sinkOf('BMSP').apply(blockOf(1, [transactionOf('t1', 0, permitted('ticket-1'))], forged), true);
      const refused = expect(lie).rejects.toBeInstanceOf(BrokenChain);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(await index.heights()).toEqual({ AMSP: 1, BMSP: 1 });
      expect(await index.decisionsOn('ticket-1')).toEqual([]);
      await index.sinkOf('AMSP').apply(blockOf(1, []), true);
      await refused;
      expect(await index.heights()).toEqual({ AMSP: 2, BMSP: 1 });
    });

    it('takes nothing as the network’s beginning from it', async () => {
      const stop = new AbortController();
      const waiting = index.sinkOf('BMSP', stop.signal).apply(blockOf(0, [], forged), true);
      stop.abort();
      await expect(waiting).rejects.toThrow();
      expect(await index.genesis()).toBeUndefined();
      expect(await index.heights()).toEqual({});
    });

    it('goes on the same after it was opened again', async () => {
      await index.sinkOf('AMSP').apply(blockOf(0, []), true);
      const stop = new AbortController();
      const lie = index.sinkOf('BMSP', stop.signal).apply(blockOf(1, [], forged), true);
      stop.abort();
      await expect(lie).rejects.toThrow();
      await index.close();
      index = new LedgerIndex(file, 'emr', 'AMSP');
      await index.sinkOf('AMSP').apply(blockOf(1, []), true);
      expect(await index.heights()).toEqual({ AMSP: 2 });
    });
  });

  it('wakes who waits for a block, and gives up in time', async () => {
    // no timer runs out: only the block can wake it
    jest.useFakeTimers({ doNotFake: ['Date', 'nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'performance'] });
    try {
      const waiting = index.waitFor(async () => ((await index.transaction('t1')).length > 0 ? 'seen' : undefined), 5_000);
      await index.sinkOf('AMSP').apply(blockOf(0, [transactionOf('t1', 0)]), true);
      await expect(waiting).resolves.toBe('seen');
    } finally {
      jest.useRealTimers();
    }
    await expect(index.waitFor(() => Promise.resolve(undefined), 50)).resolves.toBeUndefined();
  });

  const followed = `INSERT INTO checkpoint VALUES ('AMSP', 1, x'01', x'02'); INSERT INTO block VALUES ('AMSP', 0, x'01');
    INSERT INTO ledger_transaction VALUES ('AMSP', 0, 0, 't1', 0)`;
  it.each<readonly [string, number, string]>([
    ['did not look at who wrote what', 3, `INSERT INTO patient VALUES ('psn', 'hash')`],
    [
      'took other keys for those that the chaincode reads',
      4,
      `INSERT INTO ticket VALUES ('t', 1); INSERT INTO staff VALUES ('AMSP', 'tag', NULL, NULL, 1);
       INSERT INTO record VALUES ('psn', 'r', NULL, 1); INSERT INTO default_policy VALUES ('other', 0);
       INSERT INTO patient VALUES ('psn', 'hash'); INSERT INTO alarm VALUES (7, 0, 0, 't1', 'staff-without-command', NULL, NULL)`,
    ],
    ['kept who acts for a patient by their key alone', 7, `INSERT INTO patient VALUES ('psn', 'hash', 0, NULL)`],
    [
      'did not follow devices',
      13,
      `INSERT INTO pin VALUES ('p', 'k', 't', 1, 0, NULL, NULL); INSERT INTO told_time VALUES ('AMSP', 1, 2);
       INSERT INTO organisation_kinds VALUES ('AMSP', '[]'); INSERT INTO written_recovery VALUES ('psn', 'c', 1)`,
    ],
    [
      'did not follow for how long old keys may veto at least',
      15,
      `INSERT INTO organisation_kinds VALUES ('AMSP', '[]', '[]'); INSERT INTO written_recovery VALUES ('psn', 'c', 1)`,
    ],
    [
      'told nothing of organisations that others have written over',
      16,
      `INSERT INTO organisation_kinds VALUES ('AMSP', '[]', '[]', 1, 1); INSERT INTO alarm VALUES (7, 0, 0, 't1', 'key-of-no-entry', NULL, NULL)`,
    ],
  ])('follows everything again from block 0 after an earlier version, which %s', async (_what, version, rows) => {
    await index.close();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(join(dir, `version-${version}.sqlite`));
    db.exec('PRAGMA synchronous = OFF');
    for (const migration of indexMigrations.slice(0, version)) db.exec(migration);
    db.exec(`${followed}; ${rows}; PRAGMA user_version = ${version}`);
    db.close();
    index = new LedgerIndex(join(dir, `version-${version}.sqlite`), 'emr', 'AMSP');
    expect(await index.heights()).toEqual({});
    expect(await index.transaction('t1')).toEqual([]);
    expect(await index.alarms(5)).toEqual([]);
    const tables = [
      ...['patient', 'consent', 'relationship', 'staff', 'device', 'record', 'ticket', 'access_parameter', 'ledger_event'],
      ...['pin', 'told_time', 'organisation_kinds', 'written_recovery'],
    ];
    db.open();
    for (const table of tables) expect([table, db.prepare(`SELECT * FROM ${table}`).all()]).toEqual([table, []]);
    db.close();
    await index.sinkOf('AMSP').apply(blockOf(0, [transactionOf('t1', 0)]), true);
    expect(await index.heights()).toEqual({ AMSP: 1 });
  });

  it('refuses a file of a newer version', async () => {
    await index.close();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => new LedgerIndex(file, 'emr', 'AMSP')).toThrow('newer version');
    db.open();
    db.exec(`PRAGMA user_version = ${indexMigrations.length}`);
    db.close();
    index = new LedgerIndex(file, 'emr', 'AMSP');
  });
});
