import { type MspId } from '@lianyi/domain';
import { Lane, type LaneLimits } from './lane';

/** What one reader may have, and what those of one member may have together; the members are few, so each has one running whatever others have. */
export interface ShareLimits {
  readonly ofReader: Pick<LaneLimits, 'perCaller' | 'waitingPerCaller'>;
  readonly ofMember: Omit<LaneLimits, 'hasOneForEach'>;
}

/** Whose turn something is, and whose they are: the organisation of staff, or the hospital that has registered the patient. */
export interface OfMember {
  readonly turn: string;
  readonly memberMspId: MspId;
}

/**
 * Places that the members share. Who asks is counted as themself and as one of their member's: a hospital hires and registers as many as it likes,
 * and none of them keeps another member's people waiting.
 */
export class SharedPlaces {
  readonly #callers: Lane;
  readonly #members: Lane;

  constructor({ ofReader, ofMember }: ShareLimits) {
    // of all together there is no end but the members'
    this.#callers = new Lane({ ...ofMember, ...ofReader, atOnce: Number.POSITIVE_INFINITY, waiting: Number.POSITIVE_INFINITY });
    this.#members = new Lane({ ...ofMember, hasOneForEach: true });
  }

  /**
   * @returns what must be called once it is over
   * @throws {@link DomainError} as {@link Lane.enter}
   */
  async enter({ turn, memberMspId }: OfMember): Promise<() => void> {
    const leaveOwn = await this.#callers.enter(turn);
    try {
      const leave = await this.#members.enter(memberMspId);
      return () => {
        leave();
        leaveOwn();
      };
    } catch (error) {
      leaveOwn();
      throw error;
    }
  }

  /** Does a piece of work when there is room for it. @throws as {@link enter}; and what `work` throws */
  async run<Result>(caller: OfMember, work: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter(caller);
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
