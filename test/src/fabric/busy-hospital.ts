import { setTimeout as sleep } from 'node:timers/promises';
import { CommitError, EndorseError } from '@hyperledger/fabric-gateway';
import { type Party } from '../conformance/party';

/** What a hospital that never pauses saw while something else was done. */
export interface Seen {
  readonly commits: number;
  readonly longestGapMillis: number;
  /** Said to have failed, and committed all the same; who asks the ledger first loses nothing. */
  readonly late: number;
  /** Ordered, and found invalid: an endorsement no longer counted. */
  readonly invalidated: number;
  readonly endorsementsRefused: number;
  /** Neither acknowledged nor on the ledger. */
  readonly lost: readonly string[];
}

const LATE_MILLIS = 20_000;
const NEXT_MILLIS = 60_000;

/** Submits one transaction after another with the stock client and remembers what became of each. */
export class BusyHospital {
  readonly #commitsAt: number[] = [];
  readonly #written: string[] = [];
  #counts = { late: 0, invalidated: 0, endorsementsRefused: 0 };
  #lost: string[] = [];
  #isOver = false;
  readonly #done: Promise<void>;

  constructor(
    private readonly party: Party,
    private readonly name: string,
  ) {
    this.#done = this.#work();
  }

  async #work(): Promise<void> {
    for (let number = 0; !this.#isOver; number++) {
      const key = `${this.name}-${String(number)}`;
      try {
        await this.party.submit('Put', [key, 'written']);
        this.#commitsAt.push(Date.now());
        this.#written.push(key);
      } catch (error) {
        await this.#judge(key, error);
      }
    }
  }

  async #judge(key: string, error: unknown): Promise<void> {
    if (error instanceof CommitError) this.#counts.invalidated++;
    else if (error instanceof EndorseError) {
      this.#counts.endorsementsRefused++;
      await sleep(50);
    } else if (await this.#arrives(key)) {
      this.#counts.late++;
      this.#commitsAt.push(Date.now());
      this.#written.push(key);
    } else this.#lost.push(`${key}: ${String(error)}`);
  }

  async #arrives(key: string): Promise<boolean> {
    const until = Date.now() + LATE_MILLIS;
    while (Date.now() < until) {
      const value = await this.party.evaluate('Get', [key]).catch(() => '');
      if (value === 'written') return true;
      await sleep(100);
    }
    return false;
  }

  /** What it saw during the work, and until its next commit after it. */
  async during(work: () => Promise<void>): Promise<Seen> {
    const begun = Date.now();
    const commits = this.#commitsAt.length;
    this.#counts = { late: 0, invalidated: 0, endorsementsRefused: 0 };
    this.#lost = [];
    await work();
    const ended = Date.now();
    while (Date.now() < ended + NEXT_MILLIS && !this.#commitsAt.some((at) => at > ended)) await sleep(20);
    const instants = [begun, ...this.#commitsAt.filter((at) => at > begun)];
    const gaps = instants.slice(1).map((at, index) => at - (instants[index] ?? at));
    return { commits: this.#commitsAt.length - commits, longestGapMillis: Math.max(0, ...gaps), ...this.#counts, lost: this.#lost };
  }

  /** Ends the work; answers what it was told is on the ledger. */
  async stop(): Promise<readonly string[]> {
    this.#isOver = true;
    await this.#done;
    return this.#written;
  }
}
