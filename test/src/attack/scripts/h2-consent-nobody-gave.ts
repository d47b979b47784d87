import { canonicalJson, grantSchema, instantOf, sha256 } from '@lianyi/domain';
import { hireRoster } from '../../scenario/roster';
import { PatientCase, permission } from '../../scenario/patient-case';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitForged, ledgerKey } from '../forged-transaction';

/** Hospitals B and C write with their peers' keys a consent that A's patient has never given, and B's clinician reads by it. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-h2');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.withRecord(scenario, staff);
    const { pseudonym, cardiology: grantee } = known;
    const now = instantOf(Date.now());
    const forged = grantSchema.parse({
      ...{ schemaVersion: 1, pseudonym, grantee, version: 1, state: 'active', provisions: [permission()], grantedAt: now, changedAt: now },
      origin: { requestHash: sha256('whatever'), actor: { kind: 'patient', pseudonym } },
    });
    const key = ledgerKey('grant', pseudonym, grantee.kind, grantee.mspId, grantee.name);
    const code = await commitForged(scenario, [scenario.b, scenario.c], { [key]: canonicalJson(forged) });
    if (code !== 0) throw new Error(`the forged consent was not committed: ${code}`);
    await scenario.catchUp(scenario.b);
    const ticket = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    if (ticket.answer.decision !== 'permit') throw new Error('the ledger did not permit on the forged consent');
    const end = await outcomeOf(known.read(staff.cardiologistB, ticket, recordId));
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'the record was read by a consent nobody gave' : `no key: ${end}` };
  } finally {
    await scenario.stop();
  }
}

export const consentNobodyGave: Attack = {
  id: 'H2',
  title: 'two hospitals write a consent that no patient signed, and read the third one’s record',
  defences: [
    { file: 'application/member-node/src/ledger-index/patient-index.ts', name: 'patientsWordFor', body: "return { kind: 'given' };" },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
