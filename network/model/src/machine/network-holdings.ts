/** What a network on disk has that no start could make again. */
export interface NetworkHoldings {
  /** MSP ids, or domains where they are not known. */
  readonly organizations: readonly string[];
  readonly channels: readonly string[];
  /** Folders that outlive the network. */
  readonly snapshots: readonly string[];
  /** Folders of what peers held before they were restored. */
  readonly setAside: readonly string[];
}
