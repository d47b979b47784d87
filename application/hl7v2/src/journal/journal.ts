import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { newIdNonce } from '@lianyi/client';
import { asStorageFault } from '@lianyi/client/node';
import { DomainError, type ErrorCode, type ErrorDetails, idNonceSchema, isErrorCode, sha256 } from '@lianyi/domain';
import { migrate, states, UNDONE } from './schema';

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
  asks: z.enum(['node', 'nobody']),
});

/** How a message that could not be done stays. */
export type Left = { readonly state: 'waiting' | 'apart'; readonly retryAfterMillis: number } | { readonly state: 'refused' };
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
  readonly asks: AsksWhom;
}

/** What came, from whom. */
export interface Arrival {
  readonly sender: string;
  readonly controlId: string;
  readonly bytes: Uint8Array;
  /** The address or certificate that has brought it. */
  readonly origin: string;
  /** Whether anything is asked of the hospital's node for it. */
  readonly asks: AsksWhom;
}
/** Whom a message asks for something: what asks nobody is done whether the node is there or not. */
export type AsksWhom = 'node' | 'nobody';

/** For how much there is no room. */
export type Lacking = { readonly messages: number; readonly bytes?: never } | { readonly bytes: number; readonly messages?: never };

/** Something to be written with everything else that is. @returns what is to be told once it is on the disk */
type Change = { readonly make: () => () => void; readonly reject: (error: unknown) => void };

/** So many give way at a time at most, whatever is lacking. */
const MOST_AT_ONCE = 1_000;
const heldSchema = z.object({ id: z.int(), size: z.int() });
const COLUMNS = `id, sender, control_id AS controlId, sha256, nonce, bytes, state, code, details, record_id AS recordId, received_at AS receivedAt, tries, asks`;
/** Each by the index of its state, in the index's order. Whoever waits for people asks the node. */
export const dueOf = (state: 'kept' | 'waiting' | 'apart'): string =>
  `SELECT ${COLUMNS} FROM message WHERE state = '${state}'${state === 'apart' ? '' : ' AND asks = ?'} AND next_at <= ? ORDER BY next_at, id LIMIT ?`;
/** The messages of one origin whose content is there, the oldest first: the index of the state gives them in this order. */
export const heldBy = (state: 'refused' | 'apart'): string =>
  `SELECT id, length(bytes) AS size FROM message WHERE origin = ? AND state = '${state}' AND bytes IS NOT NULL ORDER BY received_at, id LIMIT ?`;

/**
 * What has come over MLLP, in one SQLite file for its owner alone. What {@link keep} has answered survives a loss of power: those that come at
 * the same time share one write to the disk.
 */
export class Journal {
  readonly #db: DatabaseSync;
  #changes: Change[] = [];
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
    migrate(this.#db);
  }

