import { type MspId } from '@lianyi/domain';
import { type AdmittedReader, turnOf } from './check-caller';
import { type Entrance, inPlace, Lane, type LaneLimits } from './admission/lane';
import { enterAll, type OfMember, SharedPlaces, type ShareLimits } from './admission/shared-places';

/** A patient reads one record after another; those of one hospital have half of what all have. */
const OF_PATIENTS: ShareLimits = {
  ofReader: { perCaller: 1, waitingPerCaller: 16 },
  ofMember: { atOnce: 8, perCaller: 4, waiting: 128, waitingPerCaller: 32, patienceMillis: 60_000 },
};

/** Whoever waits for one custodian waits for no other: of what patients, and staff, may have running a quarter is any other member's. */
const FOR_PATIENTS: LaneLimits = { ...OF_PATIENTS.ofMember, atOnce: 6, perCaller: 2, waitingPerCaller: 64, hasOneForEach: true };

type StaffPlaces = (reader: AdmittedReader, custodian: readonly Entrance[]) => Promise<() => void>;

/** Places of those who read: patients, of whichever hospital, have others than staff. */
export class ReaderLanes {
  readonly #patients = new SharedPlaces(OF_PATIENTS);
  readonly #custodiansForPatients = new Lane(FOR_PATIENTS);

  private constructor(
    private readonly staff: StaffPlaces,
    private readonly custodiansForStaff: Lane,
  ) {}

  /** @param limits what staff of the own organisation may have running and waiting */
  static ofOwnStaff(limits: LaneLimits): ReaderLanes {
    const { atOnce, waiting } = limits;
    // a colleague takes places of a custodian only while it is their turn
    const [turns, all] = [new Lane({ ...limits, atOnce: Number.POSITIVE_INFINITY }), new Lane(limits)];
    const ofCustodians: LaneLimits = {
      ...limits,
      ...{ atOnce: Math.max(1, Math.floor((atOnce * 3) / 4)), perCaller: Math.max(1, Math.floor(atOnce / 4)) },
      ...{ waitingPerCaller: Math.floor(waiting / 2), hasOneForEach: true },
    };
    const enter: StaffPlaces = ({ holder }, custodian) => {
      const turn = turnOf(holder);
      return enterAll([() => turns.enter(turn), ...custodian, () => all.enter(turn)]);
    };
    return new ReaderLanes(enter, new Lane(ofCustodians));
  }

  /** @param shares what staff of all members may have running and waiting; nothing is asked of a custodian */
  static ofAnyStaff(shares: ShareLimits): ReaderLanes {
    const places = new SharedPlaces(shares);
    return new ReaderLanes((reader, custodian) => places.enter(inTurn(reader), custodian), new Lane(shares.ofMember));
  }

  /**
   * @param custodian - another member whose answer is waited for meanwhile; undefined: none
   * @throws as {@link SharedPlaces.enter}
   */
  enter(reader: AdmittedReader, custodian?: MspId): Promise<() => void> {
    const isStaff = reader.holder.kind === 'staff';
    const shares = isStaff ? this.custodiansForStaff : this.#custodiansForPatients;
    const entrances = custodian === undefined ? [] : [() => shares.enter(custodian)];
    return isStaff ? this.staff(reader, entrances) : this.#patients.enter(inTurn(reader), entrances);
  }

  /** Does a piece of work in its turn. @throws as {@link enter}; and what `work` throws */
  run<Result>(reader: AdmittedReader, work: () => Promise<Result>, custodian?: MspId): Promise<Result> {
    return inPlace(() => this.enter(reader, custodian), work);
  }
}

function inTurn({ holder, memberMspId }: AdmittedReader): OfMember {
  return { turn: turnOf(holder), memberMspId };
}
