import { transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { hireRoster } from '../../scenario/roster';
import { PatientCase } from '../../scenario/patient-case';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitForged } from '../forged-transaction';
import { forgedEntry, newEntry } from '../staff';

/** Hospitals B and C write a key service of A whose key is theirs, which has A's own node purge the keys of A's records. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-h2f');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.granted(scenario, staff);
    const made = newEntry(scenario, scenario.a, { roles: ['keyService'], departments: [] });
    const { person } = made;
    const code = await commitForged(scenario, [scenario.b, scenario.c], forgedEntry(made));
    if (code !== 0) throw new Error(`the forged staff entry was not committed: ${code}`);
    await scenario.catchUp(scenario.a);
    const purge = { pseudonym: known.pseudonym, envelopes: [{ recordId, keyEpoch: 1 }] };
    const said = await outcomeOf(carry(person.client, transactions.PurgeEnvelopes, purge, { sign: person.sign }));
    const ticket = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    const read = await outcomeOf(known.read(staff.cardiologistB, ticket, recordId));
    return { succeeded: read !== 'ok', seen: `the purge: ${said}; the record afterwards: ${read}` };
  } finally {
    await scenario.stop();
  }
}

export const purgeByNobody: Attack = {
  id: 'H2f',
  title: 'two hospitals write a key service of the third one, and have its own node purge the keys of its records',
  defences: [
    {
      file: 'application/member-node/src/own-staff-ledger.ts',
      name: 'OwnStaffLedger.#assertTheirStaff',
      body: 'return Promise.resolve();',
    },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
