import { z } from 'zod';
import { pseudonymSchema, type Pseudonym, type RecordId, recordIdSchema } from '@lianyi/domain';
import { type Journal } from './journal';
import { UNDONE } from './schema';

/**
 * Which record each report became, by its orders: kept when its message is forgotten, since a correction may come months later. The version that a
 * correction is to be stands here before it is published, so that however often it is tried it is one.
 */
const reportSchema = z.object({
  pseudonym: pseudonymSchema.nullable(),
  recordId: recordIdSchema.nullable(),
  version: z.int().nullable(),
  isDone: z.int().transform((value) => value === 1),
});
type KeptReport = z.output<typeof reportSchema>;
const COLUMNS = 'pseudonym, record_id AS recordId, version, is_done AS isDone';

/** The version of a record that a report is. */
export interface ReportVersion {
  readonly pseudonym: Pseudonym;
  readonly recordId: RecordId;
  readonly version: number;
}

/** Notes that a report about these orders has come, in the order of their coming. Inside {@link Journal.write}. */
export function noteReport(journal: Journal, nonce: string, orderKey: string): void {
  journal.run('INSERT INTO report (nonce, order_key) VALUES (?, ?) ON CONFLICT (nonce) DO NOTHING', nonce, orderKey);
}

/** What was noted of a report itself. */
export function notedReport(journal: Journal, nonce: string): KeptReport | undefined {
  return z.array(reportSchema).parse(journal.all(`SELECT ${COLUMNS} FROM report WHERE nonce = ?`, nonce))[0];
}

/** The last report about the same orders before this one; those whose message was refused count for nothing. */
export function reportBefore(journal: Journal, nonce: string, orderKey: string): KeptReport | undefined {
  const text = `SELECT ${COLUMNS} FROM report WHERE order_key = ? AND place < (SELECT place FROM report WHERE nonce = ?)
    AND (is_done = 1 OR EXISTS (SELECT 1 FROM message WHERE message.nonce = report.nonce AND message.${UNDONE}))
    ORDER BY place DESC LIMIT 1`;
  return z.array(reportSchema).parse(journal.all(text, orderKey, nonce))[0];
}

/** Writes down which version a report is to be, or is. Inside {@link Journal.write}. */
export function placeReport(journal: Journal, nonce: string, { pseudonym, recordId, version }: ReportVersion, isDone: boolean): void {
  const text = 'UPDATE report SET pseudonym = ?, record_id = ?, version = ?, is_done = ? WHERE nonce = ?';
  journal.run(text, pseudonym, recordId, version, isDone ? 1 : 0, nonce);
}

/** Forgets which version it was to be: another has taken its place. Inside {@link Journal.write}. */
export function unplaceReport(journal: Journal, nonce: string): void {
  journal.run('UPDATE report SET record_id = NULL, version = NULL WHERE nonce = ? AND is_done = 0', nonce);
}
