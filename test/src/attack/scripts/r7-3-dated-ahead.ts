import { type Attack, type AttackOutcome } from '../attack';
import { MINUTE } from '../hospital-in-memory';
import { COOLING_OFF_MILLIS, RecoveryInMemory } from '../recovery-in-memory';

/** Of the patient’s and the thief’s word. */
const REFUSED = 'command-not-signed';

/**
 * Guardians vouch for a thief, who completes at once, by a time that has not come. The patient refuses it. When that time has come, A follows
 * the chain anew, as an upgrade does.
 */
async function run(): Promise<AttackOutcome> {
  const recovery = await RecoveryInMemory.start();
  const { hospital } = recovery;
  try {
    await recovery.vouchedByGuardians();
    await hospital.add(recovery.completion(hospital.now + COOLING_OFF_MILLIS + MINUTE));
    if (!hospital.alarms.includes(REFUSED)) throw new Error('the running index has taken the completion');
    await recovery.vetoed();
    hospital.now += COOLING_OFF_MILLIS + 10 * MINUTE;
    await hospital.add(recovery.consent());
    hospital.now += COOLING_OFF_MILLIS;
    const [running, anew] = [hospital.alarms, await hospital.alarmsAnew()];
    const isSame = running.join() === anew.join();
    return {
      succeeded: !isSame,
      seen: isSame ? `followed anew, the index says the same: ${anew.join()}` : `at first ${running.join()}; followed anew: ${anew.join()}`,
    };
  } finally {
    await hospital.close();
  }
}

export const datedAhead: Attack = {
  id: 'R7-3',
  title: 'a thief completes a recovery by a time to come, and an index that is followed anew after it believes that',
  defences: [
    {
      file: 'application/member-node/src/ledger-index/block-clock.ts',
      name: 'BlockTimes.#provenMillis',
      body: 'return Number.MAX_SAFE_INTEGER;',
    },
  ],
  networks: ['embedded'],
  run,
};
