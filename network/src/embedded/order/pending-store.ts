import { blob, integer, type LedgerDatabase, type Statement } from '../ledger/database';
import { type PendingEnvelope } from './cutter';

/** Accepted envelopes that no block holds yet: an orderer that said SUCCESS does not forget (etcdraft's log does this in Fabric). */
export class PendingStore {
  private readonly insert: Statement;
  private readonly select: Statement;

  constructor(database: LedgerDatabase) {
    this.insert = database.prepare('INSERT INTO pending (envelope) VALUES (?) RETURNING sequence');
    this.select = database.prepare('SELECT sequence, envelope FROM pending ORDER BY sequence');
  }

  add(envelope: Buffer): PendingEnvelope {
    const row = this.insert.get(envelope);
    if (!row) throw new Error('the ledger database did not take an envelope');
    return { sequence: integer(row, 'sequence'), bytes: envelope, isConfig: false };
  }

  all(): readonly PendingEnvelope[] {
    return this.select.all().map((row) => ({ sequence: integer(row, 'sequence'), bytes: blob(row, 'envelope'), isConfig: false }));
  }
}
