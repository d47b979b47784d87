import { type DatabaseSync } from 'node:sqlite';

/**
 * `kept`: to be done; `waiting`: tried, and to be tried again as soon as the node or the moment allows; `apart`: tried, and waits for what people set
 * right for this one message; `done`: its bytes are forgotten; `refused`: nothing more is done, until it is sent or asked for again.
 */
export const states = ['kept', 'waiting', 'apart', 'done', 'refused'] as const;

export const UNDONE = `state IN ('kept', 'waiting', 'apart')`;
/** What a message counts as in the table `held`. */
const kindOf = (row: 'NEW' | 'OLD'): string =>
  `CASE ${row}.state WHEN 'kept' THEN 'undone' WHEN 'waiting' THEN 'undone' ELSE ${row}.state END`;
const sizeOf = (row: 'NEW' | 'OLD'): string => `coalesce(length(${row}.bytes), 0)`;
const ADDED = `INSERT INTO held (origin, kind, messages, bytes) SELECT NEW.origin, ${kindOf('NEW')}, 1, ${sizeOf('NEW')} WHERE NEW.state <> 'done'
  ON CONFLICT DO UPDATE SET messages = messages + 1, bytes = bytes + excluded.bytes;`;
const GONE = `UPDATE held SET messages = messages - 1, bytes = bytes - ${sizeOf('OLD')} WHERE origin = OLD.origin AND kind = ${kindOf('OLD')};
  DELETE FROM held WHERE origin = OLD.origin AND messages <= 0;`;

/** What each address or certificate has in the journal, kept by the database itself: whoever writes here, from whichever process, is counted. */
const HELD = `
  CREATE TABLE held (origin TEXT NOT NULL, kind TEXT NOT NULL, messages INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (origin, kind)) WITHOUT ROWID;
  INSERT INTO held SELECT origin, ${kindOf('NEW').replaceAll('NEW.', '')} AS kind, count(*), sum(coalesce(length(bytes), 0)) FROM message WHERE state <> 'done' GROUP BY 1, 2;
  CREATE TRIGGER message_added AFTER INSERT ON message BEGIN ${ADDED} END;
  CREATE TRIGGER message_gone AFTER DELETE ON message WHEN OLD.state <> 'done' BEGIN ${GONE} END;
  CREATE TRIGGER message_changed AFTER UPDATE OF state, bytes, origin ON message BEGIN ${GONE} ${ADDED} END;`;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, sender TEXT NOT NULL, control_id TEXT NOT NULL, sha256 TEXT NOT NULL, nonce TEXT NOT NULL, bytes BLOB,
    state TEXT NOT NULL, code TEXT, details TEXT, record_id TEXT, received_at INTEGER NOT NULL, next_at INTEGER NOT NULL, tries INTEGER NOT NULL,
    UNIQUE (sender, control_id));
  DROP TABLE IF EXISTS patient;
  CREATE INDEX IF NOT EXISTS message_nonce ON message (nonce);
  CREATE TABLE IF NOT EXISTS report (
    place INTEGER PRIMARY KEY AUTOINCREMENT, nonce TEXT NOT NULL UNIQUE, order_key TEXT NOT NULL, pseudonym TEXT, record_id TEXT, version INTEGER,
    is_done INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS report_order ON report (order_key, place);
  CREATE TABLE IF NOT EXISTS merge (
    merge_id TEXT PRIMARY KEY, message_id INTEGER NOT NULL UNIQUE, prior TEXT NOT NULL, survivor TEXT NOT NULL, state TEXT NOT NULL, proposed_at INTEGER NOT NULL,
    decided_by TEXT, decided_at INTEGER);`;

/** `origin`: the address or certificate that brought it; `asks`: whether it asks anything of the hospital's node, `node` or `nobody`. */
const VERSION_1 = `
  ALTER TABLE message ADD COLUMN origin TEXT NOT NULL DEFAULT '';
  ALTER TABLE message ADD COLUMN asks TEXT NOT NULL DEFAULT 'node';
  UPDATE message SET state = 'apart' WHERE state = 'waiting' AND code IS 'PATIENT_NOT_LINKED';
  DROP INDEX IF EXISTS message_due;
  DROP INDEX IF EXISTS message_fresh;
  DROP INDEX IF EXISTS message_unlinked;
  CREATE INDEX message_due ON message (asks, next_at, id) WHERE state IN ('kept', 'waiting');
  CREATE INDEX message_apart ON message (next_at) WHERE state = 'apart';
  ${HELD}
  PRAGMA user_version = 1;`;

/** SQLite takes a partial index only where the question names the same state as a literal (sqlite.org/partialindex.html). */
const VERSION_2 = `
  DROP INDEX IF EXISTS message_held;
  CREATE INDEX message_apart_held ON message (origin, received_at, id) WHERE state = 'apart' AND bytes IS NOT NULL;
  CREATE INDEX message_refused_held ON message (origin, received_at, id) WHERE state = 'refused' AND bytes IS NOT NULL;
  PRAGMA user_version = 2;`;

const VERSION_3 = `
  DROP INDEX IF EXISTS message_due;
  CREATE INDEX IF NOT EXISTS message_kept ON message (asks, next_at, id) WHERE state = 'kept';
  CREATE INDEX IF NOT EXISTS message_waiting ON message (asks, next_at, id) WHERE state = 'waiting';
  PRAGMA user_version = 3;`;

/** Makes the tables, or brings those of an earlier release up to date: all of it or nothing. */
export function migrate(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(SCHEMA);
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version < 1) db.exec(VERSION_1);
    if (version < 2) db.exec(VERSION_2);
    if (version < 3) db.exec(VERSION_3);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
