import { createHash } from 'node:crypto';
import { ledger, marshal, peer } from '@lianyi/fabric-protocol';
import { buildInterest } from '../peer/interest';
import { LifecycleChaincode } from '../peer/lifecycle';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { definitionsWith, MemoryState } from './memory-state.fixture';
import { RangeInfo } from './range-info';
import { Simulator } from './simulator';

const { KVRWSet, HashedRWSet } = ledger.rwset.kvrwset;

const sha256 = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest();

function simulate(state = new MemoryState(), collections: readonly string[] = ['col'], holder = 'AMSP'): Simulator {
  return new Simulator({ state, definitions: definitionsWith(...collections), holder }, 'tx');
}

function publicSets(simulator: Simulator): Record<string, ReturnType<InstanceType<typeof KVRWSet>['toObject']>> {
  const set = ledger.rwset.TxReadWriteSet.deserializeBinary(simulator.results().publicRwset);
  return Object.fromEntries(
    set.getNsRwsetList().map((namespace) => [namespace.getNamespace(), KVRWSet.deserializeBinary(namespace.getRwset_asU8()).toObject()]),
  );
}

describe('a simulated transaction', () => {
  it('reads what is committed, never what it wrote itself', () => {
    const simulator = simulate(new MemoryState().put('cc', 'k', 'old'));
    simulator.setState('cc', 'k', Buffer.from('new'));
    expect(simulator.getState('cc', 'k')?.toString()).toBe('old');
  });

  it('records the version it read and no version for a key that does not exist', () => {
    const simulator = simulate(new MemoryState().put('cc', 'b', 'x', { blockNumber: 5, txIndex: 2 }));
    simulator.getState('cc', 'b');
    simulator.getState('cc', 'a');
    expect(publicSets(simulator)['cc']?.readsList).toEqual([
      { key: 'a', version: undefined },
      { key: 'b', version: { blockNum: 5, txNum: 2 } },
    ]);
  });

  it('orders keys by their UTF-8 bytes', () => {
    const simulator = simulate();
    for (const key of ['\u{1F600}', '\uFF5E', 'a', 'A']) simulator.setState('cc', key, Buffer.from('1'));
    expect(publicSets(simulator)['cc']?.writesList.map(({ key }) => key)).toEqual(['A', 'a', '\uFF5E', '\u{1F600}']);
  });

  it('keeps only the last write of a key and takes an empty value for a deletion', () => {
    const simulator = simulate();
    simulator.setState('cc', 'k', Buffer.from('1'));
    simulator.setState('cc', 'k', Buffer.alloc(0));
    expect(publicSets(simulator)['cc']?.writesList).toEqual([{ key: 'k', isDelete: true, value: '' }]);
  });

  it('refuses a write after a paginated query and says so as Fabric does', () => {
    const simulator = simulate();
    simulator.scanStatePage('cc', '', '');
    expect(() => {
      simulator.setState('cc', 'k', Buffer.from('1'));
    }).toThrow('txid [tx]: unsuppored transaction. Transaction has already performed a paginated query. Writes are not allowed');
  });

  it('refuses a paginated query after a write', () => {
    const simulator = simulate();
    simulator.setState('cc', 'k', Buffer.from('1'));
    expect(() => simulator.scanStatePage('cc', '', '')).toThrow('Paginated queries are supported only in a read-only transaction');
  });

  it('refuses private ranges and writes in one transaction, whichever comes first', () => {
    const first = simulate();
    first.scanPrivate('cc', 'col', '', '');
    expect(() => {
      first.setPrivateData('cc', 'col', 'k', Buffer.from('1'));
    }).toThrow('Transaction has already performed queries on pvt data');
    const second = simulate();
    second.setState('cc', 'k', Buffer.from('1'));
    expect(() => second.scanPrivate('cc', 'col', '', '')).toThrow('Queries on pvt data is supported only in a read-only transaction');
  });

  it('refuses a collection the chaincode does not have', () => {
    expect(() => simulate().getPrivateDataHash('cc', 'other', 'k')).toThrow(
      'collection [other] not defined in the collection config for chaincode [cc]',
    );
  });

  it('does not return a private value the peer does not hold', () => {
    const simulator = simulate(new MemoryState().putPrivate(['cc', 'col', 'k'], 'v', ['BMSP']));
    expect(() => simulator.getPrivateData('cc', 'col', 'k')).toThrow(
      'private data matching public hash version is not available. Public hash version = {BlockNum: 4, TxNum: 0}, Private data version = <nil>',
    );
  });

  it('puts hashes in the public set and keys and values only in the private one', () => {
    const simulator = simulate();
    simulator.setPrivateData('cc', 'col', 'secret-key', Buffer.from('secret-value'));
    const { publicRwset, privateData } = simulator.results();
    expect(publicRwset.includes('secret')).toBe(false);
    expect(privateData.map(({ kvRwSet }) => KVRWSet.deserializeBinary(kvRwSet).toObject().writesList)).toEqual([
      [{ key: 'secret-key', isDelete: false, value: Buffer.from('secret-value').toString('base64') }],
    ]);
    const collection = ledger.rwset.TxReadWriteSet.deserializeBinary(publicRwset).getNsRwsetList()[1]?.getCollectionHashedRwsetList()[0];
    expect(Buffer.from(collection?.getPvtRwsetHash_asU8() ?? [])).toEqual(sha256(privateData[0]?.kvRwSet ?? ''));
    const [write] = HashedRWSet.deserializeBinary(collection?.getHashedRwset_asU8() ?? new Uint8Array()).getHashedWritesList();
    expect(Buffer.from(write?.getValueHash_asU8() ?? [])).toEqual(sha256('secret-value'));
  });

  it('reads the whole definition once it touches private data, as on the recorded chain', () => {
    const simulator = simulate();
    simulator.readSequence('cc');
    simulator.setPrivateData('cc', 'col', 'k', Buffer.from('v'));
    expect(publicSets(simulator)['_lifecycle']?.readsList.map(({ key }) => key)).toEqual([
      'namespaces/fields/cc/Collections',
      'namespaces/fields/cc/EndorsementInfo',
      'namespaces/fields/cc/Sequence',
      'namespaces/fields/cc/ValidationInfo',
      'namespaces/metadata/cc',
    ]);
  });
});

