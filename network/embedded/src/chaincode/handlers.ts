import { randomUUID } from 'node:crypto';
import { bytesOf, marshal, peer } from '@lianyi/fabric-protocol';
import { closedResponse, nextBatch, type QueryBatch, readPageRequest, startQuery } from './query-batches';
import { type TransactionContext } from './transaction-context';

const { Type } = peer.ChaincodeMessage;
const nothing = Buffer.alloc(0);

type Handler = (payload: Uint8Array, context: TransactionContext) => Buffer | Promise<Buffer>;

interface KeyedWrite {
  readonly key: string;
  readonly collection: string;
}

/**
 * Answers to what chaincode may ask while it executes: message type → payload of the RESPONSE.
 * @remarks Source: core/chaincode/handler.go.
 */
export const handlers: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [Type.GET_STATE, getState],
  [Type.GET_STATE_MULTIPLE, getStateMultiple],
  [Type.PUT_STATE, putState],
  [Type.DEL_STATE, delState],
  [Type.PURGE_PRIVATE_DATA, purge],
  [Type.WRITE_BATCH_STATE, writeBatch],
  [Type.GET_STATE_METADATA, getStateMetadata],
  [Type.PUT_STATE_METADATA, putStateMetadata],
  [Type.GET_PRIVATE_DATA_HASH, getPrivateDataHash],
  [Type.GET_STATE_BY_RANGE, getStateByRange],
  [Type.GET_HISTORY_FOR_KEY, getHistoryForKey],
  [Type.GET_QUERY_RESULT, getQueryResult],
  [Type.QUERY_STATE_NEXT, queryStateNext],
  [Type.QUERY_STATE_CLOSE, queryStateClose],
  [Type.INVOKE_CHAINCODE, invokeChaincode],
]);

function getState(payload: Uint8Array, { invocation, namespace }: TransactionContext): Buffer {
  const request = peer.GetState.deserializeBinary(payload);
  const collection = request.getCollection();
  if (collection === '') return invocation.simulator.getState(namespace, request.getKey()) ?? nothing;
  invocation.permissions.requireRead(namespace, collection);
  return invocation.simulator.getPrivateData(namespace, collection, request.getKey()) ?? nothing;
}

function getStateMultiple(payload: Uint8Array, { invocation, namespace }: TransactionContext): Buffer {
  const { simulator, permissions } = invocation;
  const request = peer.GetStateMultiple.deserializeBinary(payload);
  const collection = request.getCollection();
  const keys = request.getKeysList();
  if (collection !== '') permissions.requireRead(namespace, collection);
  const values =
    collection === ''
      ? keys.map((key) => simulator.getState(namespace, key))
      : simulator.getPrivateDataMultiple(namespace, collection, keys);
  const result = new peer.GetStateMultipleResult();
  result.setValuesList(values.map((value) => value ?? nothing));
  return marshal(result);
}

function putState(payload: Uint8Array, context: TransactionContext): Buffer {
  const request = peer.PutState.deserializeBinary(payload);
  write({ key: request.getKey(), collection: request.getCollection() }, bytesOf(request.getValue_asU8()), context);
  return nothing;
}

function delState(payload: Uint8Array, context: TransactionContext): Buffer {
  const request = peer.DelState.deserializeBinary(payload);
  write({ key: request.getKey(), collection: request.getCollection() }, nothing, context);
  return nothing;
}

function write({ key, collection }: KeyedWrite, value: Buffer, { invocation, namespace }: TransactionContext): void {
  if (collection === '') {
    invocation.simulator.setState(namespace, key, value);
    return;
  }
  invocation.permissions.requireWrite(namespace, collection);
  invocation.simulator.setPrivateData(namespace, collection, key, value);
}

function purge(payload: Uint8Array, context: TransactionContext): Buffer {
  const request = peer.DelState.deserializeBinary(payload);
  purgeKey({ key: request.getKey(), collection: request.getCollection() }, context);
  return nothing;
}

function purgeKey({ key, collection }: KeyedWrite, { invocation, namespace }: TransactionContext): void {
  if (collection === '') throw new Error('only applicable for private data');
  invocation.permissions.requireWrite(namespace, collection);
  invocation.simulator.purgePrivateData(namespace, collection, key);
}

function putStateMetadata(payload: Uint8Array, context: TransactionContext): Buffer {
  const request = peer.PutStateMetadata.deserializeBinary(payload);
  writeMetadata({ key: request.getKey(), collection: request.getCollection() }, request.getMetadata(), context);
  return nothing;
}

function writeMetadata(
  { key, collection }: KeyedWrite,
  metadata: peer.StateMetadata | undefined,
  { invocation, namespace }: TransactionContext,
): void {
  const entries = new Map([[metadata?.getMetakey() ?? '', bytesOf(metadata?.getValue_asU8() ?? nothing)]]);
  if (collection === '') {
    invocation.simulator.setStateMetadata(namespace, key, entries);
    return;
  }
  invocation.permissions.requireWrite(namespace, collection);
  invocation.simulator.setPrivateDataMetadata(namespace, collection, key, entries);
}

