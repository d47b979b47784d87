import { canonicalJson, groupSchema, instantOf, mspIdSchema, staffSchema, transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { laboratoryReport, PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { newId, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitForged, ledgerKey } from '../forged-transaction';
import { refusedWith } from '../staff';

const { AcceptRelationship, FoundGroup, GetStaff, ProposeRelationship } = transactions;

/** A's clinician is of no team. The patient has accepted a team of A alone; hospitals B and C write that the clinician is of it. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-g1');
  try {
    const staff = await hireRoster(scenario);
    const { clinicianA, registrarA } = staff;
    const hrAdmin = await scenario.hire(scenario.a, 'hrAdmin');
    const group = groupSchema.parse(newId());
    await carry(hrAdmin.client, FoundGroup, { group, kind: 'care-team' }, { sign: hrAdmin.sign });
    const known = PatientCase.unknown(scenario, staff);
    await known.register();
    const { pseudonym } = known;
    const mspId = mspIdSchema.parse(known.custodian);
    await known.byStaff(registrarA, ProposeRelationship, { pseudonym, type: 'care', group }, 'RelationshipProposed');
    await known.command(AcceptRelationship, { pseudonym, mspId, group }, 'RelationshipAccepted');
    const recordId = await known.publish(laboratoryReport);
    const entry = await known.see(GetStaff, { mspId, actorTag: clinicianA.actorTag });
    const saidBy = { kind: 'administrator', mspId, keyHash: entry.publicKeyHash };
    const membership = { group, state: 'active', saidBy, changedAt: instantOf(Date.now()) };
    const forged = canonicalJson(staffSchema.parse({ ...entry, memberships: [membership] }));
    const code = await commitForged(scenario, [scenario.b, scenario.c], { [ledgerKey('staff', mspId, clinicianA.actorTag)]: forged });
    if (code !== 0) throw new Error(`the forged membership was not committed: ${code}`);
    await scenario.catchUp(scenario.a);
    const asking = known.ask(clinicianA, { recordIds: [recordId] });
    const refused = await refusedWith(asking);
    if (refused !== undefined) return { succeeded: false, seen: `nothing is asked for: ${refused}` };
    const ticket = await asking;
    if (ticket.answer.decision !== 'permit') throw new Error('the ledger did not permit by the forged membership');
    const end = await refusedWith(known.read(clinicianA, ticket, recordId));
    return { succeeded: end === undefined, seen: end === undefined ? 'somebody of no team has read' : `no key: ${end}` };
  } finally {
    await scenario.stop();
  }
}

export const memberNobodyMade: Attack = {
  id: 'G1',
  title: 'two hospitals write somebody of the third one into the team that a patient has accepted',
  defences: [
    {
      file: 'application/ledger-client/src/evidence/written-staff.ts',
      name: 'staffFacts',
      body: [
        'const said = attempt(() => staffSchema.parse(JSON.parse(Buffer.from(value).toString())));',
        "return [{ kind: 'staff', mspId: mspIdSchema.parse(msp), actorTag: actorTagSchema.parse(tag), said, isProven: said !== undefined }];",
      ].join(' '),
    },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
