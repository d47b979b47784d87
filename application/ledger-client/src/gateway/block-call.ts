import { bytesOf, WireMessage } from '@lianyi/fabric-protocol';
import { headerTimeMillis } from '@lianyi/domain/deciding';
import { type BlockTransaction } from './block';
import { OpenedEnvelope } from './endorsed-transaction';

/** What a transaction does to a key of the public state. */
export interface BlockWrite {
  readonly key: string;
  /**
   * What the key has afterwards; undefined: it is deleted. `unclear`: the write set names the key more than once, and peers make of that
   * what none of the writes says, such as the value of before.
   */
  readonly value: Uint8Array | 'unclear' | undefined;
}

/** What a transaction changes in the public state of one chaincode, and what its client asked for, as both stand in a block. */
export interface BlockCall {
  readonly channel: string;
  /** The transaction's id, as its header has it and the chaincode reads it. */
  readonly transactionId: string;
  /** The organisation whose client signed the transaction. */
  readonly creatorMspId: string;
  /** Of that client, as it stands there: what peers find in it, the organisation has issued. It may hold more than they look at. */
  readonly creatorCertificate: Uint8Array;
  /** The time of the proposal, in whole milliseconds since 1970, as the chaincode reads it; 0 where it has not read any. */
  readonly proposedAtMillis: number;
  /**
   * The chaincode's arguments, the first one its function; bytes that are no UTF-8 become U+FFFD, as in the chaincode. None where not
   * all that a peer compares and what the client asked for name this chaincode.
   */
  readonly args: readonly string[];
  /** Public writes to the chaincode's keys, at least one, one for each key, in the order of the write set; whichever chaincode was called. */
  readonly writes: readonly BlockWrite[];
}

/** Field numbers of the messages of fabric-protos (common/common.proto, peer/chaincode.proto, ledger/rwset/kvrwset/kv_rwset.proto, ...). */
const HEADER = { signatureHeader: 2 };
const CHANNEL_HEADER = { channelId: 4, txId: 5, extension: 7 };
const HEADER_EXTENSION = { chaincodeId: 2 };
const SIGNATURE_HEADER = { creator: 1 };
const SERIALIZED_IDENTITY = { mspId: 1, certificate: 2 };
const CHAINCODE_ACTION = { results: 1, chaincodeId: 4 };
const CHAINCODE_ID = { name: 2 };
const PROPOSAL_PAYLOAD = { input: 1 };
const INVOCATION = { spec: 1 };
const SPEC = { chaincodeId: 2, input: 3 };
const INPUT = { args: 1 };
const RWSET = { namespaces: 2 };
const NAMESPACE = { name: 1, rwset: 2 };
const KV_RWSET = { writes: 3, metadataWrites: 4 };
const KV_WRITE = { key: 1, isDelete: 2, value: 3 };
const KV_METADATA_WRITE = { key: 1 };

/** peer.TxValidationCode */
const VALID = 0;

/**
 * Takes a transaction of a block apart, for what it changes in the public state of `chaincode`.
 *
 * Of what a client asked for, peers compare nothing with what was written, and a transaction may write to the keys of several chaincodes
 * under the policy of each. So the writes count whatever was asked for, and the arguments only where everything names `chaincode`.
 * @returns undefined if it is no call of a chaincode, or changes nothing there; `unreadable` if that cannot be told: a peer that has it as
 * VALID has read it.
 * @remarks Source: Fabric core/committer/txvalidator/v20/plugindispatcher/dispatcher.go Dispatch.
 */
export function readCall(envelope: Uint8Array, chaincode: string): BlockCall | 'unreadable' | undefined {
  try {
    return callIn(envelope, chaincode);
  } catch {
    return 'unreadable'; // bytes of strangers
  }
}

/** The calls of a block's VALID transactions for one chaincode; each envelope is read once, when it is first asked for. */
export class CallsOfBlock {
  readonly #read = new Map<BlockTransaction, ReturnType<typeof readCall>>();

  constructor(private readonly chaincode: string) {}

