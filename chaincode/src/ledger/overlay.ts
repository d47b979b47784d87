import { collectionOf, type ScanRequest, type Space, type StateEntry, type StateReader, type StateWrite } from './state';

/**
 * What one unit has written so far, laid over what it reads from.
 *
 * Fabric does not let a transaction read its own writes; the overlay does. Nothing reaches the peer before the dispatcher takes the
 * writes of a *successful* unit, so a refusal writes nothing. An overlay is a reader itself: each unit's lies on the common one of its
 * transaction, which takes over what the units before it wrote.
 */
export class Overlay implements StateReader {
  readonly #writes = new Map<string, StateWrite>();

  constructor(private readonly below: StateReader) {}

  read(space: Space, key: string): Promise<Uint8Array | undefined> {
    const written = this.#writes.get(valueSlot(space, key));
    if (written === undefined) {
      return this.below.read(space, key);
    }
    return Promise.resolve(written.kind === 'put' ? written.value : undefined);
  }

  /** Does not see the overlay's own writes: only evaluate use cases scan, and they write nothing. */
  scan(request: ScanRequest): Promise<readonly StateEntry[]> {
    if (this.#writes.size > 0) {
      // Fabric refuses a paginated query after a write (tx_simulator.go); refusing here too keeps the two alike.
      return Promise.reject(new Error('a transaction that writes may not scan'));
    }
    return this.below.scan(request);
  }

  write(write: StateWrite): void {
    if (write.key === '' || (write.kind === 'put' && write.value.length === 0)) {
      // The peer accepts both and means "absent" (core/ledger/kvledger/txmgmt/rwsetutil).
      throw new Error('an empty key or value cannot be written');
    }
    const at = slotOf(write);
    this.#writes.delete(at);
    this.#writes.set(at, write);
  }

  /** Takes over everything that another overlay holds, in its order. */
  absorb(above: Overlay): void {
    for (const write of above.writes()) {
      this.write(write);
    }
  }

  /** Each value and each key's endorsers once, last write wins, in the order in which they were last written. */
  writes(): readonly StateWrite[] {
    return [...this.#writes.values()];
  }
}

/** A key's endorsers stand beside its value: to write one leaves the other as it is. */
function slotOf(write: StateWrite): string {
  return write.kind === 'endorsers' ? `endorsers of ${valueSlot(write.space, write.key)}` : valueSlot(write.space, write.key);
}

function valueSlot(space: Space, key: string): string {
  return `${collectionOf(space)}\u0000${key}`;
}
