import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { newIdNonce } from '@lianyi/client';
import { asStorageFault } from '@lianyi/client/node';
import { DomainError, type ErrorCode, type ErrorDetails, idNonceSchema, isErrorCode, sha256 } from '@lianyi/domain';

/**
 * `kept`: to be done; `waiting`: tried, and to be tried again; `done`: its bytes are forgotten; `refused`: nothing more is done, until it is
 * sent again.
 */
const states = ['kept', 'waiting', 'done', 'refused'] as const;

const rowSchema = z.object({
  id: z.int(),
  sender: z.string(),
  controlId: z.string(),
  sha256: z.string(),
  nonce: idNonceSchema,
  bytes: z.instanceof(Uint8Array).nullable(),
  state: z.enum(states),
  code: z.string().nullable(),
  details: z.string().nullable(),
  recordId: z.string().nullable(),
  receivedAt: z.int(),
  tries: z.int(),
});

type Obstacle = { readonly code: ErrorCode; readonly details: ErrorDetails };

/** A message as the journal has it. */
export interface Entry {
  readonly id: number;
  readonly controlId: string;
  readonly sender: string;
  /** Of the record that it becomes: the same however often it is tried. */
  readonly nonce: z.output<typeof idNonceSchema>;
  /** Undefined once it is done, or has given way. */
  readonly bytes: Uint8Array | undefined;
  readonly state: (typeof states)[number];
  readonly obstacle?: Obstacle | undefined;
  readonly recordId: string | undefined;
  readonly receivedAt: Date;
  readonly tries: number;
}

/** What came, from whom. */
export interface Arrival {
  readonly sender: string;
  readonly controlId: string;
  readonly bytes: Uint8Array;
}