  /** As {@link readCall}; undefined for a transaction that is not VALID, which has changed nothing. */
  of(transaction: BlockTransaction): ReturnType<typeof readCall> {
    if (transaction.validationCode !== VALID) return undefined;
    if (!this.#read.has(transaction)) this.#read.set(transaction, readCall(transaction.envelope, this.chaincode));
    return this.#read.get(transaction);
  }
}

function callIn(envelope: Uint8Array, chaincode: string): BlockCall | undefined {
  const opened = new OpenedEnvelope(envelope);
  if (!opened.isEndorserTransaction) return undefined;
  const { proposal, action } = opened.endorsed();
  const writes = writesIn(action.bytes(CHAINCODE_ACTION.results), chaincode);
  if (writes.length === 0) return undefined;
  const { headers, channelHeader } = opened;
  const called = [
    new WireMessage(channelHeader.bytes(CHANNEL_HEADER.extension)).message(HEADER_EXTENSION.chaincodeId),
    action.message(CHAINCODE_ACTION.chaincodeId),
  ];
  const isCalled = called.every((id) => id.text(CHAINCODE_ID.name) === chaincode);
  return {
    channel: channelHeader.text(CHANNEL_HEADER.channelId),
    transactionId: channelHeader.text(CHANNEL_HEADER.txId),
    ...creatorIn(headers.bytes(HEADER.signatureHeader)),
    // no peer asks what time a client states; 1970 is too long ago for anything
    proposedAtMillis: headerTimeMillis(channelHeader.content) ?? 0,
    args: isCalled ? argumentsIn(proposal, chaincode) : [],
    writes,
  };
}

function creatorIn(signatureHeader: Uint8Array): Pick<BlockCall, 'creatorMspId' | 'creatorCertificate'> {
  const creator = new WireMessage(new WireMessage(signatureHeader).bytes(SIGNATURE_HEADER.creator));
  return { creatorMspId: creator.text(SERIALIZED_IDENTITY.mspId), creatorCertificate: creator.bytes(SERIALIZED_IDENTITY.certificate) };
}

/** What the client asked of the chaincode; nothing where it asked another one, or in a form that no chaincode would understand. */
function argumentsIn(proposalPayload: Uint8Array, chaincode: string): readonly string[] {
  try {
    const spec = new WireMessage(new WireMessage(proposalPayload).bytes(PROPOSAL_PAYLOAD.input)).message(INVOCATION.spec);
    if (spec.message(SPEC.chaincodeId).text(CHAINCODE_ID.name) !== chaincode) return [];
    return Array.from(spec.message(SPEC.input).each(INPUT.args), (arg) => bytesOf(arg).toString('utf8'));
  } catch {
    return []; // peers only hash it
  }
}

function writesIn(results: Uint8Array, chaincode: string): readonly BlockWrite[] {
  const writes = new Map<string, BlockWrite>();
  const endorsersSaid = new Set<string>();
  for (const bytes of new WireMessage(results).each(RWSET.namespaces)) {
    const namespace = new WireMessage(bytes);
    if (namespace.text(NAMESPACE.name) !== chaincode) continue;
    const set = new WireMessage(namespace.bytes(NAMESPACE.rwset));
    for (const each of set.each(KV_RWSET.writes)) {
      const write = writeIn(new WireMessage(each));
      writes.set(write.key, writes.has(write.key) ? { key: write.key, value: 'unclear' } : write);
    }
    for (const each of set.each(KV_RWSET.metadataWrites)) {
      const key = new WireMessage(each).text(KV_METADATA_WRITE.key);
      if (endorsersSaid.has(key)) writes.set(key, { key, value: 'unclear' });
      endorsersSaid.add(key);
    }
  }
  return [...writes.values()];
}

/**
 * A write of nothing is a deletion.
 * @remarks Source: Fabric core/ledger/kvledger/txmgmt/rwsetutil/rwset_proto_util.go IsKVWriteDelete. What a key has of which more than one
 * write stands in a set, txmgmt/validation/tx_ops.go adds up: two values are as one change of who endorses, and two such changes can be a
 * deletion.
 */
function writeIn(write: WireMessage): BlockWrite {
  const value = write.bytes(KV_WRITE.value);
  return { key: write.text(KV_WRITE.key), value: write.isTrue(KV_WRITE.isDelete) || value.length === 0 ? undefined : value };
}
