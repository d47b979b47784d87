import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  type ActorTag,
  actorTagSchema,
  canonicalJson,
  groupSchema,
  hashOfKey,
  instantOf,
  type MspId,
  mspIdSchema,
  sha256,
  staffSchema,
  transactions,
  type WeeklyDuty,
  weeklyDutySchema,
} from '@lianyi/domain';
import { newId } from '../scenario/scenario';
import { ledgerKey } from './forged-transaction';
import { type Call, DAY, type HospitalInMemory } from './hospital-in-memory';

const { CloseTicket, JoinGroup, RegisterStaff } = transactions;
export const team = groupSchema.parse('night-team');

/** The nights of a team of A, by the clock of Shanghai. */
function nightsFrom(at: number): WeeklyDuty {
  const from = instantOf(at - DAY);
  const turns = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', until: '06:00' }];
  return weeklyDutySchema.parse({ zone: 'Asia/Shanghai', offsets: [{ from, minutes: 480 }], until: instantOf(at + 300 * DAY), turns });
}

/** A clinician of A whom its administrator has made a member of a team that works at night. */
export class MemberInMemory {
  readonly duty: WeeklyDuty;
  readonly #mspId: MspId;
  readonly #actorTag: ActorTag = actorTagSchema.parse(newId());
  readonly #publicKeyHash = hashOfKey(publicKeyOf(newPrivateKey()));

  constructor(private readonly hospital: HospitalInMemory) {
    this.#mspId = mspIdSchema.parse(hospital.member('a').mspId);
    this.duty = nightsFrom(hospital.now);
  }

  registered(): Call {
    const { hospital } = this;
    const input = { ...this.#fields, dutyWindows: [] };
    return hospital.call(RegisterStaff, input, this.#written(), { creator: hospital.member('a').admin });
  }

  /** What A's administrator asks for, whatever is written for it. */
  joined(written: WeeklyDuty | 'always' = this.duty): Call {
    const input = { actorTag: this.#actorTag, group: team, duty: this.duty };
    return this.hospital.call(JoinGroup, input, this.#written(written), { creator: this.hospital.member('a').admin });
  }

  /** What B and C write without a word of A. */
  writtenOver(written: WeeklyDuty | 'always'): Call {
    return this.hospital.call(CloseTicket, {}, this.#written(written), { creator: this.hospital.member('b').client });
  }

  /** Whether A's node takes what is written of the member for A's word. */
  async isBelieved(): Promise<boolean> {
    return (await this.hospital.index.staffShown(this.#mspId, this.#actorTag))?.isProven === true;
  }

  get #fields() {
    return { actorTag: this.#actorTag, roles: ['clinician'], departments: ['internal'], publicKeyHash: this.#publicKeyHash };
  }

  #written(duty?: WeeklyDuty | 'always'): Readonly<Record<string, string>> {
    const [at, mspId] = [this.hospital.at(), this.#mspId];
    const administrator = this.hospital.administratorOf('a');
    const always = duty === 'always' ? {} : { duty };
    const membership = { group: team, state: 'active', saidBy: administrator, changedAt: at, ...always };
    const made = { state: 'active', registeredAt: at, changedAt: at, origin: { requestHash: sha256('a request'), actor: administrator } };
    const memberships = duty === undefined ? {} : { memberships: [membership] };
    const entry = staffSchema.parse({ schemaVersion: 1, mspId, ...this.#fields, dutyWindows: [], ...made, ...memberships });
    return { [ledgerKey('staff', mspId, this.#actorTag)]: canonicalJson(entry) };
  }
}
