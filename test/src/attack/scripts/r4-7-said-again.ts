import { canonicalJson, hashOfKey, type Instant, instantOf, sha256, staffSchema, transactions } from '@lianyi/domain';
import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { newId } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { ledgerKey } from '../forged-transaction';
import { type Call, HospitalInMemory, MINUTE } from '../hospital-in-memory';

const { RegisterStaff, UpdateStaffDuty } = transactions;

/** Somebody of A whose hours are set by the hospital. */
class Clinician {
  readonly #fields;
  readonly #mspId: string;

  constructor(private readonly hospital: HospitalInMemory) {
    this.#mspId = hospital.member('a').mspId;
    const publicKeyHash = hashOfKey(publicKeyOf(newPrivateKey()));
    this.#fields = { actorTag: newId(), roles: ['clinician'], departments: ['internal'], publicKeyHash, dutyWindows: [] };
  }

  registered(): Call {
    const { hospital } = this;
    return hospital.call(RegisterStaff, this.#fields, this.#written([]), { creator: hospital.member('a').admin });
  }

  /** What an hrAdmin asks, with what is written for it. */
  onDuty(by: Parameters<HospitalInMemory['byStaff']>[0], until: Instant): Call {
    const dutyWindows = [{ from: instantOf(0), until }];
    const { actorTag } = this.#fields;
    return this.hospital.byStaff(by, UpdateStaffDuty, { actorTag, dutyWindows }, this.#written(dutyWindows));
  }

  #written(dutyWindows: readonly object[]): Readonly<Record<string, string>> {
    const at = this.hospital.at();
    const origin = { requestHash: sha256('a request'), actor: this.hospital.administratorOf('a') };
    const made = { state: 'active', registeredAt: at, changedAt: at, origin };
    const entry = staffSchema.parse({ schemaVersion: 1, mspId: this.#mspId, ...this.#fields, ...made, dutyWindows });
    return { [ledgerKey('staff', this.#mspId, this.#fields.actorTag)]: canonicalJson(entry) };
  }
}

/**
 * A’s hrAdmin lets somebody work until tomorrow, and then no more. The first statement stands in a block. A quarter of an hour later a
 * client of A dates a proposal back to it and says it again, endorsed by B and C.
 */
async function run(): Promise<AttackOutcome> {
  const hospital = await HospitalInMemory.start();
  try {
    const [hrAdmin, clinician] = [await hospital.hire('a', 'hrAdmin'), new Clinician(hospital)];
    await hospital.add(clinician.registered());
    const tomorrow = clinician.onDuty(hrAdmin, instantOf(hospital.now + 1_440 * MINUTE));
    await hospital.add(tomorrow);
    hospital.now += MINUTE;
    await hospital.add(clinician.onDuty(hrAdmin, instantOf(1)));
    if (hospital.alarms.length > 0) throw new Error(`the hospital’s own word does not count: ${hospital.alarms.join()}`);
    hospital.now += 15 * MINUTE;
    await hospital.hire('a', 'nurse');
    const again = await hospital.alarmsOf(() => hospital.add(tomorrow));
    return {
      succeeded: again.length === 0,
      seen: again.length === 0 ? 'whom the hospital has sent home is on duty by its own word' : `alarms: ${again.join()}`,
    };
  } finally {
    await hospital.close();
  }
}

export const saidAgain: Attack = {
  id: 'R4-7',
  title: 'a client of a hospital and two others say again what its staff has said and taken back',
  defences: [
    { file: 'application/ledger-client/src/evidence/timeliness.ts', name: 'timelinessOf', body: "return 'in-time';" },
    {
      file: 'application/ledger-client/src/evidence/member-commands.ts',
      name: 'MemberCommands.#askedOnce',
      body: 'return askedIn(call, this.followed, this.known);',
    },
  ],
  networks: ['embedded'],
  run,
};
