import { type Hl7Charset } from '@lianyi/documents/hl7-v2';
import { type Entry, type Journal, type Left } from '../journal/journal';
import { type Conventions, planOf } from '../message/plan';
import { readMessage } from '../message/header';
import { type Failure, workFailure } from './failure';
import { type OwnHospital } from './hospital';
import { carryOut } from './carry-out';
import { longerEachTime } from './longer';
import { NodeRest } from './node-rest';

/** A member node publishes two documents of one signer at a time; more would wait there. */
const AT_ONCE = 4;
const FIRST_RETRY_MILLIS = 2_000;
const LONGEST_RETRY_MILLIS = 600_000;
/** How often it is looked for what is due, when nothing says so. */
const LOOK_MILLIS = 1_000;

export interface WorkerOptions {
  readonly journal: Journal;
  readonly hospital: OwnHospital;
  readonly conventions: Conventions;
  readonly charset: Hl7Charset;
  /** Told of what is nobody's refusal: a fault of this program. The message waits. */
  readonly onFault: (error: unknown) => void;
  /** Told of each message that is refused, by its number in the journal. */
  readonly onRefused: (message: number, failure: Failure) => void;
}

/** Does what kept messages ask for, in the order of their arrival, a few at a time; what fails for now is tried again later and later. */
export class Worker {
  readonly #atWork = new Map<number, Entry & { readonly work: Promise<void> }>();
  readonly #listeners = new Map<number, Set<(entry: Entry) => void>>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** Of those at work, how many ask something of the node. */
  #asking = 0;
  readonly #rest = new NodeRest(AT_ONCE);
  #turn = 0;

  constructor(private readonly options: WorkerOptions) {}

  /** Begins, with what an earlier run has left. */
  start(): void {
    this.look();
  }

  /** Looks for what is due: what asks nothing of the node is not kept back by it. */
  look(): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#beginFirst('nobody', AT_ONCE);
    if (this.#rest.isOver) this.#beginFirst('node', AT_ONCE - this.#asking);
    this.#timer = setTimeout(() => {
      this.look();
    }, LOOK_MILLIS);
  }

  #beginFirst(asks: Entry['asks'], most: number): void {
    for (let place = 0; place < most; place += 1) {
      const entry = this.#next(asks);
      if (entry === undefined) return;
      this.#begin(entry);
    }
  }

  /**
   * What has failed before has one place of its own, and a second one while nothing is new: however many such messages there are, and however slowly
   * each fails, they keep no new one waiting, and new ones not them.
   */
  #next(asks: Entry['asks']): Entry | undefined {
    const again = [...this.#atWork.values()].filter((entry) => entry.asks === asks && entry.state !== 'kept').length;
    const first = again === 0 ? this.#failedBefore(asks) : undefined;
    return first ?? this.#firstOf(asks, 'kept') ?? (again === 1 ? this.#failedBefore(asks) : undefined);
  }

  /** By turns what waits for the node and what waits for people. */
  #failedBefore(asks: Entry['asks']): Entry | undefined {
    if (asks === 'nobody') return this.#firstOf(asks, 'waiting');
    const kinds = (this.#turn += 1) % 2 === 0 ? (['waiting', 'apart'] as const) : (['apart', 'waiting'] as const);
    return this.#firstOf(asks, kinds[0]) ?? this.#firstOf(asks, kinds[1]);
  }

  #firstOf(asks: Entry['asks'], state: 'kept' | 'waiting' | 'apart'): Entry | undefined {
    return this.options.journal.due(asks, this.#atWork.size + 1, state).find(({ id }) => !this.#atWork.has(id));
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
    await Promise.all([...this.#atWork.values()].map(({ work }) => work));
  }

  #begin(entry: Entry): void {
    const asking = entry.asks === 'node' ? 1 : 0;
    this.#asking += asking;
    const work = this.#work(entry)
      .catch(this.options.onFault) // not even that could be written: it is due as before
      .finally(() => {
        this.#asking -= asking;
        this.#atWork.delete(entry.id);
        this.look();
      });
    this.#atWork.set(entry.id, { ...entry, work });
  }

  async #work(entry: Entry): Promise<void> {
    const { journal } = this.options;
    try {
      await this.#carryOut(entry);
    } catch (error) {
      this.options.onFault(error);
      this.#rest.failed();
      await journal.write(() => {
        journal.failed(entry.id, { code: 'NODE_BUSY', details: {} }, { state: 'waiting', retryAfterMillis: retryAfter(entry.tries) });
      });
      return;
    }
    const now = journal.entry(entry.id);
    // what passes by itself is not told
    if (now === undefined || now.state === 'waiting') return;
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
      if (entry.asks === 'node') this.#rest.published();
    } catch (error) {
      const failure = workFailure(error);
      if (failure.fault === 'node') this.#rest.failed();
      await journal.write(() => {
        journal.failed(entry.id, failure, leftBy(failure, entry));
      });
      if (failure.fault === 'message') this.options.onRefused(entry.id, failure);
    }
  }
}

function leftBy({ fault }: Failure, { tries }: Entry): Left {
  if (fault === 'message') return { state: 'refused' };
  return { state: fault === 'people' ? 'apart' : 'waiting', retryAfterMillis: retryAfter(tries) };
}

function retryAfter(tries: number): number {
  return longerEachTime(FIRST_RETRY_MILLIS, LONGEST_RETRY_MILLIS, tries);
}
