import { type ChannelPolicies, type MspManager } from '@lianyi/fabric-protocol';
import { type BlockStore, type StagedPrivateData } from './block-store';
import { type ChaincodeDefinitions } from './chaincode-definition';
import { type CommittedState } from './committed-state';

export interface BroadcastResult {
  /** common.Status; 200 = accepted. */
  readonly status: number;
  readonly info: string;
}

export type BlockListener = (blockNumber: number, block: Buffer, codes: readonly number[]) => void;

/** One channel as a peer sees it: its own ledger, the ordering service of all. */
export interface EmbeddedChannel {
  readonly name: string;
  /** Organisations of the application group, sorted. */
  readonly applicationMspIds: readonly string[];
  /** The configuration that holds now: marshalled common.Config, and the block it came with. */
  readonly configuration: { readonly bytes: Buffer; readonly blockNumber: number };
  readonly state: CommittedState;
  readonly blocks: BlockStore;
  readonly msps: MspManager;
  readonly policies: ChannelPolicies;
  readonly definitions: ChaincodeDefinitions;
  /** Orderer's entry. Accepts or refuses with Fabric's status and text; the block comes later. */
  broadcast(envelope: Buffer): Promise<BroadcastResult>;
  /** Endorser hands private write sets to a peer entitled to them, until commit. */
  stagePrivateData(txId: string, holder: string, data: readonly StagedPrivateData[]): void;
  /** Called once per committed block, after the commit; `codes` = TRANSACTIONS_FILTER. Returns unsubscribe. */
  onBlock(listener: BlockListener): () => void;
  /** Go-RWMutex-like: simulations hold it while they run; commit waits (Fabric's commitRWLock). Returns release. */
  acquireReadLock(): Promise<() => void>;
  /** Cuts and commits what is pending, then closes the store. */
  close(): Promise<void>;
}