  /**
   * Keeps a message, once: the same bytes under the same control id are the message that is there, which needs no room. One that was refused is tried
   * again.
   * @param isRoom - asked of what is new, or was refused, in the transaction that keeps it: what gives way for it does so with it or not at all
   * @throws {@link DomainError} `HL7_CONTROL_ID_REUSED` — other bytes under a control id that is there; `NODE_BUSY` — there is no room; `STORAGE_FULL`
   */
  async keep(arrival: Arrival, isRoom: () => boolean = () => true): Promise<Entry> {
    const kept = await this.write(() => this.#keepOne(arrival, isRoom));
    if (kept instanceof DomainError) throw kept;
    return entryOf(kept);
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

  /** What does not come to enough is as if it had not been done. */
  #orNothing(isEnough: () => boolean): boolean {
    this.#db.exec('SAVEPOINT enough');
    const is = isEnough();
    if (!is) this.#db.exec('ROLLBACK TO enough');
    this.#db.exec('RELEASE enough');
    return is;
  }

  /** A refusal is given back: what is thrown would undo what others change at this moment. */
  #keepOne({ sender, controlId, bytes, origin, asks }: Arrival, isRoom: () => boolean): z.output<typeof rowSchema> | DomainError {
    const hash = sha256(bytes);
    const find = (): z.output<typeof rowSchema> | undefined =>
      this.#rows(`SELECT ${COLUMNS} FROM message WHERE sender = ? AND control_id = ?`, sender, controlId)[0];
    const present = find();
    if (present !== undefined && present.sha256 !== hash)
      return new DomainError('HL7_CONTROL_ID_REUSED', undefined, { segment: 'MSH', field: 10 });
    const isNew = present === undefined || present.state === 'refused';
    if (isNew && !this.#orNothing(isRoom)) return new DomainError('NODE_BUSY', 'too many messages are undone');
    if (present === undefined) {
      const values = [sender, controlId, hash, newIdNonce(), bytes, origin, asks, this.now(), this.now()];
      const columns = 'sender, control_id, sha256, nonce, bytes, origin, asks, state, received_at, next_at, tries';
      this.#run(`INSERT INTO message (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, 'kept', ?, ?, 0)`, ...values);
    } else if (present.state === 'refused') {
      // it has come anew: what gives way, or is given up, is older
      const text = `UPDATE message SET state = 'kept', bytes = ?, origin = ?, received_at = ?, next_at = ?, tries = 0 WHERE id = ?`;
      this.#run(text, bytes, origin, this.now(), this.now(), present.id);
    } else if (present.state !== 'done') {
      // sent again: somebody waits for it; it loses no place that it has
      this.#run(`UPDATE message SET next_at = min(next_at, ?) WHERE id = ?`, this.now(), present.id);
    }
    const kept = find();
    if (kept === undefined) throw new Error('what was just kept is there');
    return kept;
  }

  /** What is to be done now, in the order in which it came or is due again. @param of - not tried yet; failed for now; or waiting for people */
  due(asks: AsksWhom, limit: number, of: 'kept' | 'waiting' | 'apart'): readonly Entry[] {
    const values = of === 'apart' ? [] : [asks];
    return this.#rows(dueOf(of), ...values, this.now(), limit).map(entryOf);
  }

  /**
   * Lets the content of refused messages of one origin go, or refuses what waits for people and lets its content go: the oldest first, no more than
   * what is lacking. @returns of how many
   */
  letGo(kind: 'refused' | 'apart', origin: string, lacking: Lacking): number {
    const ids = this.#oldest(kind, origin, lacking);
    const since = kind === 'apart' ? 'next_at = ?' : 'next_at = min(next_at, ?)';
    for (const id of ids) this.#run(`UPDATE message SET state = 'refused', bytes = NULL, ${since} WHERE id = ?`, this.now(), id);
    return ids.length;
  }

  /** As many as there are, at most {@link MOST_AT_ONCE}. */
  #oldest(kind: 'refused' | 'apart', origin: string, lacking: Lacking): readonly number[] {
    const ids: number[] = [];
    let { messages = Infinity, bytes = Infinity } = lacking;
    for (const row of this.#statement(heldBy(kind)).iterate(origin, MOST_AT_ONCE)) {
      const { id, size } = heldSchema.parse(row);
      ids.push(id);
      messages -= 1;
      bytes -= size;
      if (messages <= 0 || bytes <= 0) break;
    }
    return ids;
  }

  /**
   * Refuses what has waited for people since before a time. Of a patient whose number nobody has linked no content is kept any longer: nobody may have
   * asked for it.
   */
  giveUpBefore(time: number): void {
    const bytes = `bytes = iif(code = 'PATIENT_NOT_LINKED', NULL, bytes)`;
    this.#run(`UPDATE message SET state = 'refused', ${bytes}, next_at = ? WHERE state = 'apart' AND received_at < ?`, this.now(), time);
  }

  entry(id: number): Entry | undefined {
    const row = this.#rows(`SELECT ${COLUMNS} FROM message WHERE id = ?`, id)[0];
    return row === undefined ? undefined : entryOf(row);
  }

  /** It is published, or whatever was to be done: of its content nothing is needed any more. Inside {@link write}. */
  done(id: number, recordId: string | undefined): void {
    const set = `state = 'done', bytes = NULL, code = NULL, details = NULL, record_id = ?, next_at = ?`;
    this.#run(`UPDATE message SET ${set} WHERE id = ? AND ${UNDONE}`, recordId ?? null, this.now(), id);
  }

  /** It could not be done; what is refused keeps its bytes, since who was told that it is kept may send it no more. Inside {@link write}. */
  failed(id: number, { code, details }: Obstacle, left: Left): void {
    const retryAfterMillis = left.state === 'refused' ? 0 : left.retryAfterMillis;
    // one that gave way meanwhile stays refused
    const text = `UPDATE message SET state = ?, code = ?, details = ?, next_at = ?, tries = tries + 1 WHERE id = ? AND ${UNDONE}`;
    this.#run(text, left.state, code, JSON.stringify(details), this.now() + retryAfterMillis, id);
  }

  /** Lets what waits be tried at once: a patient's number may be linked now. */
  hurry(): void {
    this.#run(`UPDATE message SET next_at = ? WHERE state IN ('waiting', 'apart')`, this.now());
  }

  /** Forgets the control ids, and what is left of the content, of what was done or refused before: senders begin to count anew. */
  forgetBefore(time: number): void {
    this.#run(`DELETE FROM message WHERE state IN ('done', 'refused') AND next_at < ?`, time);
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
