import { type SignedBytes } from '@lianyi/fabric-protocol';
import { type Simulator } from '../sim/simulator';
import { type CollectionPermissions } from './collection-permissions';
import { type QueryBatch } from './query-batches';

/** What travels with a proposal through every chaincode it reaches on one channel. */
export interface Invocation {
  readonly channelId: string;
  readonly txId: string;
  readonly signed: SignedBytes;
  readonly simulator: Simulator;
  readonly permissions: CollectionPermissions;
}

/** One chaincode's part of one transaction. */
export interface TransactionContext {
  readonly invocation: Invocation;
  /** Name of the executing chaincode: the namespace it reads and writes. */
  readonly namespace: string;
  /** The first transaction of a definition that requires Init. */
  readonly isInit?: boolean;
  readonly queries: Map<string, QueryBatch>;
  /** Runs another chaincode in the same transaction; answers a marshalled ChaincodeMessage. */
  readonly invokeChaincode: (target: string, input: Buffer) => Promise<Buffer>;
}

export function closeQueries(context: TransactionContext): void {
  for (const query of context.queries.values()) query.scan.close();
  context.queries.clear();
}
