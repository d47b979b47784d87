import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { WireMessage } from '@lianyi/fabric-protocol';
import { OpenedEnvelope } from './endorsed-transaction';

/** A chaincode event as it stands in a block; the payload is not yet trusted to have any form. */
export interface BlockEvent {
  readonly chaincode: string;
  readonly name: string;
  readonly payload: Uint8Array;
}

export interface BlockTransaction {
  readonly transactionId: string;
  readonly transactionIndex: number;
  /** 0 = VALID. Set by the peer that delivered the block; not signed by anyone. */
  readonly validationCode: number;
  readonly event: BlockEvent | undefined;
  /** The marshalled common.Envelope, for {@link readCall}. */
  readonly envelope: Uint8Array;
}

export interface ParsedBlock {
  readonly blockNumber: bigint;
  /** Hash of this block's header, as the next block must quote it. */
  readonly headerHash: Buffer;
  readonly previousHash: Buffer;
  /** Whether the header's data hash is that of the envelopes delivered. */
  readonly dataHashMatches: boolean;
  readonly transactions: readonly BlockTransaction[];
}

/** Takes a delivered block apart. An envelope that cannot be parsed is listed without event: it cannot have had an effect. */
export function parseBlock(block: common.Block): ParsedBlock {
  const header = block.getHeader();
  if (header === undefined) throw new Error('a block without header was delivered');
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  const codes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ?? new Uint8Array(0);
  const dataHash = createHash('sha256');
  for (const envelope of envelopes) dataHash.update(envelope);
  const blockNumber = BigInt(header.getNumber());
  const expectedDataHash = Buffer.from(header.getDataHash_asU8());
  return {
    blockNumber,
    headerHash: hashBlockHeader(blockNumber, header.getPreviousHash_asU8(), expectedDataHash),
    previousHash: Buffer.from(header.getPreviousHash_asU8()),
    dataHashMatches: expectedDataHash.equals(dataHash.digest()),
    transactions: envelopes.map((envelope, index) => parseTransaction(envelope, index, codes[index] ?? NOT_VALIDATED)),
  };
}

/** Field numbers of common.ChannelHeader, peer.ChaincodeAction and peer.ChaincodeEvent. */
const CHANNEL_HEADER = { txId: 5 };
const CHAINCODE_ACTION = { events: 2 };
const CHAINCODE_EVENT = { chaincode: 1, name: 3, payload: 4 };
/** peer.TxValidationCode NOT_VALIDATED: what a missing flag must be taken for. */
const NOT_VALIDATED = 254;

/** protoutil.BlockHeaderBytes: DER of SEQUENCE { number INTEGER, previousHash OCTET STRING, dataHash OCTET STRING }, SHA-256. */
export function hashBlockHeader(blockNumber: bigint, previousHash: Uint8Array, dataHash: Uint8Array): Buffer {
  const body = Buffer.concat([derInteger(blockNumber), der(0x04, previousHash), der(0x04, dataHash)]);
  return createHash('sha256').update(der(0x30, body)).digest();
}

function derInteger(value: bigint): Buffer {
  let digits = value.toString(16);
  if (digits.length % 2 === 1) digits = `0${digits}`;
  const bytes = Buffer.from(digits, 'hex');
  return der(0x02, bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

function der(tag: number, content: Uint8Array): Buffer {
  if (content.length > 127) throw new Error('a block header field is longer than a hash');
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}

function parseTransaction(envelope: Uint8Array, transactionIndex: number, validationCode: number): BlockTransaction {
  const place = { transactionIndex, validationCode, envelope };
  try {
    const opened = new OpenedEnvelope(envelope);
    return {
      ...place,
      transactionId: opened.channelHeader.text(CHANNEL_HEADER.txId),
      event: opened.isEndorserTransaction ? eventOf(opened) : undefined,
    };
  } catch {
    return { ...place, transactionId: '', event: undefined }; // bytes of strangers
  }
}

function eventOf(opened: OpenedEnvelope): BlockEvent | undefined {
  const bytes = opened.endorsed().action.bytes(CHAINCODE_ACTION.events);
  if (bytes.length === 0) return undefined;
  const event = new WireMessage(bytes);
  return {
    chaincode: event.text(CHAINCODE_EVENT.chaincode),
    name: event.text(CHAINCODE_EVENT.name),
    payload: event.bytes(CHAINCODE_EVENT.payload),
  };
}
