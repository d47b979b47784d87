import { type AdmittedReader, turnOf } from './check-caller';
import { Lane, type LaneLimits } from './admission/lane';
import { type OfMember, SharedPlaces, type ShareLimits } from './admission/shared-places';

/** A patient reads one record after another; those of one hospital have half of what all have. */
const OF_PATIENTS: ShareLimits = {
  ofReader: { perCaller: 1, waitingPerCaller: 16 },
  ofMember: { atOnce: 8, perCaller: 4, waiting: 128, waitingPerCaller: 32, patienceMillis: 60_000 },
};

/** Places of those who read: patients, of whichever hospital, have others than staff. */
export class ReaderLanes {
  readonly #patients = new SharedPlaces(OF_PATIENTS);

  private constructor(private readonly staff: { readonly enter: (reader: AdmittedReader) => Promise<() => void> }) {}

  /** @param limits what staff of the own organisation may have running and waiting */
  static ofOwnStaff(limits: LaneLimits): ReaderLanes {
    const lane = new Lane(limits);
    return new ReaderLanes({ enter: ({ holder }) => lane.enter(turnOf(holder)) });
  }

  /** @param shares what staff of all members may have running and waiting */
  static ofAnyStaff(shares: ShareLimits): ReaderLanes {
    const places = new SharedPlaces(shares);
    return new ReaderLanes({ enter: (reader) => places.enter(inTurn(reader)) });
  }

  /** As {@link SharedPlaces.enter}. */
  enter(reader: AdmittedReader): Promise<() => void> {
    return reader.holder.kind === 'staff' ? this.staff.enter(reader) : this.#patients.enter(inTurn(reader));
  }

  /** As {@link SharedPlaces.run}. */
  async run<Result>(reader: AdmittedReader, work: () => Promise<Result>): Promise<Result> {
    const leave = await this.enter(reader);
    try {
      return await work();
    } finally {
      leave();
    }
  }
}

function inTurn({ holder, memberMspId }: AdmittedReader): OfMember {
  return { turn: turnOf(holder), memberMspId };
}
