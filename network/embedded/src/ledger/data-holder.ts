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
