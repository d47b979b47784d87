import { canonicalJson, instantOf, mspIdSchema, sha256, staffSchema } from '@lianyi/domain';
import { hireRoster } from '../../scenario/roster';
import { PatientCase } from '../../scenario/patient-case';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitForged, ledgerKey } from '../forged-transaction';
import { newEntry } from '../staff';

/** Hospitals B and C write with their peers' keys a clinician of A whose key is theirs, who then asks at A's own node. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-h2b');
  try {
    const { known, recordId } = await PatientCase.withRecord(scenario, await hireRoster(scenario));
    const { input, person } = newEntry(scenario, scenario.a, { roles: ['clinician'], departments: ['internal'] });
    const now = instantOf(Date.now());
    const mspId = mspIdSchema.parse(scenario.a.member.mspId);
    const actor = { kind: 'staff', mspId, actorTag: person.actorTag };
    const made = { state: 'active', registeredAt: now, changedAt: now, origin: { requestHash: sha256('whatever'), actor } };
    const forged = staffSchema.parse({ schemaVersion: 1, mspId, ...input, ...made });
    const key = ledgerKey('staff', mspId, person.actorTag);
    const code = await commitForged(scenario, [scenario.b, scenario.c], { [key]: canonicalJson(forged) });
    if (code !== 0) throw new Error(`the forged staff entry was not committed: ${code}`);
    await scenario.catchUp(scenario.a);
    const ticket = await known.ask(person, { recordIds: [recordId] });
    if (ticket.answer.decision !== 'permit') throw new Error('the ledger did not permit somebody whom two hospitals wrote');
    const end = await outcomeOf(known.read(person, ticket, recordId));
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
  ],
  networks: ['embedded', 'fabric'],
  run,
};
