import { type Hl7Charset } from '@lianyi/documents/hl7-v2';
import { type ErrorCode } from '@lianyi/domain';
import { type Entry, type Journal } from '../journal/journal';
import { type Conventions, planOf } from '../message/plan';
import { readMessage } from '../message/header';
import { workFailure } from './failure';
import { type OwnHospital } from './hospital';
import { carryOut } from './carry-out';

/** A member node publishes two documents of one signer at a time; more would wait there. */
const AT_ONCE = 4;
const FIRST_RETRY_MILLIS = 2_000;
const LONGEST_RETRY_MILLIS = 600_000;
const LONGEST_REST_MILLIS = 30_000;
/** What stands in the way of one message, and of no other. */
const OF_ONE_MESSAGE: ReadonlySet<ErrorCode> = new Set(['PATIENT_NOT_LINKED', 'PREPARATION_IN_USE', 'LEDGER_CONFLICT', 'OUTCOME_UNKNOWN']);
/** How often it is looked for what is due, when nothing says so. */
const LOOK_MILLIS = 1_000;

export interface WorkerOptions {
  readonly journal: Journal;
  readonly hospital: OwnHospital;
  readonly conventions: Conventions;
  readonly charset: Hl7Charset;
  /** Told of what is nobody's refusal: a fault of this program. The message waits. */
  readonly onFault: (error: unknown) => void;
}

/** Does what kept messages ask for, in the order of their arrival, a few at a time; what fails for now is tried again later and later. */
export class Worker {
  readonly #atWork = new Map<number, Promise<void>>();
  readonly #listeners = new Map<number, Set<(entry: Entry) => void>>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** How often in succession the node was of no use, and until when it is not asked. */
  #misses = 0;
  #restUntil = 0;

  constructor(private readonly options: WorkerOptions) {}

  /** Begins, with what an earlier run has left. */
  start(): void {
    this.look();
  }

  /** Looks for what is due. */
  look(): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    const free = Date.now() < this.#restUntil ? 0 : AT_ONCE - this.#atWork.size;
    const due = free <= 0 ? [] : this.options.journal.due(AT_ONCE * 2).filter(({ id }) => !this.#atWork.has(id));
    for (const entry of due.slice(0, free)) this.#begin(entry);
    this.#timer = setTimeout(() => {
      this.look();
    }, LOOK_MILLIS);
  }

  /** Calls once, when the message is done or it is known why it is not; not for what passes by itself. @returns how to listen no more */
  whenSettled(id: number, listener: (entry: Entry) => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  /** Ends when what is at work is over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#atWork.values());
  }

  #begin(entry: Entry): void {
    const work = this.#work(entry)
      .catch(this.options.onFault) // not even that could be written: it is due as before
      .finally(() => {
        this.#atWork.delete(entry.id);
        this.look();
      });
    this.#atWork.set(entry.id, work);
  }

  async #work(entry: Entry): Promise<void> {
    const { journal } = this.options;
    try {
      await this.#carryOut(entry);
    } catch (error) {
      this.options.onFault(error);
      this.#restUntil = Date.now() + FIRST_RETRY_MILLIS;
      await journal.write(() => {
        journal.failed(entry.id, { code: 'NODE_BUSY', details: {} }, retryAfter(entry.tries));
      });
      return;
    }
    const now = journal.entry(entry.id);
    const isTold = now !== undefined && (now.state !== 'waiting' || now.obstacle?.code === 'PATIENT_NOT_LINKED');
    if (!isTold) return;
    const listeners = this.#listeners.get(entry.id);
    this.#listeners.delete(entry.id);
    for (const listener of listeners ?? []) listener(now);
  }

  /** What is refused is written down; what is a fault of this program is thrown. */
  async #carryOut(entry: Entry): Promise<void> {
    const { journal, hospital, conventions, charset } = this.options;
    if (entry.bytes === undefined) return;
    try {
      await carryOut(entry, planOf(readMessage(entry.bytes, charset), conventions), { journal, hospital });
      this.#misses = 0;
    } catch (error) {
      const { isPassing, ...failure } = workFailure(error);
      // a node that cannot be reached for one message cannot be for the next: it is left alone for a while
      const isOfNode = isPassing && !OF_ONE_MESSAGE.has(failure.code);
      if (isOfNode) this.#restUntil = Date.now() + Math.min(LONGEST_REST_MILLIS, retryAfter(this.#misses++));
      await journal.write(() => {
        journal.failed(entry.id, failure, isPassing ? retryAfter(entry.tries) : undefined);
      });
    }
  }
}

function retryAfter(tries: number): number {
  return Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS * 2 ** Math.min(tries, 20));
}
