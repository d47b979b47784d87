import { type Attack, type AttackOutcome } from '../attack';
import { DAY, MINUTE } from '../hospital-in-memory';
import { COOLING_OFF_MILLIS, RecoveryInMemory } from '../recovery-in-memory';

/** Guardians have vouched for a key that nobody has made the patient's; half a year later it is, by a time within the thirty days. */
async function run(): Promise<AttackOutcome> {
  const recovery = await RecoveryInMemory.start();
  const { hospital } = recovery;
  try {
    await recovery.vouchedByGuardians();
    const due = hospital.now + COOLING_OFF_MILLIS + MINUTE;
    hospital.now += 200 * DAY;
    // somebody’s transaction, by which the chain tells how late it is
    await hospital.hire('a', 'nurse');
    await hospital.add(recovery.completion(due));
    await hospital.add(recovery.consent());
    const { alarms } = hospital;
    return {
      succeeded: alarms.length === 0,
      seen: alarms.length === 0 ? 'a case that expired 170 days ago has given the pseudonym a new key' : `alarms: ${alarms.join()}`,
    };
  } finally {
    await hospital.close();
  }
}

export const datedBack: Attack = {
  id: 'R7-12',
  title: 'a recovery that has expired is completed half a year later, by a transaction that is dated back',
  defences: [{ file: 'application/ledger-client/src/evidence/written-recovery.ts', name: 'hasExpired', body: 'return false;' }],
  networks: ['embedded'],
  run,
};
