import { bytesOf, marshal, outOf } from '@lianyi/fabric-protocol';
import { commitBlock, type Consortium, type TransactionSpec } from '@lianyi/test/support/ledger-fixture';
import { newVersion, sha256 } from '@lianyi/test/support/rwset-fixture';
import { type Version } from '../ledger/committed-state';
import { ValidationWorld } from './validation-world.fixture';

const world = new ValidationWorld();
const keyPolicy = (...mspIds: readonly string[]): Buffer =>
  bytesOf(
    outOf(
      mspIds.length,
      mspIds.map((mspId) => ({ mspId, role: 'peer' as const })),
    ).serializeBinary(),
  );

describe('key-level policies', () => {
  const setPolicy = (key: string, policy: Buffer, change: Partial<TransactionSpec> = {}): Buffer =>
    world.transaction({ cc: { policies: { [key]: policy } } }, change);

  it('replace the chaincode policy of the key, of no other key, and fall with the key', () => {
    const { b, c } = world.consortium;
    const byC = { endorsers: [c.peer] };
    commitBlock(world.ledger, [world.write('k')]);
    expect(commitBlock(world.ledger, [setPolicy('k', keyPolicy('CMSP'))])).toEqual([0]);
    expect(commitBlock(world.ledger, [world.write('k', 'by c', byC)])).toEqual([0]);
    expect(commitBlock(world.ledger, [world.write('k', 'by a and b')])).toEqual([10]);
    expect(commitBlock(world.ledger, [world.write('other', 'by c', byC)])).toEqual([10]);
    expect(commitBlock(world.ledger, [world.transaction({ cc: { writes: { k: null } } }, byC)])).toEqual([0]);
    expect(commitBlock(world.ledger, [world.write('k', 'again', byC), world.write('k', 'again', { endorsers: [b.peer, c.peer] })])).toEqual(
      [10, 0],
    );
  });

  it('survive a write of the value', () => {
    commitBlock(world.ledger, [world.write('k')]);
    commitBlock(world.ledger, [setPolicy('k', keyPolicy('CMSP'))]);
    commitBlock(world.ledger, [world.write('k', '2', { endorsers: [world.consortium.c.peer] })]);
    expect(world.ledger.state.getStateMetadata('cc', 'k')?.get('VALIDATION_PARAMETER')).toEqual(keyPolicy('CMSP'));
  });

  it('make later writes of the key in the same block fail, if the change was endorsed', () => {
    commitBlock(world.ledger, [world.write('k')]);
    expect(commitBlock(world.ledger, [setPolicy('k', keyPolicy('CMSP')), world.write('k', '2'), world.write('x')])).toEqual([0, 10, 0]);
    expect(commitBlock(world.ledger, [setPolicy('x', keyPolicy('CMSP'), { endorsers: [] }), world.write('x', '2')])).toEqual([10, 0]);
  });

  it('on a key that does not exist leave nothing', () => {
    expect(commitBlock(world.ledger, [setPolicy('ghost', keyPolicy('CMSP'))])).toEqual([0]);
    expect(world.ledger.state.getStateMetadata('cc', 'ghost')).toBeUndefined();
    expect(commitBlock(world.ledger, [world.write('ghost')])).toEqual([0]);
  });

  it('that cannot be read are satisfied by nobody', () => {
    commitBlock(world.ledger, [world.write('k')]);
    commitBlock(world.ledger, [setPolicy('k', Buffer.from('ffff', 'hex'))]);
    expect(commitBlock(world.ledger, [world.write('k', '2')])).toEqual([10]);
  });
});

