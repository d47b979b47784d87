import { collectionOf, type ScanRequest, type Space, type StateBackend, type StateEntry, type StateReader } from './state';

type Waiting = { readonly key: string; resolve(value: Uint8Array | undefined): void; reject(reason: unknown): void };

/**
 * Sends reads that are issued together as one request, and each key at most once for a transaction.
 *
 * `await Promise.all([...])` in a use case is one turn of the microtask queue, so it becomes one `readMany` per collection (the
 * DataLoader pattern). A simulation is a snapshot, so an answer may be kept for the transaction's length.
 */
export class CoalescingReader implements StateReader {
  readonly #answers = new Map<string, Promise<Uint8Array | undefined>>();
  readonly #waiting = new Map<string, { space: Space; reads: Waiting[] }>();
  #scheduled = false;

  constructor(private readonly backend: StateBackend) {}

  read(space: Space, key: string): Promise<Uint8Array | undefined> {
    const collection = collectionOf(space);
    const cacheKey = `${collection}\u0000${key}`;
    const known = this.#answers.get(cacheKey);
    if (known !== undefined) {
      return known;
    }
    const answer = new Promise<Uint8Array | undefined>((resolve, reject) => {
      const batch = this.#waiting.get(collection) ?? { space, reads: [] };
      batch.reads.push({ key, resolve, reject });
      this.#waiting.set(collection, batch);
    });
    this.#answers.set(cacheKey, answer);
    this.#schedule();
    return answer;
  }

  scan(request: ScanRequest): Promise<readonly StateEntry[]> {
    return this.backend.scan(request);
  }

  #schedule(): void {
    if (this.#scheduled) {
      return;
    }
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const batches = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { space, reads } of batches) {
        void this.#send(space, reads);
      }
    });
  }

  /** Never rejects: a failure is the failure of each read in the batch. */
  async #send(space: Space, reads: readonly Waiting[]): Promise<void> {
    try {
      const values = await this.backend.readMany(
        space,
        reads.map((read) => read.key),
      );
      // Fail closed: a peer that hides a database error answers with fewer values.
      if (values.length !== reads.length) {
        throw new Error(`asked for ${reads.length} keys, got ${values.length}`);
      }
      reads.forEach((read, index) => {
        read.resolve(values[index]);
      });
    } catch (error) {
      for (const read of reads) {
        read.reject(error);
      }
    }
  }
}
