import { canonicalJson } from '@lianyi/domain';
import { hireRoster } from '../../scenario/roster';
import { PatientCase } from '../../scenario/patient-case';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { defaultPermitFor } from '../forged-permit';
import { commitForged, ledgerKey } from '../forged-transaction';
import { forgedEntry, newEntry } from '../staff';

/** Hospitals B and C write with their peers' keys a clinician of A whose key is theirs, and a permit, and read at A's own node. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-h2b');
  try {
    const { known, recordId } = await PatientCase.withRecord(scenario, await hireRoster(scenario));
    const made = newEntry(scenario, scenario.a, { roles: ['clinician'], departments: ['internal'] });
    const { ticket, ephemeralKey } = defaultPermitFor(made.person, known, recordId);
    const { ticketId, pseudonym } = ticket;
    const writes = { ...forgedEntry(made), [ledgerKey('access', ticketId)]: canonicalJson(ticket) };
    const code = await commitForged(scenario, [scenario.b, scenario.c], writes, [{ name: 'AccessPermitted', ticketId, pseudonym }]);
    if (code !== 0) throw new Error(`the forged staff entry was not committed: ${code}`);
    await scenario.catchUp(scenario.a);
    const end = await outcomeOf(known.read(made.person, { ticketId, ephemeralKey }, recordId));
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'the record was read by somebody whom nobody hired' : `no key: ${end}` };
  } finally {
    await scenario.stop();
  }
}

const file = 'application/member-node/src/ledger-index/members-word.ts';

export const staffNobodyHired: Attack = {
  id: 'H2b',
  title: 'two hospitals write a clinician of the third one, who reads its records where the patient says nothing',
  defences: [
    { file, name: 'isAsked', body: 'return true;' },
    { file, name: 'isStaffOfTheirs', body: 'return true;' },
    {
      file: 'application/member-node/src/own-staff-ledger.ts',
      name: 'OwnStaffLedger.#assertTheirStaff',
      body: 'return Promise.resolve();',
    },
    {
      file: 'application/member-node/src/staff-witness.ts',
      name: 'StaffWitness.entryOf',
      body: [
        'const shown = await this.index.staffShown(proof.statement.msp, proof.statement.actorTag);',
        "return shown?.said ?? { state: 'active', roles: ['clinician'], dutyWindows: [] };",
      ].join(' '),
    },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