describe('collections', () => {
  const privateWrite = (collection: string, change: Partial<TransactionSpec> = {}): Buffer =>
    world.transaction({ cc: { collections: { [collection]: { writes: { p: 'secret' } } } } }, change);

  it.each<[string, string, (c: Consortium) => Partial<TransactionSpec>, number]>([
    ['without own policy: the majority', 'ab', () => ({}), 0],
    ['without own policy: one is too few', 'ab', ({ a }) => ({ endorsers: [a.peer] }), 10],
    ['with own policy: its owner alone', 'onlyA', ({ a }) => ({ endorsers: [a.peer] }), 0],
    ['with own policy: the majority without the owner', 'onlyA', ({ b, c }) => ({ endorsers: [b.peer, c.peer] }), 10],
    ['implicit: its organisation alone', '_implicit_org_CMSP', ({ c }) => ({ endorsers: [c.peer] }), 0],
    ['implicit: others', '_implicit_org_CMSP', () => ({}), 10],
    ['implicit of nobody', '_implicit_org_XMSP', () => ({}), 10],
    ['unknown', 'nocoll', () => ({}), 10],
  ])('%s', (_, collection, change, code) => {
    expect(commitBlock(world.ledger, [privateWrite(collection, change(world.consortium))])).toEqual([code]);
    const hash = world.ledger.state.getPrivateHash('cc', collection, sha256('p'));
    expect(hash?.value).toEqual(code === 0 ? sha256('secret') : undefined);
  });

  it('are checked for reads by the hash of the key', () => {
    commitBlock(world.ledger, [privateWrite('ab')]); // block 2
    const read = (version: Version | undefined): Buffer =>
      world.transaction({ cc: { collections: { ab: { reads: { p: version } } }, writes: { out: '1' } } });
    expect(
      commitBlock(world.ledger, [
        read({ blockNumber: 2, txIndex: 0 }),
        read(undefined),
        privateWrite('ab'),
        read({ blockNumber: 2, txIndex: 0 }),
      ]),
    ).toEqual([0, 11, 0, 11]);
  });

  it('forget the hash when block to live has passed, and a read of it then conflicts', () => {
    commitBlock(world.ledger, [privateWrite('short')]); // block 2: gone once block 2 + 2 + 1 is committed
    const read = (): Buffer =>
      world.transaction({ cc: { collections: { short: { reads: { p: { blockNumber: 2, txIndex: 0 } } } }, writes: { out: '1' } } });
    expect(commitBlock(world.ledger, [world.write('x')])).toEqual([0]);
    expect(commitBlock(world.ledger, [read()])).toEqual([0]);
    expect(world.ledger.state.getPrivateHash('cc', 'short', sha256('p'))).toBeDefined();
    expect(commitBlock(world.ledger, [read()])).toEqual([0]); // block 5 is judged before it expires the key
    expect(world.ledger.state.getPrivateHash('cc', 'short', sha256('p'))).toBeUndefined();
    expect(commitBlock(world.ledger, [read()])).toEqual([11]);
  });

  it('start a new life with every write', () => {
    commitBlock(world.ledger, [privateWrite('short')]); // block 2
    commitBlock(world.ledger, [privateWrite('short')]); // block 3
    commitBlock(world.ledger, [world.write('x')]);
    commitBlock(world.ledger, [world.write('x')]); // block 5
    expect(world.ledger.state.getPrivateHash('cc', 'short', sha256('p'))).toBeDefined();
    commitBlock(world.ledger, [world.write('x')]); // block 6
    expect(world.ledger.state.getPrivateHash('cc', 'short', sha256('p'))).toBeUndefined();
  });
});

describe('the lifecycle namespace', () => {
  it('is written under LifecycleEndorsement only, and its writes become the definition', () => {
    const { a } = world.consortium;
    expect(world.ledger.definitions.get('cc')).toMatchObject({
      sequence: 1,
      version: '1.0',
      endorsementPolicy: { kind: 'channel', path: '/Channel/Application/Endorsement' },
    });
    expect(world.ledger.definitions.get('cc')?.collections.map(({ name, memberMspIds }) => [name, memberMspIds])).toEqual([
      ['ab', ['AMSP', 'BMSP']],
      ['onlyA', ['AMSP', 'BMSP']],
      ['short', ['AMSP']],
    ]);
    expect(world.ledger.definitions.list()).toEqual(['cc']);
    const lone = world.transaction(
      { _lifecycle: { writes: { 'namespaces/fields/cc/Sequence': 'x' } } },
      { chaincode: '_lifecycle', endorsers: [a.peer] },
    );
    expect(commitBlock(world.ledger, [lone])).toEqual([10]);
    expect(world.ledger.definitions.get('cc')?.sequence).toBe(1);
  });

  it('knows implicit collections of the channel only, and none of an unknown chaincode', () => {
    expect(world.ledger.definitions.collection('cc', '_implicit_org_AMSP')).toMatchObject({ implicit: true, memberMspIds: ['AMSP'] });
    expect(world.ledger.definitions.collection('_lifecycle', '_implicit_org_AMSP')).toMatchObject({ implicit: true });
    expect([
      world.ledger.definitions.collection('cc', '_implicit_org_XMSP'),
      world.ledger.definitions.collection('ghost', '_implicit_org_AMSP'),
      world.ledger.definitions.collection('cc', 'nocoll'),
    ]).toEqual([undefined, undefined, undefined]);
  });
});

it('drops a key that one transaction writes twice and that did not exist, as Fabric does', () => {
  expect(
    commitBlock(world.ledger, [
      world.transaction({
        cc: {
          repeatedWrites: [
            ['twice', '1'],
            ['twice', '2'],
          ],
        },
      }),
    ]),
  ).toEqual([0]);
  expect(world.valueOf('twice')).toBeUndefined();
});

it('keeps versions of a read set apart from the message they came in', () => {
  expect(marshal(newVersion({ blockNumber: 2, txIndex: 1 })).toString('hex')).toBe('08021001');
});
