import { newSalt } from '@lianyi/client';
import { confirmRecovery, encodeBase64url, openByRegistrar, reProofingCommitment, saltSchema, sha256, transactions } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { DAY, type Hired } from '../hospital-in-memory';
import { RecoveryInMemory } from '../recovery-in-memory';

const { ConfirmRecovery, ProposeRecovery } = transactions;

/**
 * A registrar of A has met a patient who has lost everything, and opens a case. C has registered somebody in a transaction that it kept back, so
 * that the chaincode believes them and no hospital does, and confirms the case by them before B can. B confirms it all the same; a week later
 * the patient completes it.
 */
async function run(): Promise<AttackOutcome> {
  const recovery = await RecoveryInMemory.start();
  const { hospital, thief: patient } = recovery;
  try {
    const [registrarA, registrarB] = [await hospital.hire('a', 'registrar'), await hospital.hire('b', 'registrar')];
    const unheardOf = await hospital.hireHeldBack('c', 6, 'registrar');
    const before = hospital.alarms.length;
    const evidence = reProofingCommitment(patient.draft, { shown: 'a passport', salt: saltSchema.parse(encodeBase64url(newSalt())) });
    const origin = { requestHash: sha256('a request'), actor: registrarA.reference };
    recovery.case = openByRegistrar(patient.draft, evidence, undefined, { now: hospital.at(), origin, leastCoolingOffMinutes: 1 });
    const shown = {
      ...hospital.pseudonymEntry({ recoveries: [patient.caseId] }),
      ...hospital.auditLine('RecoveryOpened', registrarA.reference),
    };
    const opening = { ...recovery.caseWritten(recovery.case), ...shown };
    await hospital.add(hospital.byStaff(registrarA, ProposeRecovery, { ...patient.draft, evidence }, opening));
    const confirm = async (by: Hired): Promise<void> => {
      if (recovery.case !== undefined) recovery.case = confirmRecovery(recovery.case, by.reference, evidence, hospital.at());
      const writes = { ...recovery.caseWritten(recovery.case ?? {}), ...hospital.auditLine('RecoveryConfirmed', by.reference) };
      await hospital.add(hospital.byStaff(by, ConfirmRecovery, { ...patient.key, evidence }, writes));
    };
    await confirm(unheardOf);
    await confirm(registrarB);
    hospital.now += 8 * DAY;
    const late = await hospital.alarmsOf(async () => {
      await hospital.add(recovery.completion(hospital.now));
      await hospital.add(recovery.consent());
    });
    const told = hospital.alarms.slice(before).join();
    return {
      succeeded: late.length > 0,
      seen: late.length > 0 ? `the new key is nobody’s at A: ${late.join()}` : `the patient is back after one week; told at once: ${told}`,
    };
  } finally {
    await hospital.close();
  }
}

export const confirmedByNobodyBelieved: Attack = {
  id: 'R9-6',
  title: 'a member confirms a recovery by a registrar whom no index believes, and it costs the patient one more week each time',
  defences: [{ file: 'application/ledger-client/src/evidence/written-recovery.ts', name: 'shownAsConfirmed', body: 'return undefined;' }],
  networks: ['embedded'],
  run,
};
