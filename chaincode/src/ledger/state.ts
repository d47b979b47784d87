/** A page of a prefix scan: keys in ascending order of their bytes. */
export type StateEntry = { readonly key: string; readonly value: Uint8Array };

export type ScanRequest = {
  /** Left out: public state. */
  readonly space?: Space;
  readonly objectType: string;
  readonly parts: readonly string[];
  /** How many entries at most. */
  readonly limit: number;
  /** Exclusive: the last key of the page before. */
  readonly after?: string;
};

/** Public state has no collection; an implicit collection names its one owner. */
export type Space = { readonly kind: 'public' } | { readonly kind: 'private'; readonly ownerMspId: string };

export const publicSpace = { kind: 'public' } as const satisfies Space;

export type StateWrite =
  | { readonly kind: 'put'; readonly space: Space; readonly key: string; readonly value: Uint8Array }
  | { readonly kind: 'delete'; readonly space: Space; readonly key: string }
  | { readonly kind: 'purge'; readonly space: Space; readonly key: string }
  | EndorsersWrite;

/** From the next change on, all of these organisations endorse a change of the key (Fabric's key-level endorsement). */
export type EndorsersWrite = {
  readonly kind: 'endorsers';
  readonly space: typeof publicSpace;
  readonly key: string;
  /** Sorted, so that every endorser writes the same bytes. */
  readonly mspIds: readonly string[];
};

/** What a use case's repositories read from. */
export interface StateReader {
  read(space: Space, key: string): Promise<Uint8Array | undefined>;
  scan(request: ScanRequest): Promise<readonly StateEntry[]>;
}

/**
 * What stands behind the ledger port: the peer; in tests, memory.
 *
 * `readMany` answers in the order of `keys`. `apply` is called once for a transaction, after everything else succeeded; if it rejects,
 * the transaction must fail, because the records before the failing one already stand in the peer's simulator.
 */
export interface StateBackend {
  readMany(space: Space, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  scan(request: ScanRequest): Promise<readonly StateEntry[]>;
  apply(writes: readonly StateWrite[]): Promise<void>;
}

/**
 * The collection that Fabric gives every organisation without being asked.
 *
 * @remarks Source: core/chaincode/implicitcollection/name.go.
 */
export function implicitCollection(mspId: string): string {
  return `_implicit_org_${mspId}`;
}

/** The name under which reads of one space are gathered: the collection, empty for public state. */
export function collectionOf(space: Space): string {
  return space.kind === 'public' ? '' : implicitCollection(space.ownerMspId);
}
