import { join } from 'node:path';
import * as fc from 'fast-check';
import { blockHeaderHash, commitHashOf, common, newBlock, outOf, parseRwSet, validationCodesOf } from '@lianyi/fabric-protocol';
import {
  buildTransaction,
  commitBlock,
  type Consortium,
  defineChaincode,
  newConsortium,
  newLedger,
  temporaryDir,
} from '@lianyi/test/support/ledger-fixture';
import { type CollectionSpec, privateWrites, sha256 } from '@lianyi/test/support/rwset-fixture';
import { ChannelLedger } from '../channel-ledger';
import { commitHash, orderPreservingVarint, uvarint } from './commit-hash';
import { LedgerDatabase } from './database';
import { compareKeys } from './keys';
import { ReadWriteLock } from './rw-lock';
import { UpdateBatch } from './update-batch';

describe('the order of keys', () => {
  it('is that of UTF-8 bytes, not of UTF-16 units', () => {
    expect(['\u{1F600}', '\uFFFD', 'a', '', '\u0000'].sort(compareKeys)).toEqual(['', '\u0000', 'a', '\uFFFD', '\u{1F600}']);
  });

  it('agrees with Buffer.compare for any two texts', () => {
    const text = fc.string({ unit: fc.nat(0x10_ffff).map((code) => String.fromCodePoint(code).toWellFormed()) });
    fc.assert(fc.property(text, text, (left, right) => compareKeys(left, right) === Buffer.compare(Buffer.from(left), Buffer.from(right))));
  });
});

describe('the commit hash', () => {
  /** Read/write sets, previous and resulting hash of blocks 2 and 25 of a chain of Fabric v3.1.5. */
  const RECORDED = [
    {
      block: 2,
      codes: [0],
      rwSet:
        'EvcECgpfbGlmZWN5Y2xlEjkKHgocbmFtZXNwYWNlcy9maWVsZHMvdC9TZXF1ZW5jZQoXChVuYW1lc3BhY2VzL21ldGFkYXRhL3QarQQKGl9pbXBsaWNpdF9vcmdfSG9zcGl0YWxBTVNQEuwDCiIKIOs7LM1jrDeXwWKnzkPp3gtZzP5EcMlht3pgnvkqMINFCiIKIHWJy+tT4zVD5SiZ8Kf10CMU6G1+W2Nqc8zPRQEnUsZQEkQKIAYK9y1jTzcYEfKCCK5koft8nNz3VsarJmdbflEczVNyGiA39eatI8+fsJN4/ZEeVhn3E4d4OW43EsUxZikFIKYWWBJECiDrOyzNY6w3l8Fip85D6d4LWcz+RHDJYbd6YJ75KjCDRRogaVLt4CLLrpWeG0qg2tR+hbyeHk6djfzwiFB5NIgLvnUSRAogPJMXdcAR4p1gFdU+o1G2hQ1M9UyFesw0RM2fgyZBAIYaICZkg8qkOfbhbXSya3jLWyhJ22Z6EGuWQPl9ISEv48amEkQKIInbjg/QPsv/hBzoPirCWtpZFbyqLKjO7lZfyaYWPmoLGiAtcYuIRz9j+TeEf5EROvz+GqcIytQS6jnso5to2VZAuxJECiAlUwckyPOH17apXn9aRQ9Cb2mGk/i6kkcext4HkqAZWBogGKMI9IifTm1ctHhIjYoR39H7yYzHkKXlkfJ0xFB1t1ISRAogdYnL61PjNUPlKJnwp/XQIxTobX5bY2pzzM9FASdSxlAaIJkUMttz/t4T7b0qYbDg6SuxLzxIS+C2YMr4sMMe8UcGGiD4zIm7u0rGdIQqQ2vWsA2W5bi0I1r+UIzMY4Ip/xpGYxINCgRsc2NjEgUKAwoBdA==',
      previous: '68a881ff72f82ccd71c019d1fe75f06feefc365e5075a11baab6c4890525d4d6',
      hash: '1b108d94cc2599f37b6dae74f5bde2d831a906a733f9f7cac327f04ee55f6343',
    },
    {
      block: 25,
      codes: [12],
      rwSet: '',
      previous: 'ca218b58df46fdeea423d29e1b39fb9770dd69ca1b64849eeffb6e67556e8f7f',
      hash: 'a92cf6aa85dc0971c2d8168a07a950ae8a17af1f4e08ffde419e94452fbbde76',
    },
  ];
  const emptyState = { getState: () => undefined, getRawMetadata: () => undefined, getPrivateHash: () => undefined };

  it.each(RECORDED)('of block $block equals the one real peers computed', ({ block, codes, rwSet, previous, hash }) => {
    const batch = new UpdateBatch();
    const parsed = parseRwSet(Buffer.from(rwSet, 'base64')) ?? [];
    // the writes of these blocks ask the state for metadata only, and there is none
    batch.apply(parsed, { blockNumber: block, txIndex: 0 }, emptyState as unknown as ChannelLedger['state']);
    expect(commitHash(codes, batch, Buffer.from(previous, 'hex')).toString('hex')).toBe(hash);
  });

  it.each([
    [0, '00'],
    [1, '0101'],
    [255, '01ff'],
    [256, '020100'],
    [70_000, '03011170'],
  ])('writes block number %d as %s', (value, hex) => {
    expect(orderPreservingVarint(value).toString('hex')).toBe(hex);
  });

  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [2 ** 35, '808080808001'],
  ])('writes length %d as %s', (value, hex) => {
    expect(uvarint(value).toString('hex')).toBe(hex);
  });
});

