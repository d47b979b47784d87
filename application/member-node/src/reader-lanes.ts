import { type AdmittedReader, turnOf } from './check-caller';
import { Lane, type LaneLimits } from './admission/lane';

/** What one reader may have, and what those of one member may have together; the members are few, so each has one running whatever others have. */
export interface ShareLimits {
  readonly ofReader: Pick<LaneLimits, 'perCaller' | 'waitingPerCaller'>;
  readonly ofMember: Omit<LaneLimits, 'hasOneForEach'>;
}

/**
 * Places that the members share. Who reads is counted as themself and as one of their member's: a hospital hires and registers as many as it likes,
 * and none of them keeps another member's people from reading.
 */
export class SharedPlaces {
  readonly #readers: Lane;
  readonly #members: Lane;

  constructor({ ofReader, ofMember }: ShareLimits) {
    // of all together there is no end but the members'
    this.#readers = new Lane({ ...ofMember, ...ofReader, atOnce: Number.POSITIVE_INFINITY, waiting: Number.POSITIVE_INFINITY });
    this.#members = new Lane({ ...ofMember, hasOneForEach: true });
  }

  /**
   * @returns what must be called once the reading is over
   * @throws {@link DomainError} as {@link Lane.enter}
   */
  async enter({ holder, memberMspId }: AdmittedReader): Promise<() => void> {
    const leaveOwn = await this.#readers.enter(turnOf(holder));
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

  /** Does a piece of work for a reader when there is room for it. @throws as {@link enter}; and what `work` throws */
  run<Result>(reader: AdmittedReader, work: () => Promise<Result>): Promise<Result> {
    return inside(this.enter(reader), work);
  }
}

/** A patient reads one record after another; those of one hospital have half of what all have. */
const OF_PATIENTS: ShareLimits = {
  ofReader: { perCaller: 1, waitingPerCaller: 16 },
  ofMember: { atOnce: 8, perCaller: 4, waiting: 128, waitingPerCaller: 32, patienceMillis: 60_000 },
};

/** Places of those who read: patients, of whichever hospital, have others than staff. */
export class ReaderLanes {
  readonly #patients = new SharedPlaces(OF_PATIENTS);

  /** @param staff the places of staff */
  constructor(private readonly staff: { readonly enter: (reader: AdmittedReader) => Promise<() => void> }) {}

  /** @param limits what staff of the own organisation may have running and waiting */
  static ofOwnStaff(limits: LaneLimits): ReaderLanes {
    const lane = new Lane(limits);
    return new ReaderLanes({ enter: ({ holder }) => lane.enter(turnOf(holder)) });
  }

  /** As {@link SharedPlaces.enter}. */
  enter(reader: AdmittedReader): Promise<() => void> {
    return reader.holder.kind === 'staff' ? this.staff.enter(reader) : this.#patients.enter(reader);
  }

  /** As {@link SharedPlaces.run}. */
  run<Result>(reader: AdmittedReader, work: () => Promise<Result>): Promise<Result> {
    return inside(this.enter(reader), work);
  }
}

async function inside<Result>(entering: Promise<() => void>, work: () => Promise<Result>): Promise<Result> {
  const leave = await entering;
  try {
    return await work();
  } finally {
    leave();
  }
}
