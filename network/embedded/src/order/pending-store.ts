import { common, readEnvelope } from '@lianyi/fabric-protocol';
import { blob, integer, type LedgerDatabase, type Statement } from '../ledger/database';
import { type PendingEnvelope } from './cutter';

/** Accepted envelopes that no block holds yet: an orderer that said SUCCESS does not forget (etcdraft's log does this in Fabric). */
export class PendingStore {
  readonly #insert: Statement;
  readonly #select: Statement;
  readonly #delete: Statement;

  constructor(database: LedgerDatabase) {
    this.#insert = database.prepare('INSERT INTO pending (envelope) VALUES (?) RETURNING sequence');
    this.#select = database.prepare('SELECT sequence, envelope FROM pending ORDER BY sequence');
    this.#delete = database.prepare('DELETE FROM pending WHERE sequence = ?');
  }

  add(envelope: Buffer, isConfig: boolean): PendingEnvelope {
    const row = this.#insert.get(envelope);
    if (!row) throw new Error('the ledger database did not take an envelope');
    return { sequence: integer(row, 'sequence'), bytes: envelope, isConfig };
  }

  all(): readonly PendingEnvelope[] {
    return this.#select.all().map((row) => {
      const bytes = blob(row, 'envelope');
      const reading = readEnvelope(bytes);
      const isConfig = reading.ok && reading.envelope.channelHeader.getType() === common.HeaderType.CONFIG;
      return { sequence: integer(row, 'sequence'), bytes, isConfig };
    });
  }

  /** For an envelope that will be in no block after all. */
  drop(sequence: number): void {
    this.#delete.run(sequence);
  }
}
