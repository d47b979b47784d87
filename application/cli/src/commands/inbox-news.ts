import { type HeldPseudonym } from '@lianyi/client/wallet';
import { type MspId, type Pseudonym } from '@lianyi/domain';
import { type PatientLedgerSession } from '../ledger/patient-session';

/** That something has happened to somebody for whom the wallet acts, and in which block. */
export interface NewsOfOther {
  readonly pseudonym: Pseudonym;
  readonly mspId: MspId;
  readonly blockNumber: string;
}

type Member = Awaited<ReturnType<PatientLedgerSession['newsOf']>>[number];

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
    // a member that is slow to tell its height keeps no other from being asked
    const begun = (news ?? []).map(async (member) => {
      const from = await member.newest();
      void this.#follow(held, member, from);
    });
    await Promise.race([Promise.all(begun), new Promise((resolve) => setTimeout(resolve, HELD_LEAST_MILLIS).unref())]);
  }

  async #follow(held: HeldPseudonym, member: Member, from: bigint | undefined): Promise<void> {
    let seen = from;
    let pause = 0;
    let last = 0;
    while (!this.stop.aborted) {
      const began = Date.now();
      const block = seen === undefined ? undefined : await member.after(seen);
      if (block !== undefined) {
        seen = block;
        this.#tell(held, block);
        // who says at each question that there is news is asked ever more seldom, and the inbox is read no oftener
        pause = Date.now() - last < this.restMillis ? Math.min(Math.max(HELD_LEAST_MILLIS, pause * 2), this.restMillis) : 0;
        last = Date.now();
        if (pause > 0) await rest(pause);
      } else if (Date.now() - began < HELD_LEAST_MILLIS) {
        await rest(this.restMillis);
        seen ??= await member.newest();
      }
    }
  }

  /** Of somebody else once for each block, whichever members say so. */
  #tell({ pseudonym, mspId, delegationId }: HeldPseudonym, block: bigint): void {
    const blockNumber = block.toString();
    const isTold = this.#ofOthers.some((each) => each.pseudonym === pseudonym && each.blockNumber === blockNumber);
    if (delegationId !== undefined && !isTold) this.#ofOthers.push({ pseudonym, mspId, blockNumber });
    this.#wake.resolve(undefined);
  }
}

const rest = (millis: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, millis).unref());
