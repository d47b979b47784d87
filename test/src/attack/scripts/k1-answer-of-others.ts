import { canonicalJson, pseudonymSchema, recordIdSchema, releaseIdSchema, sha256, ticketIdSchema, transactions } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { ledgerKey } from '../forged-transaction';
import { HospitalInMemory } from '../hospital-in-memory';

/** B holds a copy of a record of A. C’s officer says that it was destroyed, and enough endorsers write that as B’s answer. */
async function run(): Promise<AttackOutcome> {
  const hospital = await HospitalInMemory.start();
  try {
    const [keys, officer] = [await hospital.hire('a', 'keyService'), await hospital.hire('c', 'privacyOfficer')];
    const [ticketId, recordId] = [ticketIdSchema.parse('t'.repeat(43)), recordIdSchema.parse('r'.repeat(43))];
    const holderMspId = hospital.member('b').mspId;
    const key = ledgerKey('copy', holderMspId, hospital.pseudonym, ticketId, recordId);
    const origin = { requestHash: sha256('whatever'), actor: keys.reference };
    const copy = {
      ...{ schemaVersion: 1, holderMspId, pseudonym: pseudonymSchema.parse(hospital.pseudonym), ticketId, recordId },
      ...{ takenAt: hospital.at(), state: 'held', origin },
    };
    const release = { ticketId, recordId, releaseId: releaseIdSchema.parse('release'), sealedSha256: sha256('sealed') };
    await hospital.add(hospital.byStaff(keys, transactions.RecordKeyRelease, release, { [key]: canonicalJson(copy) }));
    // entry and line of the release are not written here, and told of; what is told of the copy comes behind that
    const toldBefore = hospital.alarms.length;
    const answer = { outcome: 'destroyed', at: hospital.at(), by: officer.reference, txId: 'whatever', origin };
    const forged = canonicalJson({ ...copy, state: 'destroyed', answer });
    const input = { ticketId, recordId, answer: { outcome: 'destroyed' } };
    await hospital.add(hospital.byStaff(officer, transactions.AnswerForCopy, input, { [key]: forged }));
    const told = hospital.alarms.slice(toldBefore);
    const isUnseen = told.length === 0;
    return { succeeded: isUnseen, seen: isUnseen ? 'the patient is told that B has destroyed it' : `alarms: ${told.join()}` };
  } finally {
    await hospital.close();
  }
}

export const answerOfOthers: Attack = {
  id: 'K1',
  title: 'a majority writes that another hospital has destroyed a copy, and that hospital has not said so',
  defences: [{ file: 'application/ledger-client/src/evidence/written-copy.ts', name: 'copyAfter', body: 'return told.written;' }],
  networks: ['embedded'],
  run,
};
