import { type HeldPseudonym } from '@lianyi/client/wallet';
import { type MspId, type Pseudonym } from '@lianyi/domain';
import { type PatientLedgerSession } from '../ledger/patient-session';

/** That something has happened to somebody for whom the wallet acts, and in which block. */
export interface NewsOfOther {
  readonly pseudonym: Pseudonym;
  readonly mspId: MspId;
  readonly blockNumber: string;
}

/** A node that answers sooner than this holds nothing. */
const HELD_LEAST_MILLIS = 1_000;

/** Waits for news of every pseudonym of a wallet at once. */
export class InboxNews {
  #wake = Promise.withResolvers<undefined>();
  #ofOthers: NewsOfOther[] = [];

  /** @param restMillis - how long nobody is asked where none holds an answer; the inbox is read that often in any case */
  constructor(
    private readonly session: Pick<PatientLedgerSession, 'newsOf'>,
    private readonly stop: AbortSignal,
    private readonly restMillis: number,
  ) {}

  /** Begins to wait for what comes from now on. */
  async start(held: Promise<readonly HeldPseudonym[]>): Promise<void> {
    const present = (await held).filter(({ past }) => past === undefined);
    await Promise.all(present.map((each) => this.#begin(each)));
  }

  /** Resolves when something has happened since it did last. */
  async next(): Promise<void> {
    await this.#wake.promise;
    this.#wake = Promise.withResolvers<undefined>();
  }

  /** What has come of others since it was asked last. */
  ofOthers(): readonly NewsOfOther[] {
    return this.#ofOthers.splice(0);
  }

  /** What happened before, the inbox tells that is read next. */
  async #begin(held: HeldPseudonym): Promise<void> {
    const news = await this.session.newsOf(held.pseudonym).catch(() => undefined);
    if (news !== undefined) void this.#follow(held, news, await news.newest());
  }

  async #follow(
    { pseudonym, mspId, delegationId }: HeldPseudonym,
    news: Awaited<ReturnType<PatientLedgerSession['newsOf']>>,
    from: bigint | undefined,
  ): Promise<void> {
    let seen = from;
    while (!this.stop.aborted) {
      const began = Date.now();
      const block = seen === undefined ? undefined : await news.after(seen);
      if (block !== undefined) {
        seen = block;
        if (delegationId !== undefined) this.#ofOthers.push({ pseudonym, mspId, blockNumber: block.toString() });
        this.#wake.resolve(undefined);
      } else if (Date.now() - began < HELD_LEAST_MILLIS) {
        await new Promise((resolve) => setTimeout(resolve, this.restMillis).unref());
        seen ??= await news.newest();
      }
    }
  }
}
