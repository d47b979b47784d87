import { newSalt } from '@lianyi/client';
import { confirmRecovery, encodeBase64url, openByRegistrar, reProofingCommitment, saltSchema, sha256, transactions } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { DAY } from '../hospital-in-memory';
import { RecoveryInMemory } from '../recovery-in-memory';

const { ConfirmRecovery, ProposeRecovery } = transactions;

/**
 * A registrar of A and one of B vouch for somebody who is not the patient. B and C write the case, and neither the pseudonym's entry, which
 * the wallet reads, nor the line of the patient's audit. A week later the new key is the patient's.
 */
async function run(): Promise<AttackOutcome> {
  const recovery = await RecoveryInMemory.start();
  const { hospital, thief } = recovery;
  try {
    const [registrarA, registrarB] = [await hospital.hire('a', 'registrar'), await hospital.hire('b', 'registrar')];
    const evidence = reProofingCommitment(thief.draft, { shown: 'nothing', salt: saltSchema.parse(encodeBase64url(newSalt())) });
    const origin = { requestHash: sha256('a request'), actor: registrarA.reference };
    const opened = openByRegistrar(thief.draft, evidence, undefined, { now: hospital.at(), origin, leastCoolingOffMinutes: 1 });
    await hospital.add(hospital.byStaff(registrarA, ProposeRecovery, { ...thief.draft, evidence }, recovery.caseWritten(opened)));
    const confirmed = confirmRecovery(opened, registrarB.reference, evidence, hospital.at());
    await hospital.add(hospital.byStaff(registrarB, ConfirmRecovery, { ...thief.key, evidence }, recovery.caseWritten(confirmed)));
    recovery.case = confirmed;
    hospital.now += 8 * DAY;
    await hospital.add(recovery.completion(hospital.now));
    await hospital.add(recovery.consent());
    const { alarms } = hospital;
    return {
      succeeded: alarms.length === 0,
      seen: alarms.length === 0 ? 'the thief’s consent is the patient’s word, and nobody was shown anything' : `alarms: ${alarms.join()}`,
    };
  } finally {
    await hospital.close();
  }
}

export const hiddenRecovery: Attack = {
  id: 'R7-2',
  title: 'two registrars and a majority recover a pseudonym for a thief, and nothing that the patient sees tells of it',
  defences: [{ file: 'application/ledger-client/src/evidence/shown-recovery.ts', name: 'isShown', body: 'return true;' }],
  networks: ['embedded'],
  run,
};
