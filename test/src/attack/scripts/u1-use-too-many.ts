import { canonicalJson, transactions } from '@lianyi/domain';
import { hireRoster } from '../../scenario/roster';
import { PatientCase } from '../../scenario/patient-case';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitForged, ledgerKey } from '../forged-transaction';

/** Hospitals B and C write with their peers' keys that of a consent for one permit none was taken, and B's clinician reads by it once more. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-u1');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.granted(scenario, staff, { uses: 1 });
    const { pseudonym, cardiology: grantee } = known;
    await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    const { taken = [] } = await known.seeOwn(transactions.GetPolicy, { pseudonym, grantee });
    if (taken.length === 0) throw new Error('the ledger has counted no use');
    // what was taken of a version that never was is taken of none
    const forged = canonicalJson({ schemaVersion: 1, pseudonym, grantee, version: 99, taken });
    const key = ledgerKey('grantUses', pseudonym, grantee.kind, grantee.mspId, grantee.name);
    const code = await commitForged(scenario, [scenario.b, scenario.c], { [key]: forged });
    if (code !== 0) throw new Error(`the forged number was not committed: ${code}`);
    await scenario.catchUp(scenario.b);
    const ticket = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    if (ticket.answer.decision !== 'permit') throw new Error('the ledger did not permit once more on the forged number');
    const end = await outcomeOf(known.read(staff.cardiologistB, ticket, recordId));
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'the record was read once more than the patient gave' : `no key: ${end}` };
  } finally {
    await scenario.stop();
  }
}

export const useTooMany: Attack = {
  id: 'U1',
  title: 'two hospitals write back how often a consent was used, and read once more than the patient gave',
  defences: [{ file: 'application/member-node/src/ledger-index/uses-index.ts', name: 'isWithinUses', body: 'return true;' }],
  networks: ['embedded', 'fabric'],
  run,
};