/** A failing record ends the batch; the records before it stay in the simulator, as on a real peer. */
function writeBatch(payload: Uint8Array, context: TransactionContext): Buffer {
  for (const record of peer.WriteBatchState.deserializeBinary(payload).getRecList()) {
    const target = { key: record.getKey(), collection: record.getCollection() };
    switch (record.getType()) {
      case peer.WriteRecord.Type.PUT_STATE:
        write(target, bytesOf(record.getValue_asU8()), context);
        break;
      case peer.WriteRecord.Type.DEL_STATE:
        write(target, nothing, context);
        break;
      case peer.WriteRecord.Type.PURGE_PRIVATE_DATA:
        purgeKey(target, context);
        break;
      case peer.WriteRecord.Type.PUT_STATE_METADATA:
        writeMetadata(target, record.getMetadata(), context);
        break;
      default:
        throw new Error('unknown operation type');
    }
  }
  return nothing;
}

function getStateMetadata(payload: Uint8Array, { invocation, namespace }: TransactionContext): Buffer {
  const { simulator, permissions } = invocation;
  const request = peer.GetStateMetadata.deserializeBinary(payload);
  const collection = request.getCollection();
  if (collection !== '') permissions.requireRead(namespace, collection);
  const metadata =
    collection === ''
      ? simulator.getStateMetadata(namespace, request.getKey())
      : simulator.getPrivateDataMetadata(namespace, collection, request.getKey());
  const result = new peer.StateMetadataResult();
  for (const [metakey, value] of metadata ?? []) {
    const entry = new peer.StateMetadata();
    entry.setMetakey(metakey);
    entry.setValue(value);
    result.addEntries(entry);
  }
  return marshal(result);
}

/** Needs no membership: hashes are public. */
function getPrivateDataHash(payload: Uint8Array, { invocation, namespace }: TransactionContext): Buffer {
  const request = peer.GetState.deserializeBinary(payload);
  return invocation.simulator.getPrivateDataHash(namespace, request.getCollection(), request.getKey()) ?? nothing;
}

function getStateByRange(payload: Uint8Array, context: TransactionContext): Buffer {
  const { simulator, permissions } = context.invocation;
  const request = peer.GetStateByRange.deserializeBinary(payload);
  const collection = request.getCollection();
  const page = readPageRequest(request.getMetadata_asU8());
  if (collection !== '') {
    permissions.requireRead(context.namespace, collection);
    const scan = simulator.scanPrivate(context.namespace, collection, request.getStartkey(), request.getEndkey());
    return answerQuery(startQuery(scan, page), false, context);
  }
  if (page === undefined) {
    return answerQuery(startQuery(simulator.scanState(context.namespace, request.getStartkey(), request.getEndkey())), false, context);
  }
  const startKey = page.bookmark === '' ? request.getStartkey() : page.bookmark;
  return answerQuery(startQuery(simulator.scanStatePage(context.namespace, startKey, request.getEndkey()), page), true, context);
}

function getHistoryForKey(payload: Uint8Array, context: TransactionContext): Buffer {
  const request = peer.GetHistoryForKey.deserializeBinary(payload);
  return answerQuery(startQuery(context.invocation.simulator.scanHistory(context.namespace, request.getKey())), false, context);
}

/** @remarks Source: statedb/stateleveldb/stateleveldb.go: rich queries need CouchDB. */
function getQueryResult(payload: Uint8Array, { invocation, namespace }: TransactionContext): Buffer {
  const request = peer.GetQueryResult.deserializeBinary(payload);
  if (request.getCollection() !== '') invocation.permissions.requireRead(namespace, request.getCollection());
  const paginated = readPageRequest(request.getMetadata_asU8()) !== undefined;
  throw new Error(`${paginated ? 'ExecuteQueryWithMetadata' : 'ExecuteQuery'} not supported for leveldb`);
}

function answerQuery(query: QueryBatch, paginated: boolean, context: TransactionContext): Buffer {
  const id = randomUUID();
  context.queries.set(id, query);
  return continueQuery(id, query, paginated, context);
}

function continueQuery(id: string, query: QueryBatch, paginated: boolean, context: TransactionContext): Buffer {
  const { payload, finished } = nextBatch(id, query, paginated);
  if (finished) endQuery(id, context);
  return payload;
}

function endQuery(id: string, context: TransactionContext): void {
  context.queries.get(id)?.scan.close();
  context.queries.delete(id);
}

function queryStateNext(payload: Uint8Array, context: TransactionContext): Buffer {
  const id = peer.QueryStateNext.deserializeBinary(payload).getId();
  const query = context.queries.get(id);
  if (query === undefined) throw new Error('query iterator not found');
  return continueQuery(id, query, false, context);
}

function queryStateClose(payload: Uint8Array, context: TransactionContext): Buffer {
  const id = peer.QueryStateClose.deserializeBinary(payload).getId();
  endQuery(id, context);
  return closedResponse(id);
}

function invokeChaincode(payload: Uint8Array, context: TransactionContext): Promise<Buffer> {
  const spec = peer.ChaincodeSpec.deserializeBinary(payload);
  const input = spec.getInput() ?? new peer.ChaincodeInput();
  return context.invokeChaincode(spec.getChaincodeId()?.getName() ?? '', marshal(input));
}
