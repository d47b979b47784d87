import { createHmac } from 'node:crypto';
import { type Pseudonym, type RecordId } from '@lianyi/domain';

const NONCE_BYTES = 16;
const MOST_TOLD = 100_000;

/**
 * What the facade itself keeps. Names are made by a key that is in a file of its own, so that a submission that is sent again is known again after a restart;
 * where a client was told that a record is, it forgets with the process.
 */
export class KeyedMemory {
  /** The client's and the record's id → whose it is; the oldest first. */
  readonly #told = new Map<string, Pseudonym>();

  constructor(private readonly key: Uint8Array) {}

  nonceFor(parts: readonly string[]): string {
    const mac = createHmac('sha256', this.key).update(JSON.stringify(['lianyi/fhir-submission/v1', ...parts]));
    return mac.digest().subarray(0, NONCE_BYTES).toString('base64url');
  }

  told(clientId: string, recordId: RecordId, pseudonym: Pseudonym): void {
    const key = JSON.stringify([clientId, recordId]);
    this.#told.delete(key);
    this.#told.set(key, pseudonym);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MOST_TOLD && oldest !== undefined) this.#told.delete(oldest);
  }

  whoseRecord(clientId: string, recordId: RecordId): Pseudonym | undefined {
    return this.#told.get(JSON.stringify([clientId, recordId]));
  }
}