describe('what a range query leaves for the phantom check', () => {
  const info = (count: number, exhausted: boolean): ReturnType<ReturnType<RangeInfo['finish']>['toObject']> => {
    const range = new RangeInfo('a', 'z');
    for (let index = 0; index < count; index += 1)
      range.addResult(`k${String(index).padStart(4, '0')}`, { blockNumber: 1, txIndex: index });
    if (exhausted) range.exhaust();
    return range.finish().toObject();
  };

  it('is nothing but the range when it was empty', () => {
    expect(info(0, true)).toEqual({ startKey: 'a', endKey: 'z', itrExhausted: true, rawReads: undefined, readsMerkleHashes: undefined });
  });

  it('ends at the last key read when it was not exhausted', () => {
    expect(info(3, false)).toMatchObject({ endKey: 'k0002', itrExhausted: false });
  });

  it('is the raw reads up to 50 and hashes from 51 on', () => {
    expect(info(50, true).rawReads?.kvReadsList).toHaveLength(50);
    expect(info(51, true)).toMatchObject({ rawReads: undefined, readsMerkleHashes: { maxDegree: 50, maxLevel: 1 } });
    expect(info(102, true).readsMerkleHashes?.maxLevelHashesList).toHaveLength(2);
  });

  it('goes up a level above 51 hashes', () => {
    expect(info(51 * 51, true).readsMerkleHashes).toMatchObject({ maxLevel: 2 });
    expect(info(51 * 51, true).readsMerkleHashes?.maxLevelHashesList).toHaveLength(1);
  });
});

