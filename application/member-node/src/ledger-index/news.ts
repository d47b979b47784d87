import type { Kysely } from 'kysely';
import { type IndexTables } from './tables';

type Wake = (blockNumber: bigint) => void;

interface NewsWait {
  readonly newest: () => Promise<bigint | undefined>;
  readonly millis: number;
  /** Ends when others need the place. */
  readonly givenWay?: Promise<undefined>;
}

/** Who waits for something to happen to a patient: they are woken by the block that says so, and nothing is looked up for them meanwhile. */
export class News {
  readonly #waiting = new Map<string, Set<Wake>>();

  /** Something has happened to these. */
  told(pseudonyms: Iterable<string>, blockNumber: bigint): void {
    for (const pseudonym of new Set(pseudonyms)) for (const wake of [...(this.#waiting.get(pseudonym) ?? [])]) wake(blockNumber);
  }

  /**
   * Waits for a block after one, in which something happens to a patient.
   * @param newest - the newest that there is; looked up once, after whatever comes meanwhile is heard
   * @returns undefined when the time is up, or it has to give way
   */
  async after(pseudonym: string, blockNumber: bigint, { newest, millis, givenWay }: NewsWait): Promise<bigint | undefined> {
    const { promise, resolve } = Promise.withResolvers<bigint | undefined>();
    const wake: Wake = (told) => {
      if (told > blockNumber) resolve(told);
    };
    const waiting = this.#waiting.get(pseudonym) ?? new Set<Wake>();
    this.#waiting.set(pseudonym, waiting.add(wake));
    const timer = setTimeout(resolve, millis, undefined);
    void givenWay?.then(resolve);
    try {
      const known = await newest();
      return known !== undefined && known > blockNumber ? known : await promise;
    } finally {
      clearTimeout(timer);
      waiting.delete(wake);
      if (waiting.size === 0 && this.#waiting.get(pseudonym) === waiting) this.#waiting.delete(pseudonym);
    }
  }
}

/** The newest block of a chain after one, in which something has happened to a patient. */
export async function newestNewsIn(
  db: Kysely<IndexTables>,
  source: string,
  { pseudonym, after }: { readonly pseudonym: string; readonly after: bigint },
): Promise<bigint | undefined> {
  const ofPatient = db.selectFrom('ledger_event').select('block_number').where('pseudonym', '=', pseudonym);
  const since = ofPatient.where('source', '=', source).where('block_number', '>', Number(after));
  const row = await since.orderBy('block_number', 'desc').limit(1).executeTakeFirst();
  return row && BigInt(row.block_number);
}
