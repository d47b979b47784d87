import { common, ledger, orderer, peer } from '../../wire/proto';
import { readersPath, refuseAccess } from '../peer/access';
import { type EmbeddedChannel, type SignedData } from '../ports';
import { BlockCursor, closeWithClient } from './block-cursor';
import { readTransactions, toHeaderType, toValidationCode } from './block-transactions';
import { type Outgoing, send } from './send';

const { Status } = common;
type StatusCode = common.StatusMap[keyof common.StatusMap];

export type DeliverForm = 'block' | 'filtered' | 'private';

export interface DeliverParts {
  readonly channel: EmbeddedChannel;
  readonly mspId: string;
  readonly now: () => number;
}

/** @remarks Source: common/deliver/deliver.go; the same window as for proposals. */
const timeWindowMillis = 15 * 60_000;

interface SeekRequest {
  readonly channelId: string;
  readonly signed: SignedData;
  readonly seek: orderer.SeekInfo | undefined;
}

/**
 * Serves one request of a deliver stream and answers how it ended. A success is followed by the next request on the same
 * stream, anything else ends it.
 */
export async function deliverBlocks(
  parts: DeliverParts,
  form: DeliverForm,
  envelope: common.Envelope,
  call: Outgoing<peer.DeliverResponse>,
): Promise<StatusCode | undefined> {
  const request = readRequest(envelope, parts.now());
  if (request === undefined) return Status.BAD_REQUEST;
  if (request.channelId !== parts.channel.name) return Status.NOT_FOUND;
  const { seek } = request;
  if (seek === undefined) return Status.BAD_REQUEST;
  if (!isAuthorized(parts, request.signed)) return Status.FORBIDDEN;
  const range = readRange(seek, parts.channel.state.height);
  if (typeof range === 'number') return range;
  return sendRange(
    parts,
    { form, signed: request.signed, failIfNotReady: seek.getBehavior() === orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY, ...range },
    call,
  );
}

interface Range {
  readonly start: number;
  readonly stop: number;
}

interface Delivery extends Range {
  readonly form: DeliverForm;
  readonly signed: SignedData;
  readonly failIfNotReady: boolean;
}

/** The right to read is checked again for every block: expiry and revocation end a stream. */
async function sendRange(parts: DeliverParts, delivery: Delivery, call: Outgoing<peer.DeliverResponse>): Promise<StatusCode | undefined> {
  const cursor = new BlockCursor(parts.channel, delivery.start);
  const detach = closeWithClient(cursor, call);
  try {
    for (let number = delivery.start; number <= delivery.stop; number += 1) {
      if (delivery.failIfNotReady && number >= parts.channel.state.height) return Status.NOT_FOUND;
      const block = await cursor.next();
      if (block === undefined) return undefined;
      if (!isAuthorized(parts, delivery.signed)) return Status.FORBIDDEN;
      await send(call, newResponse(parts, delivery.form, block));
    }
    return Status.SUCCESS;
  } finally {
    detach();
    cursor.close();
  }
}

/** `undefined` = malformed; a malformed seek inside a readable envelope is found only after the channel. */
function readRequest(envelope: common.Envelope, nowMillis: number): SeekRequest | undefined {
  try {
    const data = Buffer.from(envelope.getPayload_asU8());
    const payload = common.Payload.deserializeBinary(data);
    const header = payload.getHeader();
    if (header === undefined) return undefined;
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    const timestamp = channelHeader.getTimestamp();
    if (timestamp === undefined || Math.abs(timestamp.getSeconds() * 1000 - nowMillis) > timeWindowMillis) return undefined;
    const creator = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()).getCreator_asU8();
    const signed = { data, identity: Buffer.from(creator), signature: Buffer.from(envelope.getSignature_asU8()) };
    return { channelId: channelHeader.getChannelId(), signed, seek: readSeek(payload.getData_asU8()) };
  } catch {
    return undefined;
  }
}

function readSeek(bytes: Uint8Array): orderer.SeekInfo | undefined {
  try {
    return orderer.SeekInfo.deserializeBinary(bytes);
  } catch {
    return undefined;
  }
}

function isAuthorized({ channel, now }: DeliverParts, signed: SignedData): boolean {
  const identity = channel.msps.deserialize(signed.identity);
  if (identity !== undefined && identity.expiresAtMillis <= now()) return false;
  return refuseAccess(channel, readersPath, signed) === undefined;
}

