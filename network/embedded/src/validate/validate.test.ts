import { bytesOf, newNonce } from '@lianyi/fabric-protocol';
import { buildTransaction, commitBlock, type Consortium, defineChaincode, type TransactionSpec } from '@lianyi/test/support/ledger-fixture';
import { buildRwSet } from '@lianyi/test/support/rwset-fixture';
import { RangeSummary } from '../ledger/range-summary';
import { type Version } from '../ledger/committed-state';
import { RangeInfo } from '../sim/range-info';
import { Code } from './code';
import { COLLECTIONS, ValidationWorld } from './validation-world.fixture';

const world = new ValidationWorld();

describe('the structure of a transaction', () => {
  it('is accepted as the gateway builds it, and its write is there', () => {
    expect(commitBlock(world.ledger, [world.write('k', 'hello')])).toEqual([Code.VALID]);
    expect(world.ledger.state.getState('cc', 'k')).toEqual({ value: Buffer.from('hello'), version: { blockNumber: 2, txIndex: 0 } });
  });

  it.each<[string, (c: Consortium) => Partial<TransactionSpec>, number]>([
    ['of an epoch', () => ({ epoch: 1 }), 3],
    ['without nonce', () => ({ nonce: Buffer.alloc(0) }), 3],
    [
      'with a broken signature',
      () => ({ tamper: (signature) => Buffer.concat([signature.subarray(0, -1), Buffer.from([(signature.at(-1) ?? 0) ^ 1])]) }),
      4,
    ],
    ['without signature', () => ({ tamper: () => Buffer.alloc(0) }), 4],
    ['of type CONFIG_UPDATE', () => ({ type: 2 }), 7],
    ['with an id of somebody else', () => ({ txId: 'ab'.repeat(32) }), 8],
    ['whose proposal hash is another', () => ({ isProposalHashWrong: true }), 5],
    ['for another channel', () => ({ channel: 'other' }), 14],
    ['whose event is of another chaincode', () => ({ eventOf: 'other' }), 255],
    ['without a version', () => ({ version: '' }), 25],
    ['of a chaincode nobody defined', () => ({ chaincode: 'nope' }), 25],
    ['endorsed by one organisation', ({ a }) => ({ endorsers: [a.peer] }), 10],
    ['endorsed by nobody', () => ({ endorsers: [] }), 10],
    ['endorsed by clients', ({ a, b }) => ({ endorsers: [a.client, b.client] }), 10],
    ['endorsed by the regulator and one hospital', ({ a, authority }) => ({ endorsers: [a.peer, authority.peer] }), 10],
    ['endorsed with broken signatures', () => ({ tamperEndorsement: (signature) => signature.subarray(1) }), 10],
  ])('%s is refused by its code, and nothing is written', (_, change, code) => {
    expect(commitBlock(world.ledger, [world.write('k', 'v', change(world.consortium))])).toEqual([code]);
    expect(world.valueOf('k')).toBeUndefined();
  });

  it.each([
    ['bytes that are no envelope', Buffer.from('ffffffff', 'hex'), 255],
    ['an envelope without header', Buffer.alloc(0), 3],
  ])('%s', (_, envelope, code) => {
    expect(commitBlock(world.ledger, [envelope])).toEqual([code]);
  });

  it('refuses an unreadable read/write set with 22 and a namespace that occurs twice with 23', () => {
    const one = buildRwSet({ cc: { writes: { k: 'v' } } });
    expect(
      commitBlock(world.ledger, [world.transaction(Buffer.from('ffff', 'hex')), world.transaction(Buffer.concat([one, one]))]),
    ).toEqual([22, 23]);
  });

  it('refuses a write to a namespace nobody defined, and takes a read of it', () => {
    expect(commitBlock(world.ledger, [world.transaction({ cc: { writes: { k: 'v' } }, ghost: { writes: { x: 'y' } } })])).toEqual([25]);
    expect(commitBlock(world.ledger, [world.transaction({ cc: { writes: { k: 'v' } }, ghost: { reads: { x: undefined } } })])).toEqual([0]);
  });
});

describe('transaction ids', () => {
  it('count once: in the same block, in a later one, and also when the first was invalid', () => {
    const nonce = newNonce();
    const good = world.write('k', '1', { nonce });
    expect(commitBlock(world.ledger, [good, good])).toEqual([0, 9]);
    expect(commitBlock(world.ledger, [good])).toEqual([9]);
    const other = newNonce();
    expect(commitBlock(world.ledger, [world.write('x', '1', { nonce: other, endorsers: [] })])).toEqual([10]);
    expect(commitBlock(world.ledger, [world.write('x', '1', { nonce: other })])).toEqual([9]);
    expect(world.valueOf('x')).toBeUndefined();
  });

  it('keep the status of the first', () => {
    const { a, b } = world.consortium;
    const built = buildTransaction({ creator: a.client, endorsers: [a.peer, b.peer], rwSet: { cc: { writes: { k: 'v' } } } });
    commitBlock(world.ledger, [built.envelope, built.envelope]);
    expect(world.ledger.blocks.getTransaction(built.txId)).toEqual({
      envelope: built.envelope,
      validationCode: 0,
      blockNumber: 2,
      txIndex: 0,
    });
  });

  it('in one block: an invalid first does not stop a valid second', () => {
    const nonce = newNonce();
    expect(commitBlock(world.ledger, [world.write('k', '1', { nonce, endorsers: [] }), world.write('k', '2', { nonce })])).toEqual([10, 0]);
  });
});

