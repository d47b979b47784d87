import { type Attack, type AttackOutcome } from '../attack';
import { MINUTE } from '../hospital-in-memory';
import { COOLING_OFF_MILLIS, RecoveryInMemory } from '../recovery-in-memory';

const DAY_IN_MINUTES = 24 * 60;

/** The members have agreed on a day for the old key. Whom a patient has been talked into naming for an hour vouch for a thief, and a majority writes it for an hour. */
async function run(): Promise<AttackOutcome> {
  const recovery = await RecoveryInMemory.start(DAY_IN_MINUTES);
  const { hospital } = recovery;
  try {
    await recovery.vouchedByGuardians();
    hospital.now += COOLING_OFF_MILLIS + MINUTE;
    await hospital.add(recovery.completion(hospital.now));
    await hospital.add(recovery.consent());
    const { alarms } = hospital;
    const succeeded = alarms.length === 0;
    return { succeeded, seen: succeeded ? 'the thief has the pseudonym an hour later' : `alarms: ${alarms.join()}` };
  } finally {
    await hospital.close();
  }
}

export const hourToVeto: Attack = {
  id: 'C1',
  title: 'a majority leaves the old key less time to veto a recovery than the members have agreed on',
  defences: [{ file: 'application/ledger-client/src/evidence/written-organisation.ts', name: 'leastCoolingOffBy', body: 'return 1;' }],
  networks: ['embedded'],
  run,
};
