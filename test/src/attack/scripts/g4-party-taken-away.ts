import { canonicalJson, transactions } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { ledgerKey } from '../forged-transaction';
import { team } from '../group-in-memory';
import { HospitalInMemory } from '../hospital-in-memory';

const { AcceptRelationship, CloseTicket } = transactions;

/** The patient has accepted one team of A. Hospitals B and C take it out of the relationship: all of A's clinicians would read by default. */
async function run(): Promise<AttackOutcome> {
  const hospital = await HospitalInMemory.start();
  try {
    const { pseudonym } = hospital;
    const { mspId } = hospital.member('a');
    const written = (of: object) => ({
      [ledgerKey('relationship', pseudonym, mspId)]: canonicalJson({ type: 'care', state: 'active', ...of }),
    });
    await hospital.add(hospital.command(AcceptRelationship, { pseudonym, mspId, group: team }, written({ group: team })));
    if (hospital.alarms.length > 0) throw new Error(`what the patient has accepted is not their word: ${hospital.alarms.join()}`);
    await hospital.add(hospital.call(CloseTicket, {}, written({}), { creator: hospital.member('b').client }));
    const { alarms } = hospital;
    return { succeeded: alarms.length === 0, seen: alarms.length === 0 ? 'the whole hospital reads' : `alarms: ${alarms.join()}` };
  } finally {
    await hospital.close();
  }
}

export const partyTakenAway: Attack = {
  id: 'G4',
  title: 'two hospitals take away the group that a patient has accepted at the third one, and all of its clinicians read by default',
  defences: [{ file: 'application/ledger-client/src/evidence/written-relationship.ts', name: 'isAsSaid', body: 'return true;' }],
  networks: ['embedded'],
  run,
};
