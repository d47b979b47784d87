import { canonicalJson, transactions } from '@lianyi/domain';
import { hireRoster } from '../../scenario/roster';
import { PatientCase } from '../../scenario/patient-case';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitForged, ledgerKey } from '../forged-transaction';

/** The patient lets B's cardiology read what is hardly sensitive; B and C write that A's record is no more than that. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-h2d');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.granted(scenario, staff, { maxDataLevel: 1 });
    const { pseudonym } = known;
    const record = await known.see(transactions.GetRecord, { pseudonym, recordId });
    const writes = { [ledgerKey('record', pseudonym, recordId)]: canonicalJson({ ...record, dataLevel: 1 }) };
    const code = await commitForged(scenario, [scenario.b, scenario.c], writes);
    if (code !== 0) throw new Error(`the forged record was not committed: ${code}`);
    await Promise.all([scenario.catchUp(scenario.a), scenario.catchUp(scenario.b)]);
    const ticket = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    if (ticket.answer.decision !== 'permit') throw new Error('the ledger did not permit by the forged label');
    const end = await outcomeOf(known.read(staff.cardiologistB, ticket, recordId));
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'a record was read that the consent does not cover' : `no key: ${end}` };
  } finally {
    await scenario.stop();
  }
}

export const labelNobodyLowered: Attack = {
  id: 'H2d',
  title: 'two hospitals lower the data level of the third one’s record, so that a consent for less covers it',
  defences: [
    { file: 'application/member-node/src/ledger-index/members-word.ts', name: 'ownLabels', body: 'return { classes: [], levels: [] };' },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
