import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { sha256, transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { newTicketId } from '../../scenario/owned-ids';
import { PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

/** More than anybody may owe; of a thousand it would be the same. */
const CALLS = 12;
const MOST = 8;

/** A clinician of B opens a record of a patient of A in one emergency after the other, none of which anybody has reviewed. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-e1');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.withRecord(scenario, staff);
    const rogue = staff.cardiologistB;
    let opened = 0;
    for (let call = 0; call < CALLS; call += 1) {
      const input = {
        ...{ ...newTicketId(rogue), pseudonym: known.pseudonym, recordIds: [recordId], department: rogue.department },
        ...{ reason: 'cannot-consent' as const, opening: { scope: 'full' as const, withoutDataset: 'none-prepared' as const } },
        ...{ ephemeralPublicKey: publicKeyOf(newPrivateKey()), lastsMinutes: 240, narrativeCommitment: sha256('no reason at all') },
      };
      const { result } = await carry(rogue.client, transactions.BreakGlass, input, { sign: rogue.sign });
      if (result.decision === 'permit') opened += 1;
    }
    const lines = (await known.audit()).filter(({ event }) => event === 'EmergencyPermitted' || event === 'EmergencyDenied').length;
    return { succeeded: opened > MOST || lines < CALLS, seen: `${opened} of ${CALLS} opened; the patient was told of ${lines}` };
  } finally {
    await scenario.stop();
  }
}

export const glassBrokenAgain: Attack = {
  id: 'E1',
  title: 'A clinician breaks the glass again and again, whatever waits for its review',
  defences: [{ file: 'domain/src/emergency/emergency.ts', name: 'isInDebt', body: 'return false;' }],
  networks: ['embedded'],
  run,
};
