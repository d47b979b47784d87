import { bytesOf, marshal, peer } from '@lianyi/fabric-protocol';
import { type Scan } from '../sim/scan';

/** @remarks Source: core/chaincode/chaincode_support.go (MaxResultLimit) and sampleconfig core.yaml (totalQueryLimit). */
const resultsPerMessage = 100;
const totalQueryLimit = 100_000;

/** A query whose results are fetched message by message. */
export interface QueryBatch {
  readonly scan: Scan;
  readonly limit: number;
  pending: Buffer[];
  returned: number;
}

interface PageBounds {
  readonly pageSize: number;
  readonly bookmark: string;
}

/** A page size alone or a bookmark alone counts as pagination. */
export function readPageRequest(metadata: Uint8Array): PageBounds | undefined {
  if (metadata.length === 0) return undefined;
  const message = peer.QueryMetadata.deserializeBinary(metadata);
  const page = { pageSize: message.getPagesize(), bookmark: message.getBookmark() };
  return page.pageSize === 0 && page.bookmark === '' ? undefined : page;
}

export function startQuery(scan: Scan, page?: PageBounds): QueryBatch {
  const pageSize = page?.pageSize ?? 0;
  return { scan, limit: pageSize > 0 ? Math.min(pageSize, totalQueryLimit) : totalQueryLimit, pending: [], returned: 0 };
}

/** One message of results; `more` is only set with a result in hand, the shim's iterator throws on an empty batch. */
interface BatchAnswer {
  readonly payload: Buffer;
  readonly finished: boolean;
}

/** @remarks Source: core/chaincode/query_response_generator.go BuildQueryResponse. */
export function nextBatch(id: string, query: QueryBatch, paginated: boolean): BatchAnswer {
  while (query.returned < query.limit) {
    const result = query.scan.next();
    if (result === undefined) break;
    query.returned += 1;
    if (!paginated && query.pending.length === resultsPerMessage) {
      const batch = query.pending;
      query.pending = [result];
      return { payload: marshal(newResponse(id, batch, true)), finished: false };
    }
    query.pending.push(result);
  }
  const response = newResponse(id, query.pending, false);
  query.pending = [];
  if (paginated) response.setMetadata(responseMetadata(query));
  return { payload: marshal(response), finished: true };
}

export function closedResponse(id: string): Buffer {
  return marshal(newResponse(id, [], false));
}

function responseMetadata(query: QueryBatch): Buffer {
  const metadata = new peer.QueryResponseMetadata();
  metadata.setFetchedRecordsCount(query.returned);
  metadata.setBookmark(query.scan.bookmark());
  return marshal(metadata);
}

function newResponse(id: string, results: readonly Buffer[], hasMore: boolean): peer.QueryResponse {
  const response = new peer.QueryResponse();
  response.setId(id);
  response.setHasMore(hasMore);
  response.setResultsList(
    results.map((bytes) => {
      const result = new peer.QueryResultBytes();
      result.setResultbytes(bytesOf(bytes));
      return result;
    }),
  );
  return response;
}
