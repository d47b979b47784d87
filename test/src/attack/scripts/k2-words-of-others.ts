import { canonicalJson, recordIdSchema, sha256, transactions } from '@lianyi/domain';
import { correctionDueAt } from '@lianyi/domain/deciding';
import { type Attack, type AttackOutcome } from '../attack';
import { ledgerKey } from '../forged-transaction';
import { HospitalInMemory } from '../hospital-in-memory';

/** The patient asks for a correction. Those who endorse it commit to other words, which they have: the hospital would keep them as the patient’s. */
async function run(): Promise<AttackOutcome> {
  const hospital = await HospitalInMemory.start();
  try {
    const { pseudonym } = hospital;
    const key = { pseudonym, recordId: recordIdSchema.parse('r'.repeat(43)), number: 1 };
    const input = { ...key, recordVersion: 1, reasonCommitment: sha256('the patient’s words') };
    const at = hospital.at();
    const written = {
      ...{ schemaVersion: 1, ...input, reasonCommitment: sha256('other words'), custodianMspId: hospital.member('a').mspId },
      ...{
        requestedAt: at,
        dueAt: correctionDueAt(at),
        origin: { requestHash: sha256('whatever'), actor: { kind: 'patient', pseudonym } },
      },
    };
    const place = ledgerKey('correction', pseudonym, key.recordId, '000001');
    await hospital.add(hospital.command(transactions.RequestCorrection, input, { [place]: canonicalJson(written) }));
    const isUnseen = hospital.alarms.length === 0;
    return { succeeded: isUnseen, seen: isUnseen ? 'other words count as the patient’s' : `alarms: ${hospital.alarms.join()}` };
  } finally {
    await hospital.close();
  }
}

export const wordsOfOthers: Attack = {
  id: 'K2',
  title: 'who endorses a patient’s request for a correction commits the patient to other words',
  defences: [{ file: 'application/ledger-client/src/evidence/written-correction.ts', name: 'isWritten', body: 'return true;' }],
  networks: ['embedded'],
  run,
};
