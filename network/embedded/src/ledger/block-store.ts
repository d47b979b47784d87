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
