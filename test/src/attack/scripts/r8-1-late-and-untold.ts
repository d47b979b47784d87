import { recoveryWarning } from '@lianyi/client/node';
import { type MemberApi, type MemberNodeLedger } from '@lianyi/client';
import { type Attack, type AttackOutcome } from '../attack';
import { RecoveryInMemory } from '../recovery-in-memory';

/** Whoever orders transactions keeps the opening of a recovery back for six minutes. Whoever recovers asks the hospital’s node how far it is. */
async function run(): Promise<AttackOutcome> {
  const recovery = await RecoveryInMemory.start();
  const { hospital, thief } = recovery;
  try {
    await recovery.vouchedByGuardians({ heldBackMinutes: 6 });
    const ledger = { evaluate: () => Promise.resolve(recovery.case) } as unknown as MemberNodeLedger; // the one question that is asked
    const api = { ask: () => hospital.followedRecovery(thief.caseId) } as unknown as MemberApi; // likewise
    const warning = await recoveryWarning({ api, ledger }, thief.key, { pauseMillis: 1 });
    return {
      succeeded: warning === undefined,
      seen: warning === undefined ? 'nobody is told that the hospital follows another key' : `who recovers is told: ${warning}`,
    };
  } finally {
    await hospital.close();
  }
}

export const lateAndUntold: Attack = {
  id: 'R8-1',
  title: 'a step of a recovery is kept back until the patient’s hospital does not follow it, and no program tells',
  defences: [{ file: 'application/client/src/node/followed-recovery.ts', name: 'recoveryWarning', body: 'return undefined;' }],
  networks: ['embedded'],
  run,
};
