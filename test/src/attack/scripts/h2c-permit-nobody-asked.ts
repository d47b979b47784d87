import { canonicalJson, transactions } from '@lianyi/domain';
import { hireRoster } from '../../scenario/roster';
import { PatientCase } from '../../scenario/patient-case';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { defaultPermitFor } from '../forged-permit';
import { commitForged, ledgerKey } from '../forged-transaction';

/** Hospitals B and C make B the custodian of A's record and its patient's hospital, and permit B's clinician to read by default. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-h2c');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.withRecord(scenario, staff);
    const { pseudonym, custodian } = known;
    const record = await known.see(transactions.GetRecord, { pseudonym, recordId });
    const relationship = await known.seeOwn(transactions.GetRelationship, { pseudonym, mspId: custodian });
    const { ticket, ephemeralKey } = defaultPermitFor(staff.cardiologistB, known, recordId);
    const { ticketId } = ticket;
    const { mspId } = ticket.actor;
    const writes = {
      [ledgerKey('record', pseudonym, recordId)]: canonicalJson({ ...record, custodianMspId: mspId }),
      [ledgerKey('relationship', pseudonym, mspId)]: canonicalJson({ ...relationship, mspId, state: 'active' }),
      [ledgerKey('access', ticketId)]: canonicalJson(ticket),
    };
    const events = [{ name: 'AccessPermitted', ticketId, pseudonym: ticket.pseudonym }] as const;
    const code = await commitForged(scenario, [scenario.b, scenario.c], writes, events);
    if (code !== 0) throw new Error(`the forged permit was not committed: ${code}`);
    await Promise.all([scenario.catchUp(scenario.a), scenario.catchUp(scenario.b)]);
    const end = await outcomeOf(known.read(staff.cardiologistB, { ticketId, ephemeralKey }, recordId));
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'the record was read without a word of the patient' : `no key: ${end}` };
  } finally {
    await scenario.stop();
  }
}

const file = 'application/member-node/src/ledger-index/members-word.ts';

export const permitNobodyAsked: Attack = {
  id: 'H2c',
  title: 'two hospitals write a permit, and themselves as the third one’s record’s custodian, and read by the custodian’s default',
  defences: [
    { file, name: 'isAsked', body: 'return true;' },
    { file, name: 'ownLabels', body: 'return { classes: [], levels: [] };' },
    { file, name: 'mayRestOnDefault', body: 'return true;' },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