describe('reads', () => {
  const at = (blockNumber: number, txIndex = 0): Version => ({ blockNumber, txIndex });
  beforeEach(() => {
    commitBlock(world.ledger, [world.write('k', '1')]); // block 2
  });

  it.each<[string, Version | undefined, number]>([
    ['the current version', at(2), 0],
    ['an older version', at(1), 11],
    ['another position', at(2, 1), 11],
    ['absent though it is there', undefined, 11],
  ])('of %s are judged', (_, version, code) => {
    expect(commitBlock(world.ledger, [world.transaction({ cc: { reads: { k: version }, writes: { k: '2' } } })])).toEqual([code]);
  });

  it('of a key that never was hold until it appears', () => {
    const read = (): Buffer => world.transaction({ cc: { reads: { absent: undefined }, writes: { out: '1' } } });
    expect(commitBlock(world.ledger, [read(), world.write('absent'), read()])).toEqual([0, 0, 11]);
  });

  it('let the first of two read-modify-writes in a block win', () => {
    const modify = (value: string): Buffer => world.transaction({ cc: { reads: { k: at(2) }, writes: { k: value } } });
    expect(commitBlock(world.ledger, [modify('2'), modify('3')])).toEqual([0, 11]);
    expect(world.valueOf('k')).toBe('2');
  });

  it('are not disturbed by an invalid transaction before them', () => {
    const read = world.transaction({ cc: { reads: { k: at(2) }, writes: { out: '1' } } });
    expect(commitBlock(world.ledger, [world.write('k', 'x', { endorsers: [] }), read])).toEqual([10, 0]);
  });

  it('do not exist for blind writes, which never conflict', () => {
    expect(commitBlock(world.ledger, [world.write('k', 'a'), world.write('k', 'b'), world.write('k', 'c')])).toEqual([0, 0, 0]);
    expect(world.valueOf('k')).toBe('c');
  });

  it('fail after an upgrade: the definition is read like any key', () => {
    const inFlight = world.transaction({ _lifecycle: { reads: { 'namespaces/fields/cc/Sequence': at(1) } }, cc: { writes: { out: '1' } } });
    defineChaincode(world.consortium, world.ledger, COLLECTIONS);
    expect(commitBlock(world.ledger, [inFlight])).toEqual([11]);
  });
});

describe('range queries', () => {
  type Range = ReturnType<RangeInfo['finish']>;
  const keys = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `r${String(index).padStart(4, '0')}`);

  /** What the simulator records when it reads `taken` of the results of [start, end). */
  function recorded(start: string, end: string, taken = Infinity): Range {
    const info = new RangeInfo(start, end);
    let count = 0;
    for (const { key, version } of world.ledger.state.scanState('cc', start, end)) {
      if (count === taken) return info.finish();
      info.addResult(key, version);
      count++;
    }
    info.exhaust();
    return info.finish();
  }
  const query = (range: Range): Buffer => world.transaction({ cc: { ranges: [range], writes: { out: '1' } } });
  const fill = (count: number): void => {
    expect(
      commitBlock(world.ledger, [world.transaction({ cc: { writes: Object.fromEntries(keys(count).map((key) => [key, 'v'])) } })]),
    ).toEqual([0]);
  };

  it.each([0, 1, 49, 50, 51, 100, 101, 2601, 2700])('of %d results hold while nothing changes', (count) => {
    fill(count);
    expect(commitBlock(world.ledger, [query(recorded('r', 's'))])).toEqual([0]);
  });

  it.each([3, 120])('of %d results fail on a new, a changed and a deleted key, in an earlier block and in the same', (count) => {
    fill(count);
    for (const writes of [{ r0001x: 'new' }, { r0001: 'changed' }, { r0002: null }] as const) {
      const range = recorded('r', 's');
      expect(commitBlock(world.ledger, [world.transaction({ cc: { writes } }), query(range)])).toEqual([0, 12]);
      expect(commitBlock(world.ledger, [query(range)])).toEqual([12]);
    }
  });

  it('do not mind changes outside', () => {
    fill(3);
    const range = recorded('r', 's');
    expect(commitBlock(world.ledger, [world.write('q'), world.write('s'), query(range)])).toEqual([0, 0, 0]);
  });

  it('read in part cover the last key seen and nothing behind it', () => {
    fill(10);
    const part = recorded('r', 's', 3);
    expect(part.getEndKey()).toBe('r0002');
    expect(commitBlock(world.ledger, [world.write('r0003', 'changed'), query(part)])).toEqual([0, 0]);
    expect(commitBlock(world.ledger, [world.write('r0002', 'changed'), query(recorded('r', 's', 3))])).toEqual([0, 12]);
  });

  it('fail when a brought summary has an impossible degree', () => {
    fill(60);
    const range = recorded('r', 's');
    range.getReadsMerkleHashes()?.setMaxDegree(1);
    expect(commitBlock(world.ledger, [query(range)])).toEqual([12]);
  });

  it('summarise alike in simulator and validator, whatever the number of results', () => {
    for (const count of [0, 50, 51, 102, 2550, 2601, 2602, 5300]) {
      const summary = new RangeSummary(50);
      const info = new RangeInfo('', '');
      for (const key of keys(count)) {
        summary.add(key, { blockNumber: 7, txIndex: 1 });
        info.addResult(key, { blockNumber: 7, txIndex: 1 });
      }
      info.exhaust();
      const built = info.finish().getReadsMerkleHashes();
      const hashes = built?.getMaxLevelHashesList_asU8().map((hash) => bytesOf(hash).toString('hex'));
      expect(summary.finish()?.maxLevelHashes.map((hash) => hash.toString('hex'))).toEqual(hashes);
      expect(summary.finish()?.maxLevel).toBe(built?.getMaxLevel());
    }
  });
});