/** A start beyond the height is not found at once, also for a client that would wait; start = height waits. */
function readRange(seek: orderer.SeekInfo, height: number): Range | StatusCode {
  const startPosition = seek.getStart();
  const stopPosition = seek.getStop();
  if (startPosition === undefined || stopPosition === undefined) return Status.BAD_REQUEST;
  const start = startOf(startPosition, height);
  if (start === undefined) return Status.BAD_REQUEST;
  if (start > height) return Status.NOT_FOUND;
  const stop = stopOf(stopPosition, start, height);
  return stop < start ? Status.BAD_REQUEST : { start, stop };
}

const { TypeCase } = orderer.SeekPosition;

function startOf(position: orderer.SeekPosition, height: number): number | undefined {
  switch (position.getTypeCase()) {
    case TypeCase.OLDEST:
      return 0;
    case TypeCase.NEWEST:
      return height - 1;
    case TypeCase.NEXT_COMMIT:
      return height;
    case TypeCase.SPECIFIED:
      return position.getSpecified()?.getNumber();
    default:
      return undefined;
  }
}

function stopOf(position: orderer.SeekPosition, start: number, height: number): number {
  switch (position.getTypeCase()) {
    case TypeCase.OLDEST:
      return start;
    case TypeCase.SPECIFIED:
      return position.getSpecified()?.getNumber() ?? 0;
    case TypeCase.NEWEST:
      return Math.max(start, height - 1);
    default:
      return 0;
  }
}

function newResponse(parts: DeliverParts, form: DeliverForm, block: common.Block): peer.DeliverResponse {
  const response = new peer.DeliverResponse();
  if (form === 'block') response.setBlock(block);
  else if (form === 'filtered') response.setFilteredBlock(filter(parts.channel.name, block));
  else response.setBlockAndPrivateData(withPrivateData(parts, block));
  return response;
}

/** Events without their payload, and invalid transactions too. @remarks Source: core/peer/deliverevents.go. */
function filter(channelId: string, block: common.Block): peer.FilteredBlock {
  const filtered = new peer.FilteredBlock();
  filtered.setChannelId(channelId);
  filtered.setNumber(block.getHeader()?.getNumber() ?? 0);
  for (const { txId, type, validationCode, events } of readTransactions(block)) {
    const transaction = new peer.FilteredTransaction();
    transaction.setTxid(txId);
    const headerType = toHeaderType(type);
    if (headerType !== undefined) transaction.setType(headerType);
    transaction.setTxValidationCode(toValidationCode(validationCode));
    if (type === common.HeaderType.ENDORSER_TRANSACTION) transaction.setTransactionActions(filteredActions(events));
    filtered.addFilteredTransactions(transaction);
  }
  return filtered;
}

function filteredActions(events: readonly (peer.ChaincodeEvent | undefined)[]): peer.FilteredTransactionActions {
  const actions = new peer.FilteredTransactionActions();
  for (const event of events) {
    if (event === undefined) continue;
    const action = new peer.FilteredChaincodeAction();
    const withoutPayload = event.clone();
    withoutPayload.setPayload('');
    action.setChaincodeEvent(withoutPayload);
    actions.addChaincodeActions(action);
  }
  return actions;
}

function withPrivateData({ channel, mspId }: DeliverParts, block: common.Block): peer.BlockAndPrivateData {
  const response = new peer.BlockAndPrivateData();
  response.setBlock(block);
  const writes = channel.blocks.getPrivateWrites(mspId, block.getHeader()?.getNumber() ?? 0);
  for (const [txIndex, held] of Map.groupBy(writes, (write) => write.txIndex)) {
    const set = new ledger.rwset.TxPvtReadWriteSet();
    set.setDataModel(ledger.rwset.TxReadWriteSet.DataModel.KV);
    for (const [namespace, collections] of Map.groupBy(held, (write) => write.namespace)) {
      const namespaceSet = new ledger.rwset.NsPvtReadWriteSet();
      namespaceSet.setNamespace(namespace);
      namespaceSet.setCollectionPvtRwsetList(
        collections.map(({ collection, kvRwSet }) => {
          const collectionSet = new ledger.rwset.CollectionPvtReadWriteSet();
          collectionSet.setCollectionName(collection);
          collectionSet.setRwset(kvRwSet);
          return collectionSet;
        }),
      );
      set.addNsPvtRwset(namespaceSet);
    }
    response.getPrivateDataMapMap().set(txIndex, set);
  }
  return response;
}