describe('the read-write lock', () => {
  const settled = async (promise: Promise<unknown>): Promise<boolean> => {
    let isDone = false;
    void promise.then(() => {
      isDone = true;
    });
    await new Promise((done) => setImmediate(done));
    return isDone;
  };

  it('lets readers share, a writer wait for them, and later readers wait for the writer', async () => {
    const lock = new ReadWriteLock();
    const first = await lock.acquireRead();
    const second = await lock.acquireRead();
    const writer = lock.acquireWrite();
    const late = lock.acquireRead();
    first();
    first(); // twice must not count twice
    expect([await settled(writer), await settled(late)]).toEqual([false, false]);
    second();
    expect([await settled(writer), await settled(late)]).toEqual([true, false]);
    (await writer)();
    expect(await settled(late)).toBe(true);
    (await late)();
    (await lock.acquireWrite())();
  });
});

describe('a ledger', () => {
  let consortium: Consortium;
  let scratch: ReturnType<typeof temporaryDir>;
  let ledger: ChannelLedger;

  beforeAll(async () => {
    consortium = await newConsortium();
  });
  beforeEach(() => {
    scratch = temporaryDir();
    ledger = newLedger(scratch.dir, consortium.genesis);
    defineChaincode(consortium, ledger, [
      { name: 'ab', members: ['AMSP', 'BMSP'] },
      { name: 'short', members: ['AMSP'], blockToLive: 1 },
    ]);
  });
  afterEach(() => {
    ledger.close();
    scratch.remove();
  });

  const build = (
    rwSet: Parameters<typeof buildTransaction>[0]['rwSet'],
    endorsers = [consortium.a.peer, consortium.b.peer],
  ): ReturnType<typeof buildTransaction> => buildTransaction({ creator: consortium.a.client, endorsers, rwSet });
  const put = (writes: Record<string, string | null>): readonly number[] => commitBlock(ledger, [build({ cc: { writes } }).envelope]);

  /** Stages the private side at the given organisations and commits. */
  function putPrivate(collection: string, spec: CollectionSpec, at: readonly string[], staged = privateWrites(spec)): readonly number[] {
    const { txId, envelope } = build({ cc: { collections: { [collection]: spec } } });
    for (const mspId of at) ledger.stagePrivateData(txId, mspId, [{ namespace: 'cc', collection, kvRwSet: staged }]);
    return commitBlock(ledger, [envelope]);
  }
  const held = (mspId: string, collection: string, key: string): string | undefined =>
    ledger.state.getPrivate(mspId, 'cc', collection, key)?.value.toString();

  it('scans keys in byte order, from inclusive to exclusive, also beyond one page', () => {
    const keys = ['\u{1F600}', '\uFFFD', 'b', 'a', ...Array.from({ length: 600 }, (_, index) => `k${String(index).padStart(3, '0')}`)];
    put(Object.fromEntries(keys.map((key) => [key, 'v'])));
    const scan = (from: string, to: string): string[] => [...ledger.state.scanState('cc', from, to)].map(({ key }) => key);
    expect(scan('', '')).toEqual([...keys].sort(compareKeys));
    expect(scan('k000', 'k599')).toHaveLength(599);
    expect(scan('b', 'k001')).toEqual(['b', 'k000']);
    expect(scan('z', 'a')).toEqual([]);
  });

  it('lets two scans run into each other', () => {
    put({ a: '1', b: '2', c: '3' });
    const outer = ledger.state.scanState('cc', '', '');
    const seen: string[] = [];
    for (const { key } of outer) seen.push(key, ...[...ledger.state.scanState('cc', key, '')].map((inner) => inner.key));
    expect(seen).toEqual(['a', 'a', 'b', 'c', 'b', 'b', 'c', 'c', 'c']);
  });

  it('tells the history of a key, newest first, with the time of the client and deletes', () => {
    put({ k: '1' });
    put({ k: '2', other: 'x' });
    commitBlock(ledger, [build({ cc: { writes: { k: 'refused' } } }, []).envelope]);
    put({ k: null });
    const entries = [...ledger.state.history('cc', 'k')];
    expect(entries.map(({ value, isDelete }) => [value.toString(), isDelete])).toEqual([
      ['', true],
      ['2', false],
      ['1', false],
    ]);
    expect(entries[0]?.timestampMillis).toBe(1_700_000_000_000);
    expect(new Set(entries.map(({ txId }) => txId)).size).toBe(3);
    expect(ledger.state.getState('cc', 'k')).toBeUndefined();
  });

  it('finds blocks by number, hash and transaction', () => {
    put({ k: '1' });
    const hash = ledger.blocks.lastBlockHash;
    expect(ledger.blocks.getBlockNumberByHash(hash)).toBe(2);
    expect(ledger.blocks.getBlock(3)).toBeUndefined();
    expect(ledger.blocks.getBlockNumberByTxId('nobody')).toBeUndefined();
    const block = common.Block.deserializeBinary(ledger.blocks.getBlock(2) ?? Buffer.alloc(0));
    expect(validationCodesOf(block)).toEqual([0]);
    expect(commitHashOf(block)).toHaveLength(32);
    expect(blockHeaderHash(block.getHeader() ?? new common.BlockHeader())).toEqual(hash);
  });

  it('gives private values to the peers they were staged at, and their hash to all', () => {
    expect(putPrivate('ab', { writes: { p: 'secret' } }, ['AMSP', 'BMSP'])).toEqual([0]);
    expect(['AMSP', 'BMSP', 'CMSP'].map((mspId) => held(mspId, 'ab', 'p'))).toEqual(['secret', 'secret', undefined]);
    expect(ledger.state.getPrivateHash('cc', 'ab', sha256('p'))).toEqual({
      value: sha256('secret'),
      version: { blockNumber: 2, txIndex: 0 },
    });
    expect(ledger.state.getPrivate('AMSP', 'cc', 'ab', 'p')?.version).toEqual({ blockNumber: 2, txIndex: 0 });
    expect([...ledger.state.scanPrivate('AMSP', 'cc', 'ab', '', '')].map(({ key }) => key)).toEqual(['p']);
    expect(ledger.blocks.getPrivateWrites('BMSP', 2)).toHaveLength(1);
    expect(ledger.blocks.getPrivateWrites('CMSP', 2)).toEqual([]);
  });

  it('refuses a staged set that is not the endorsed one', () => {
    const forged = privateWrites({ writes: { p: 'forged' } });
    expect(putPrivate('ab', { writes: { p: 'secret' } }, ['AMSP'], forged)).toEqual([0]);
    expect(held('AMSP', 'ab', 'p')).toBeUndefined();
    expect(ledger.blocks.getPrivateWrites('AMSP', 2)).toEqual([]);
  });

  it('stores nothing of an invalid transaction, and forgets what was staged for it', () => {
    const spec = { writes: { p: 'secret' } };
    const { txId, envelope } = build({ cc: { collections: { ab: spec } } }, []);
    ledger.stagePrivateData(txId, 'AMSP', [{ namespace: 'cc', collection: 'ab', kvRwSet: privateWrites(spec) }]);
    expect(commitBlock(ledger, [envelope])).toEqual([10]);
    expect(held('AMSP', 'ab', 'p')).toBeUndefined();
    expect(ledger.state.getPrivateHash('cc', 'ab', sha256('p'))).toBeUndefined();
  });

  it('deletes a private value where it is held', () => {
    putPrivate('ab', { writes: { p: 'secret', q: 'kept' } }, ['AMSP', 'BMSP']);
    putPrivate('ab', { writes: { p: null } }, ['AMSP', 'BMSP']);
    expect([held('AMSP', 'ab', 'p'), held('BMSP', 'ab', 'p'), held('AMSP', 'ab', 'q')]).toEqual([undefined, undefined, 'kept']);
    expect(ledger.state.getPrivateHash('cc', 'ab', sha256('p'))).toBeUndefined();
  });

  it('purges value, hash and the write sets of the past, at every peer, and keeps other keys', () => {
    putPrivate('ab', { writes: { p: 'secret', q: 'kept' } }, ['AMSP', 'BMSP']);
    putPrivate('ab', { writes: { p: { purge: true } } }, ['AMSP']);
    expect(['AMSP', 'BMSP'].map((mspId) => held(mspId, 'ab', 'p'))).toEqual([undefined, undefined]);
    expect(['AMSP', 'BMSP'].map((mspId) => held(mspId, 'ab', 'q'))).toEqual(['kept', 'kept']);
    for (const mspId of ['AMSP', 'BMSP']) {
      const kept = Buffer.concat(ledger.blocks.getPrivateWrites(mspId, 2).map(({ kvRwSet }) => kvRwSet)).toString();
      expect(kept).not.toContain('secret');
      expect(kept).toContain('kept');
    }
  });

  it('keeps a value written after the purge in the same block', () => {
    putPrivate('ab', { writes: { p: 'old' } }, ['AMSP']);
    const purge = build({ cc: { collections: { ab: { writes: { p: { purge: true } } } } } });
    const spec = { writes: { p: 'new' } };
    const again = build({ cc: { collections: { ab: spec } } });
    ledger.stagePrivateData(again.txId, 'AMSP', [{ namespace: 'cc', collection: 'ab', kvRwSet: privateWrites(spec) }]);
    expect(commitBlock(ledger, [purge.envelope, again.envelope])).toEqual([0, 0]);
    expect(held('AMSP', 'ab', 'p')).toBe('new');
  });

  it('lets a value go with its block to live, whoever held it', () => {
    putPrivate('short', { writes: { p: 'secret' } }, ['AMSP']); // block 2, gone with block 4
    put({ x: '1' });
    expect(held('AMSP', 'short', 'p')).toBe('secret');
    put({ x: '2' });
    expect(held('AMSP', 'short', 'p')).toBeUndefined();
    expect(ledger.blocks.getPrivateWrites('AMSP', 2)).toEqual([]);
  });

  it('moves the version of a private value with a change of its policy', () => {
    putPrivate('ab', { writes: { p: 'secret' } }, ['AMSP']);
    const policy = Buffer.from(outOf(1, [{ mspId: 'AMSP', role: 'peer' }]).serializeBinary());
    expect(commitBlock(ledger, [build({ cc: { collections: { ab: { policies: { p: policy } } } } }).envelope])).toEqual([0]);
    expect(ledger.state.getPrivateHash('cc', 'ab', sha256('p'))?.version).toEqual({ blockNumber: 3, txIndex: 0 });
    expect(ledger.state.getPrivate('AMSP', 'cc', 'ab', 'p')).toEqual({
      value: Buffer.from('secret'),
      version: { blockNumber: 3, txIndex: 0 },
    });
    expect(ledger.state.getPrivateMetadata('cc', 'ab', sha256('p'))?.get('VALIDATION_PARAMETER')).toEqual(policy);
  });

  it('continues after reopening: state, definitions, commit hash and duplicates', () => {
    const built = build({ cc: { writes: { k: '1' } } });
    const uninterrupted = newLedger(join(scratch.dir, 'twin'), consortium.genesis);
    for (const number of [1]) uninterrupted.commit(blockOf(ledger, number));
    for (const target of [ledger, uninterrupted]) commitBlock(target, [built.envelope]);
    ledger.close();
    ledger = newLedger(scratch.dir);
    expect(ledger.state.height).toBe(3);
    expect(ledger.state.getState('cc', 'k')?.value.toString()).toBe('1');
    expect(ledger.definitions.get('cc')?.sequence).toBe(1);
    const next = newBlock(3, ledger.blocks.lastBlockHash, [built.envelope]);
    const [here, there] = [ledger.commit(next), uninterrupted.commit(newBlock(3, uninterrupted.blocks.lastBlockHash, [built.envelope]))];
    expect(here.codes).toEqual([9]);
    expect(here.commitHash.toString('hex')).toBe(there.commitHash.toString('hex'));
    uninterrupted.close();
  });

  it('is opened by one process at a time', () => {
    expect(() => newLedger(scratch.dir)).toThrow(/locked/);
  });

  it('refuses a new directory without a genesis block, or with one of another channel', () => {
    const other = join(scratch.dir, 'other');
    expect(() => newLedger(other)).toThrow(/no genesis block was given/);
    expect(() => new ChannelLedger(new LedgerDatabase(join(scratch.dir, 'third')), 'other', consortium.genesis)).toThrow(
      /does not configure channel other/,
    );
  });

  function blockOf(source: ChannelLedger, number: number): InstanceType<typeof common.Block> {
    return common.Block.deserializeBinary(source.blocks.getBlock(number) ?? Buffer.alloc(0));
  }
});
