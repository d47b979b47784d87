import { type Failure } from './failure';

const FIRST_REST_MILLIS = 2_000;
const LONGEST_REST_MILLIS = 30_000;
/** After so many tries a message that fails while others pass is in nobody's way. */
const TRIES_OF_ITS_OWN = 3;
/** So many messages that failed are remembered at a time. */
const MOST_REMEMBERED = 10_000;

/**
 * Until when the hospital's node is left alone: a node that cannot be asked for one message cannot be for the next. One message that fails again and again
 * for what seems the node's fault, while others have been published since it first did, does not keep the others waiting. It waits itself as what the node
 * is in the way of: what may be the node's fault alone never gives way to others.
 */
export class NodeRest {
  /** How often in succession the node was of no use. */
  #misses = 0;
  #until = 0;
  /** How many were published, and how many when a message first failed so. */
  #published = 0;
  readonly #publishedBefore = new Map<number, number>();

  constructor(private readonly now: () => number = Date.now) {}

  get isOver(): boolean {
    return this.now() >= this.#until;
  }

  published(message: number): void {
    this.#misses = 0;
    this.#published += 1;
    this.#publishedBefore.delete(message);
  }

  failed({ fault }: Pick<Failure, 'fault'>, { id, tries }: { readonly id: number; readonly tries: number }): void {
    if (fault !== 'node') {
      this.#publishedBefore.delete(id);
      return;
    }
    // of what people dropped meanwhile nobody tells
    if (this.#publishedBefore.size >= MOST_REMEMBERED) this.#publishedBefore.clear();
    const before = this.#publishedBefore.get(id) ?? this.#published;
    this.#publishedBefore.set(id, before);
    if (tries < TRIES_OF_ITS_OWN || this.#published === before) this.#rest(restAfter(this.#misses++));
  }

  /** This program has failed, whatever of. */
  faulted(): void {
    this.#rest(FIRST_REST_MILLIS);
  }

  #rest(millis: number): void {
    this.#until = this.now() + millis;
  }
}

function restAfter(misses: number): number {
  return Math.min(LONGEST_REST_MILLIS, FIRST_REST_MILLIS * 2 ** Math.min(misses, 20));
}
