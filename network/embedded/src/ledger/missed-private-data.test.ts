import {
  buildTransaction,
  commitBlock,
  type Consortium,
  defineChaincode,
  newConsortium,
  newLedger,
  temporaryDir,
} from '@lianyi/test/support/ledger-fixture';
import { type CollectionSpec, privateWrites } from '@lianyi/test/support/rwset-fixture';
import { type ChannelLedger } from '../channel-ledger';

describe('private data of peers that were down', () => {
  let consortium: Consortium;
  let scratch: ReturnType<typeof temporaryDir>;
  let ledger: ChannelLedger;
  const running = new Map<string, boolean>();

  beforeAll(async () => {
    consortium = await newConsortium();
  });
  beforeEach(() => {
    scratch = temporaryDir();
    ledger = newLedger(scratch.dir, consortium.genesis);
    defineChaincode(consortium, ledger, [{ name: 'ab', members: ['AMSP', 'BMSP'] }]);
    for (const holder of ['AMSP', 'AMSP#1', 'BMSP', 'CMSP']) join(holder);
  });
  afterEach(() => {
    ledger.close();
    scratch.remove();
  });

  function join(holder: string): void {
    running.set(holder, true);
    const [mspId = ''] = holder.split('#');
    ledger.keepers.add({
      holder,
      mspId,
      get isRunning() {
        return running.get(holder) === true;
      },
    });
  }

  /** Commits a write of which the named peers have the private side in hand. */
  function commit(spec: CollectionSpec, inHand: readonly string[]): void {
    const endorsers = [consortium.a.peer, consortium.b.peer];
    const { txId, envelope } = buildTransaction({ creator: consortium.a.client, endorsers, rwSet: { cc: { collections: { ab: spec } } } });
    for (const holder of inHand)
      ledger.stagePrivateData(txId, holder, [{ namespace: 'cc', collection: 'ab', kvRwSet: privateWrites(spec) }]);
    expect(commitBlock(ledger, [envelope])).toEqual([0]);
  }
  const held = (holder: string, key = 'p'): string | undefined => ledger.state.getPrivate(holder, 'cc', 'ab', key)?.value.toString();
  const setDown = (...holders: readonly string[]): void => {
    for (const holder of holders) running.set(holder, false);
  };
  const setUp = (...holders: readonly string[]): void => {
    for (const holder of holders) running.set(holder, true);
    ledger.reconcile();
  };

  it('are pulled at commit by the members who are up, whoever was handed them', () => {
    commit({ writes: { p: 'v' } }, ['AMSP']);
    expect(['AMSP', 'AMSP#1', 'BMSP', 'CMSP'].map((holder) => held(holder))).toEqual(['v', 'v', 'v', undefined]);
  });

  it('come from an endorser that is no member, too, which keeps nothing itself', () => {
    commit({ writes: { p: 'v' } }, ['CMSP']);
    expect([held('BMSP'), held('CMSP')]).toEqual(['v', undefined]);
    expect(ledger.blocks.getPrivateWrites('CMSP', 2)).toEqual([]);
  });

  it('are no longer those of a peer that left: it keeps nothing, and nobody gets them from it', () => {
    setDown('BMSP');
    commit({ writes: { p: 'v' } }, ['AMSP#1']);
    setDown('AMSP');
    ledger.keepers.remove('AMSP#1');
    commit({ writes: { q: 'v' } }, ['AMSP#1']);
    expect(held('AMSP#1', 'q')).toBeUndefined();
    ledger.keepers.remove('AMSP');
    setUp('BMSP');
    expect([held('BMSP', 'p'), held('BMSP', 'q')]).toEqual([undefined, undefined]);
    join('AMSP#1');
    ledger.reconcile();
    expect(held('BMSP', 'p')).toBe('v');
  });

  it('are missing until the peer is up', () => {
    setDown('BMSP');
    commit({ writes: { p: 'v' } }, ['AMSP']);
    ledger.reconcile();
    expect(held('BMSP')).toBeUndefined();
    setUp('BMSP');
    expect(held('BMSP')).toBe('v');
    expect(ledger.blocks.getPrivateWrites('BMSP', 2)).toHaveLength(1);
  });

  it('are missing as long as nobody who has them is up, and kept by those on whose disk they lie', () => {
    setDown('AMSP');
    commit({ writes: { p: 'v' } }, ['AMSP']);
    expect(['AMSP', 'AMSP#1', 'BMSP'].map((holder) => held(holder))).toEqual(['v', undefined, undefined]);
    ledger.reconcile();
    expect(held('BMSP')).toBeUndefined();
    setUp('AMSP');
    expect(['AMSP', 'AMSP#1', 'BMSP'].map((holder) => held(holder))).toEqual(['v', 'v', 'v']);
  });

  it('are not brought back after they were replaced or deleted', () => {
    setDown('BMSP');
    commit({ writes: { p: 'old', q: 'gone', r: 'kept' } }, ['AMSP']);
    commit({ writes: { p: 'new', q: null } }, ['AMSP']);
    setUp('BMSP');
    expect(['p', 'q', 'r'].map((key) => held('BMSP', key))).toEqual(['new', undefined, 'kept']);
    expect(ledger.state.getPrivate('BMSP', 'cc', 'ab', 'p')?.version).toEqual({ blockNumber: 3, txIndex: 0 });
  });

  it('leave nothing stale behind when what was missed is a delete', () => {
    commit({ writes: { p: 'v' } }, ['AMSP']);
    setDown('BMSP');
    commit({ writes: { p: null } }, ['AMSP']);
    expect(held('BMSP')).toBe('v');
    setUp('BMSP');
    expect(held('BMSP')).toBeUndefined();
  });

  it('never reach a peer outside the collection', () => {
    commit({ writes: { p: 'v' } }, ['AMSP']);
    ledger.reconcile();
    expect(held('CMSP')).toBeUndefined();
    expect(ledger.blocks.allPrivateWrites('CMSP')).toEqual([]);
  });
});
