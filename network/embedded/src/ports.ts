/**
 * The seam between the ledger half of the embedded network (channel, MSPs, policies, validation, ordering) and the
 * peer half (simulation, chaincode, endorsement, gateway). Only bytes and plain values cross it.
 */
import { type BatchConfig, type ChannelPolicies, type EndorsementPolicy, type MspManager, type Signer } from '@lianyi/fabric-protocol';

export interface Version {
  readonly blockNumber: number;
  readonly txIndex: number;
}
export interface VersionedValue {
  readonly value: Buffer;
  readonly version: Version;
}
export interface StateEntry extends VersionedValue {
  readonly key: string;
}
export interface HistoryEntry {
  readonly txId: string;
  readonly value: Buffer;
  readonly timestampMillis: number;
  readonly isDelete: boolean;
}

/** Committed state of one channel. Keys compare in UTF-8 byte order. Everything is synchronous (node:sqlite). */
export interface CommittedState {
  /** Number of blocks; the newest block is `height - 1`. */
  readonly height: number;
  getState(namespace: string, key: string): VersionedValue | undefined;
  getStateMetadata(namespace: string, key: string): ReadonlyMap<string, Buffer> | undefined;
  /** `startKey` inclusive, `endKey` exclusive; '' = open end. */
  scanState(namespace: string, startKey: string, endKey: string): IterableIterator<StateEntry>;
  /** The value is the SHA-256 of the private value. */
  getPrivateHash(namespace: string, collection: string, keyHash: Buffer): VersionedValue | undefined;
  getPrivateMetadata(namespace: string, collection: string, keyHash: Buffer): ReadonlyMap<string, Buffer> | undefined;
  /** What one peer holds (its {@link holderOf} name); may lag behind or be missing where the hash exists. */
  getPrivate(holder: string, namespace: string, collection: string, key: string): VersionedValue | undefined;
  scanPrivate(holder: string, namespace: string, collection: string, startKey: string, endKey: string): IterableIterator<StateEntry>;
  /** Newest first. */
  history(namespace: string, key: string): IterableIterator<HistoryEntry>;
}

export interface StoredTransaction {
  readonly envelope: Buffer;
  readonly validationCode: number;
  readonly blockNumber: number;
  readonly txIndex: number;
}
export interface BlockStore {
  /** Marshalled common.Block with all five metadata entries. */
  getBlock(blockNumber: number): Buffer | undefined;
  getBlockNumberByTxId(txId: string): number | undefined;
  getTransaction(txId: string): StoredTransaction | undefined;
  /** By SHA-256 of the ASN.1 header. */
  getBlockNumberByHash(blockHash: Buffer): number | undefined;
  /** Hash of the newest block's header. */
  readonly lastBlockHash: Buffer;
  /** Private write sets of one block a peer holds, for block-and-private streams. */
  getPrivateWrites(holder: string, blockNumber: number): readonly PrivateWrite[];
  /** All write sets a peer holds, in the order of blocks. */
  allPrivateWrites(holder: string): readonly PrivateWrite[];
}

export interface StagedPrivateData {
  readonly namespace: string;
  readonly collection: string;
  /** Marshalled KVRWSet, the bytes whose SHA-256 is in the public write set. */
  readonly kvRwSet: Buffer;
}

/** A private write set of a committed transaction. */
export interface PrivateWrite extends StagedPrivateData {
  readonly blockNumber: number;
  readonly txIndex: number;
}

export interface BroadcastResult {
  /** common.Status; 200 = accepted. */
  readonly status: number;
  readonly info: string;
}

export interface CollectionDefinition {
  readonly name: string;
  readonly implicit: boolean;
  /** Organisations named by the member policy, sorted. */
  readonly memberMspIds: readonly string[];
  readonly memberPolicy: EndorsementPolicy;
  readonly requiredPeerCount: number;
  readonly maximumPeerCount: number;
  /** 0 = for ever. A value written in block b is gone once block b + blockToLive + 1 is committed. */
  readonly blockToLive: number;
  readonly memberOnlyRead: boolean;
  readonly memberOnlyWrite: boolean;
  /** Absent: the chaincode's policy counts. */
  readonly endorsementPolicy?: EndorsementPolicy;
}

export interface ChaincodeDefinition {
  readonly name: string;
  readonly sequence: number;
  readonly version: string;
  readonly endorsementPlugin: string;
  readonly validationPlugin: string;
  readonly initRequired: boolean;
  readonly endorsementPolicy: EndorsementPolicy;
  /** Marshalled peer.ApplicationPolicy, as committed. */
  readonly validationParameter: Buffer;
  /** Explicit collections in the order of the definition. */
  readonly collections: readonly CollectionDefinition[];
  /** Marshalled peer.CollectionConfigPackage, as committed. */
  readonly collectionConfigPackage: Buffer;
}

/** Chaincode definitions as the chain's `_lifecycle` namespace holds them now. */
export interface ChaincodeDefinitions {
  get(chaincode: string): ChaincodeDefinition | undefined;
  /** Explicit or implicit (`_implicit_org_<MSP>`) collection; `undefined` if the chaincode has no such collection. */
  collection(chaincode: string, collection: string): CollectionDefinition | undefined;
  /** Names of committed chaincodes, sorted. */
  list(): readonly string[];
}

/** Reads `signcerts/*.pem` and `keystore/*` of an MSP directory. */
export type LoadSigner = (mspDir: string, mspId: string) => Signer;

export type BlockListener = (blockNumber: number, block: Buffer, codes: readonly number[]) => void;

/** Under which name a peer's private data is kept: the MSP id for an organisation's first peer. `index` from 0. */
export function holderOf(mspId: string, index: number): string {
  return index === 0 ? mspId : `${mspId}#${index}`; // no MSP id holds a #
}

/** A peer as keeper of private data. */
export interface DataHolder {
  readonly mspId: string;
  /** Its name in the ledger, see {@link holderOf}. */
  readonly holder: string;
  readonly isRunning: boolean;
}

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

export interface OpenChannelOptions {
  /** Directory of the channel's database; created if absent. */
  readonly dir: string;
  readonly name: string;
  /** Marshalled common.Block 0; needed only when the directory is new. */
  readonly genesisBlock?: Buffer;
  readonly batch: BatchConfig;
  readonly ordererSigner: Signer;
  /** Milliseconds since the epoch; the machine's clock unless a test brings its own. */
  readonly now?: () => number;
}
/** `openChannel` of ./channel. Reopening continues at the stored height. */
export type OpenChannel = (options: OpenChannelOptions) => Promise<EmbeddedChannel>;