/** Something to be written with everything else that is. @returns what is to be told once it is on the disk */
type Change = { readonly make: () => () => void; readonly reject: (error: unknown) => void };

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, sender TEXT NOT NULL, control_id TEXT NOT NULL, sha256 TEXT NOT NULL, nonce TEXT NOT NULL, bytes BLOB,
    state TEXT NOT NULL, code TEXT, details TEXT, record_id TEXT, received_at INTEGER NOT NULL, next_at INTEGER NOT NULL, tries INTEGER NOT NULL,
    UNIQUE (sender, control_id));
  DROP INDEX IF EXISTS message_due;
  CREATE INDEX IF NOT EXISTS message_fresh ON message (id) WHERE state IN ('kept', 'waiting') AND code IS NOT 'PATIENT_NOT_LINKED';
  CREATE INDEX IF NOT EXISTS message_unlinked ON message (next_at) WHERE state IN ('kept', 'waiting') AND code IS 'PATIENT_NOT_LINKED';
  CREATE TABLE IF NOT EXISTS patient (
    system TEXT NOT NULL, value TEXT NOT NULL, pid TEXT NOT NULL, message_id INTEGER NOT NULL, changed_at INTEGER NOT NULL, PRIMARY KEY (system, value));
  CREATE INDEX IF NOT EXISTS message_nonce ON message (nonce);
  CREATE TABLE IF NOT EXISTS report (
    place INTEGER PRIMARY KEY AUTOINCREMENT, nonce TEXT NOT NULL UNIQUE, order_key TEXT NOT NULL, pseudonym TEXT, record_id TEXT, version INTEGER,
    is_done INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX IF NOT EXISTS report_order ON report (order_key, place);
  CREATE TABLE IF NOT EXISTS merge (
    merge_id TEXT PRIMARY KEY, message_id INTEGER NOT NULL UNIQUE, prior TEXT NOT NULL, survivor TEXT NOT NULL, state TEXT NOT NULL, proposed_at INTEGER NOT NULL,
    decided_by TEXT, decided_at INTEGER)`;
const UNDONE = `state IN ('kept', 'waiting')`;
/** As the index `message_unlinked` has it. */
const UNLINKED = `${UNDONE} AND code IS 'PATIENT_NOT_LINKED'`;
const COLUMNS = `id, sender, control_id AS controlId, sha256, nonce, bytes, state, code, details, record_id AS recordId, received_at AS receivedAt, tries`;

/**
 * What has come over MLLP, in one SQLite file for its owner alone. What {@link keep} has answered survives a loss of power: those that come at
 * the same time share one write to the disk.
 */
export class Journal {
  readonly #db: DatabaseSync;
  #changes: Change[] = [];
  /** Messages that are not done: one process writes here. */
  #undone = 0;
  readonly #statements = new Map<string, StatementSync>();

  /** @throws {@link DomainError} `STORAGE_FULL`; the operating system's errors */
  constructor(
    file: string,
    private readonly now: () => number = Date.now,
  ) {
    // made before SQLite does, which would let everybody read it
    closeSync(openSync(file, 'a', 0o600));
    for (const each of [file, `${file}-wal`, `${file}-shm`].filter((path) => existsSync(path))) chmodSync(each, 0o600);
    this.#db = new DatabaseSync(file, { timeout: 5_000 });
    // FULL: a commit is on the disk before it is answered (sqlite.org/pragma.html#pragma_synchronous)
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    this.#db.exec(SCHEMA);
    this.#undone = this.waiting().reduce((sum, { messages }) => sum + messages, 0);
  }

  /**
   * Keeps a message, once: the same bytes under the same control id are the message that is there. One that was refused is tried again.
   * @throws {@link DomainError} `HL7_CONTROL_ID_REUSED` — other bytes under a control id that is there; `STORAGE_FULL`
   */
  async keep(arrival: Arrival): Promise<Entry> {
    const row = await this.write(() => this.#keepOne(arrival));
    if (row === undefined) throw new DomainError('HL7_CONTROL_ID_REUSED', undefined, { segment: 'MSH', field: 10 });
    return entryOf(row);
  }

  /** Changes something together with all that others change at this moment; ends when it is on the disk, all of it or none. */
  write<Result>(change: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      const make = (): (() => void) => {
        const result = change();
        return () => {
          resolve(result);
        };
      };
      if (this.#changes.push({ make, reject }) > 1) return;
      setImmediate(() => {
        this.#flush();
      });
    });
  }

  #flush(): void {
    const changes = this.#changes;
    this.#changes = [];
    let made: readonly (() => void)[];
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      made = changes.map(({ make }) => make());
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      for (const { reject } of changes) reject(asJournalFault(error));
      return;
    }
    for (const tell of made) tell();
  }

  /** @returns undefined where other bytes stand under the control id */
  #keepOne({ sender, controlId, bytes }: Arrival): z.output<typeof rowSchema> | undefined {
    const hash = sha256(bytes);
    const find = (): z.output<typeof rowSchema> | undefined =>
      this.#rows(`SELECT ${COLUMNS} FROM message WHERE sender = ? AND control_id = ?`, sender, controlId)[0];
    const present = find();
    if (present !== undefined && present.sha256 !== hash) return undefined;
    if (present === undefined) {
      const values = [sender, controlId, hash, newIdNonce(), bytes, this.now(), this.now()];
      const columns = 'sender, control_id, sha256, nonce, bytes, state, received_at, next_at, tries';
      this.#run(`INSERT INTO message (${columns}) VALUES (?, ?, ?, ?, ?, 'kept', ?, ?, 0)`, ...values);
      this.#undone += 1;
    } else if (present.state !== 'done') {
      // sent again: somebody waits for it
      const text = `UPDATE message SET state = iif(state = 'refused', 'kept', state), bytes = ?, next_at = ? WHERE id = ?`;
      this.#run(text, bytes, this.now(), present.id);
      if (present.state === 'refused') this.#undone += 1;
    }
    return find();
  }

  /**
   * What is to be done now, in the order of its arrival; after it what waits for a number to be linked, in the order in which it is due. However many of
   * those there are, they keep nothing new from being looked at, and each has its turn.
   */
  due(limit: number): readonly Entry[] {
    const select = `SELECT ${COLUMNS} FROM message WHERE state IN ('kept', 'waiting') AND next_at <= ?`;
    const fresh = this.#rows(`${select} AND code IS NOT 'PATIENT_NOT_LINKED' ORDER BY id LIMIT ?`, this.now(), limit);
    const left = limit - fresh.length;
    const unlinked =
      left > 0 ? this.#rows(`${select} AND code IS 'PATIENT_NOT_LINKED' ORDER BY next_at, id LIMIT ?`, this.now(), left) : [];
    return [...fresh, ...unlinked].map(entryOf);
  }

  /** How many messages wait for something, and for what they do. */
  waiting(): readonly { readonly code: string; readonly messages: number }[] {
    const rows = this.#statement(
      `SELECT coalesce(code, '') AS code, count(*) AS messages FROM message WHERE state IN ('kept', 'waiting') GROUP BY 1 ORDER BY 1`,
    ).all();
    return z.array(z.object({ code: z.string(), messages: z.int() })).parse(rows);
  }

  /** How many messages are not done. */
  get undone(): number {
    return this.#undone;
  }

  /**
   * Whether one more may come where so many may be undone. Those that wait for a number to be linked shut nobody out: of the sender from whom the most of
   * them are, the newest tenth is refused, and its bytes go.
   */
  hasRoom(mostUndone: number): boolean {
    if (this.#undone < mostUndone) return true;
    const bySender = `SELECT sender, count(*) AS messages FROM message WHERE ${UNLINKED} GROUP BY sender ORDER BY messages DESC LIMIT 1`;
    const [most] = z.array(z.object({ sender: z.string(), messages: z.int() })).parse(this.#statement(bySender).all());
    if (most === undefined) return false;
    this.#refuseUnlinked('AND sender = ? ORDER BY id DESC LIMIT ?', most.sender, Math.ceil(most.messages / 10));
    return true;
  }

  /** Refuses what has waited for a number to be linked since before a time; its bytes go, and it is tried again when it is sent again. */
  refuseUnlinkedBefore(time: number): void {
    this.#refuseUnlinked('AND received_at < ?', time);
  }

  #refuseUnlinked(which: string, ...values: readonly (string | number)[]): void {
    const ids = `SELECT id FROM message WHERE ${UNLINKED} ${which}`;
    this.#undone -= this.#run(`UPDATE message SET state = 'refused', bytes = NULL WHERE id IN (${ids})`, ...values);
  }

  entry(id: number): Entry | undefined {
    const row = this.#rows(`SELECT ${COLUMNS} FROM message WHERE id = ?`, id)[0];
    return row === undefined ? undefined : entryOf(row);
  }

  /** It is published, or whatever was to be done: of its content nothing is needed any more. Inside {@link write}. */
  done(id: number, recordId: string | undefined): void {
    const text = `UPDATE message SET state = 'done', bytes = NULL, code = NULL, details = NULL, record_id = ? WHERE id = ? AND ${UNDONE}`;
    this.#undone -= this.#run(text, recordId ?? null, id);
  }

  /** @param retryAfterMillis - undefined: it is not tried again until it is sent again. Inside {@link write}. */
  failed(id: number, { code, details }: Obstacle, retryAfterMillis: number | undefined): void {
    const state = retryAfterMillis === undefined ? 'refused' : 'waiting';
    const values = [state, code, JSON.stringify(details), this.now() + (retryAfterMillis ?? 0), id];
    // one that gave way meanwhile stays refused
    const text = `UPDATE message SET state = ?, code = ?, details = ?, next_at = ?, tries = tries + 1 WHERE id = ? AND ${UNDONE}`;
    const changed = this.#run(text, ...values);
    // what is refused keeps its bytes until it is forgotten: who was told that it is kept may send it no more
    if (retryAfterMillis === undefined) this.#undone -= changed;
  }

  /** Lets what waits for a patient's number be tried at once: it may be linked now. */
  hurry(): void {
    this.#run(`UPDATE message SET next_at = ? WHERE state = 'waiting'`, this.now());
  }

  /** Forgets the control ids of what was done or refused before: senders begin to count anew. */
  forgetBefore(time: number): void {
    this.#run(`DELETE FROM message WHERE state IN ('done', 'refused') AND received_at < ?`, time);
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** A statement of the tables beside the messages. */
  run(text: string, ...values: readonly (string | number)[]): number {
    return this.#run(text, ...values);
  }

  /** A question to them. */
  all(text: string, ...values: readonly (string | number)[]): readonly unknown[] {
    return this.#statement(text).all(...values);
  }

  close(): void {
    this.#db.close();
  }

  #rows(text: string, ...values: readonly (string | number)[]): readonly z.output<typeof rowSchema>[] {
    return z.array(rowSchema).parse(this.#statement(text).all(...values));
  }

  #run(text: string, ...values: readonly (string | number | Uint8Array | null)[]): number {
    return Number(this.#statement(text).run(...values).changes);
  }

  #statement(text: string): StatementSync {
    const known = this.#statements.get(text) ?? this.#db.prepare(text);
    this.#statements.set(text, known);
    return known;
  }
}

function entryOf({ code, details, bytes, recordId, receivedAt, ...row }: z.output<typeof rowSchema>): Entry {
  const obstacle = code !== null && isErrorCode(code) ? { code, details: detailsSchema.parse(JSON.parse(details ?? '{}')) } : undefined;
  return { ...row, bytes: bytes ?? undefined, recordId: recordId ?? undefined, receivedAt: new Date(receivedAt), obstacle };
}
const detailsSchema = z.record(z.string(), z.union([z.string(), z.number()]));

/** SQLITE_FULL, and what the operating system says of a full disk. */
function asJournalFault(error: unknown): unknown {
  const isFull = error instanceof Error && 'errcode' in error && error.errcode === 13;
  return isFull ? new DomainError('STORAGE_FULL', 'no room for the message', {}, { cause: error }) : asStorageFault(error);
}
