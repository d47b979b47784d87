import { createHash } from 'node:crypto';
import { common, ledger, parsePolicyText, peer } from '@lianyi/fabric-protocol';
import { describeUnsafeKeys, KeyPolicyAudit, unsafeReason } from './key-policies';

interface Change {
  readonly key: string;
  /** A policy text, or nothing for "no policy any more". */
  readonly policy?: string | undefined;
  readonly isDelete?: true;
  readonly isPurge?: true;
  /** Of a private key. */
  readonly collection?: string;
}

function entryOf({ policy }: Change): InstanceType<typeof ledger.rwset.kvrwset.KVMetadataEntry> {
  const entry = new ledger.rwset.kvrwset.KVMetadataEntry();
  entry.setName('VALIDATION_PARAMETER');
  entry.setValue(policy === undefined ? new Uint8Array() : parsePolicyText(policy).serializeBinary());
  return entry;
}

const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

function hashedSet(change: Change, collection: string): InstanceType<typeof ledger.rwset.CollectionHashedReadWriteSet> {
  const hashed = new ledger.rwset.kvrwset.HashedRWSet();
  if (change.isDelete || change.isPurge) {
    const write = new ledger.rwset.kvrwset.KVWriteHash();
    write.setKeyHash(hashOf(change.key));
    write.setIsDelete(change.isDelete ?? false);
    write.setIsPurge(change.isPurge ?? false);
    write.setValueHash(Uint8Array.of(1));
    hashed.addHashedWrites(write);
  } else {
    const metadata = new ledger.rwset.kvrwset.KVMetadataWriteHash();
    metadata.setKeyHash(hashOf(change.key));
    metadata.addEntries(entryOf(change));
    hashed.addMetadataWrites(metadata);
  }
  const set = new ledger.rwset.CollectionHashedReadWriteSet();
  set.setCollectionName(collection);
  set.setHashedRwset(hashed.serializeBinary());
  return set;
}

function rwSet(change: Change): Uint8Array {
  const kv = new ledger.rwset.kvrwset.KVRWSet();
  const namespace = new ledger.rwset.NsReadWriteSet();
  namespace.setNamespace('emr');
  if (change.collection !== undefined) namespace.addCollectionHashedRwset(hashedSet(change, change.collection));
  else if (change.isDelete) {
    const write = new ledger.rwset.kvrwset.KVWrite();
    write.setKey(change.key);
    write.setIsDelete(true);
    kv.addWrites(write);
  } else {
    const metadata = new ledger.rwset.kvrwset.KVMetadataWrite();
    metadata.setKey(change.key);
    metadata.addEntries(entryOf(change));
    kv.addMetadataWrites(metadata);
  }
  namespace.setRwset(kv.serializeBinary());
  const set = new ledger.rwset.TxReadWriteSet();
  set.addNsRwset(namespace);
  return set.serializeBinary();
}

function envelope(change: Change): Uint8Array {
  const action = new peer.ChaincodeAction();
  action.setResults(rwSet(change));
  const response = new peer.ProposalResponsePayload();
  response.setExtension$(action.serializeBinary());
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(response.serializeBinary());
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setAction(endorsed);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(transactionAction);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(new common.SignatureHeader().serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(transaction.serializeBinary());
  const message = new common.Envelope();
  message.setPayload(payload.serializeBinary());
  return message.serializeBinary();
}

/** A block of one transaction with its validation code. */
function block(number: number, change: Change, code = 0): InstanceType<typeof common.Block> {
  const header = new common.BlockHeader();
  header.setNumber(number);
  const data = new common.BlockData();
  data.addData(envelope(change));
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList([new Uint8Array(), new Uint8Array(), Uint8Array.of(code)]);
  const message = new common.Block();
  message.setHeader(header);
  message.setData(data);
  message.setMetadata(metadata);
  return message;
}

const nobody = "OutOf(0, 'AMSP.peer')";

describe('the policy of a key', () => {
  it.each([
    [nobody, 'needs no endorsement'],
    ["OR('AMSP.member')", 'counts any certificate of an organisation as an endorsement (.member)'],
    ["AND('AMSP.peer', OR('BMSP.peer', 'CMSP.member'))", 'counts any certificate of an organisation as an endorsement (.member)'],
    ["AND('AMSP.peer', 'BMSP.peer')", undefined],
    ["OR('AMSP.peer')", undefined],
  ])('%s: %s', (text, reason) => {
    expect(unsafeReason(Buffer.from(parsePolicyText(text).serializeBinary()))).toBe(reason);
  });

  it('that cannot be read protects nothing', () => {
    expect(unsafeReason(Buffer.from('nonsense'))).toBe('has an empty policy');
  });
});

describe('the audit of key policies', () => {
  it('finds a key whose policy was emptied, and says where', () => {
    const audit = new KeyPolicyAudit();
    audit.look(block(7, { key: 'consent', policy: nobody }));
    expect(audit.unsafeKeys).toEqual({ 'emr/consent': { block: 7, reason: 'needs no endorsement' } });
    expect(describeUnsafeKeys(audit.unsafeKeys)?.en).toBe(
      'the policy of key "emr/consent", set in block 7, needs no endorsement: anybody could write it',
    );
  });

  it.each([
    ['given a policy again', { key: 'consent', policy: "OR('AMSP.peer')" }],
    ['left to the policy of its chaincode', { key: 'consent' }],
    ['deleted', { key: 'consent', isDelete: true }],
  ] as const)('forgets a key that was %s', (_title, change) => {
    const audit = new KeyPolicyAudit({ 'emr/consent': { block: 7, reason: 'needs no endorsement' } });
    audit.look(block(8, change));
    expect(describeUnsafeKeys(audit.unsafeKeys)).toBeUndefined();
  });

  describe('of private keys, of which the chain has the hash', () => {
    const name = `emr/notes/${hashOf('consent').toString('hex')}`;
    const change = (rest: Partial<Change>): Change => ({ key: 'consent', collection: 'notes', ...rest });

    it('finds one whose policy was emptied', () => {
      const audit = new KeyPolicyAudit();
      audit.look(block(7, change({ policy: nobody })));
      expect(audit.unsafeKeys).toEqual({ [name]: { block: 7, reason: 'needs no endorsement' } });
    });

    it.each([
      ['given a policy again', { policy: "OR('AMSP.peer')" }],
      ['left to the policy of its chaincode', {}],
      ['deleted', { isDelete: true }],
      ['purged', { isPurge: true }],
    ] as const)('forgets one that was %s', (_title, rest) => {
      const audit = new KeyPolicyAudit({ [name]: { block: 7, reason: 'needs no endorsement' } });
      audit.look(block(8, { key: 'consent', isDelete: true }));
      expect(Object.keys(audit.unsafeKeys)).toEqual([name]);
      audit.look(block(9, change(rest)));
      expect(audit.unsafeKeys).toEqual({});
    });
  });

  it('does not believe a transaction that was not valid', () => {
    const audit = new KeyPolicyAudit();
    audit.look(block(7, { key: 'consent', policy: nobody }, peer.TxValidationCode.ENDORSEMENT_POLICY_FAILURE));
    expect(audit.unsafeKeys).toEqual({});
    const still = new KeyPolicyAudit({ 'emr/consent': { block: 7, reason: 'needs no endorsement' } });
    still.look(block(8, { key: 'consent', policy: "OR('AMSP.peer')" }, peer.TxValidationCode.MVCC_READ_CONFLICT));
    expect(Object.keys(still.unsafeKeys)).toEqual(['emr/consent']);
  });
});