describe('who else must endorse', () => {
  it('is decided by key-level policies alone when every written key has one', () => {
    const policy = Buffer.from('policy');
    const simulator = simulate(new MemoryState().put('cc', 'k', '1').putMetadata('cc', 'k', 'VALIDATION_PARAMETER', policy));
    simulator.setState('cc', 'k', Buffer.from('2'));
    expect(buildInterest(simulator.results())).toEqual([
      { chaincode: 'cc', collection: '', keyPolicies: [policy], disregardsNamespacePolicy: true, noPrivateReads: false },
    ]);
  });

  it('includes the chaincode policy as soon as one written key has none', () => {
    const simulator = simulate(new MemoryState().put('cc', 'k', '1').putMetadata('cc', 'k', 'VALIDATION_PARAMETER', Buffer.from('policy')));
    simulator.setState('cc', 'k', Buffer.from('2'));
    simulator.setState('cc', 'other', Buffer.from('2'));
    expect(buildInterest(simulator.results())).toMatchObject([{ disregardsNamespacePolicy: false, keyPolicies: [Buffer.from('policy')] }]);
  });

  it('names a collection that was only written, and no public state', () => {
    const simulator = simulate();
    simulator.setPrivateData('cc', 'col', 'k', Buffer.from('v'));
    expect(buildInterest(simulator.results())).toEqual([
      { chaincode: 'cc', collection: 'col', keyPolicies: [], disregardsNamespacePolicy: false, noPrivateReads: true },
    ]);
  });

  it('notes that values of a collection were read', () => {
    const simulator = simulate(new MemoryState().putPrivate(['cc', 'col', 'k'], 'v', ['AMSP']));
    simulator.getPrivateData('cc', 'col', 'k');
    expect(buildInterest(simulator.results())).toContainEqual(expect.objectContaining({ collection: 'col', noPrivateReads: false }));
  });
});

describe('approving a chaincode', () => {
  /** What the recorded chain says (v3.1.5, block 4): chaincode u, version 1.0, sequence 1, no collections. */
  const packageId = 'u_1.0:2e5c27d4ed7348830b69f045d594be33f7880697e1e0e1ee94168a114667b905';
  const recordedHash = 'ElHvKB9GwuVxWArc0XglVFXnlGPX681ymgqCQfNyuFg=';

  function approve(isAdmin: boolean): { status: number; message: string; simulator: Simulator } {
    const local = new peer.lifecycle.ChaincodeSource.Local();
    local.setPackageId(packageId);
    const source = new peer.lifecycle.ChaincodeSource();
    source.setLocalPackage(local);
    const args = new peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs();
    args.setSequence(1);
    args.setName('u');
    args.setVersion('1.0');
    args.setSource(source);
    const channel = {
      definitions: { get: () => undefined, collection: () => undefined, list: () => [] },
      msps: { mspIds: ['HospitalCMSP'] },
    } as unknown as EmbeddedChannel; // only what approving looks at
    const parts = {
      mspId: 'HospitalCMSP',
      localMsp: { refuse: () => (isAdmin ? undefined : 'no administrator') },
    } as unknown as ConstructorParameters<typeof LifecycleChaincode>[0]; // likewise
    const simulator = simulate();
    const response = new LifecycleChaincode(parts).invoke(
      {
        channel,
        args: [Buffer.from('ApproveChaincodeDefinitionForMyOrg'), marshal(args)],
        creator: { data: Buffer.alloc(0), identity: Buffer.alloc(0), signature: Buffer.alloc(0) },
        proposedChaincode: '_lifecycle',
      },
      simulator,
    );
    return { status: response.getStatus(), message: response.getMessage(), simulator };
  }

  it('writes byte for byte what a real peer wrote', () => {
    const { status, simulator } = approve(true);
    const { privateData } = simulator.results();
    expect(status).toBe(200);
    expect(privateData).toHaveLength(1);
    expect(privateData[0]?.collection).toBe('_implicit_org_HospitalCMSP');
    expect(sha256(privateData[0]?.kvRwSet ?? '').toString('base64')).toBe(recordedHash);
  });

  it('is for administrators of the organisation and writes nothing for others', () => {
    const { status, message, simulator } = approve(false);
    expect([status, message.slice(0, 55)]).toEqual([500, 'Failed to authorize invocation due to failed ACL check:']);
    expect(simulator.results().privateData).toEqual([]);
  });
});
