import { type MspId } from '@lianyi/domain';
import { type Entrance, inPlace, Lane, type LaneLimits } from './lane';

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

/** Takes one place after another, and gives all of them back together, or at once if one is refused. @throws what one of them throws */
export async function enterAll(entrances: readonly Entrance[]): Promise<() => void> {
  const taken: (() => void)[] = [];
  const leaveAll = (): void => {
    for (const leave of taken.splice(0).reverse()) leave();
  };
  try {
    for (const enter of entrances) taken.push(await enter());
    return leaveAll;
  } catch (error) {
    leaveAll();
    throw error;
  }
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
   * @param between - what is entered besides, by a caller whose turn has come and who holds no place of their member's yet
   * @returns what must be called once it is over
   * @throws {@link DomainError} as {@link Lane.enter}
   */
  enter({ turn, memberMspId }: OfMember, between: readonly Entrance[] = []): Promise<() => void> {
    return enterAll([() => this.#callers.enter(turn), ...between, () => this.#members.enter(memberMspId)]);
  }

  /** Does a piece of work when there is room for it. @throws as {@link enter}; and what `work` throws */
  run<Result>(caller: OfMember, work: () => Promise<Result>): Promise<Result> {
    return inPlace(() => this.enter(caller), work);
  }
}
