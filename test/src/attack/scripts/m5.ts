import { newId } from '@lianyi/client';
import { newRequest, transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { department, fromNow, laboratoryReport, PatientCase, permission } from '../../scenario/patient-case';
import { hireRoster, type Roster } from '../../scenario/roster';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { hired, newEntry, refusedWith } from '../staff';

const forbid = (twist: object = {}) => ({
  ...{ provisionId: newId(), effect: 'deny' as const, purposes: 'any' as const, validFrom: fromNow(-60_000) },
  ...twist,
});

/** The patient forbids psychiatry; somebody of both departments asks as cardiology. */
async function byAnotherDepartment(scenario: Scenario, staff: Roster): Promise<string> {
  const { known, recordId } = await PatientCase.granted(scenario, staff);
  const { person } = await hired(scenario, scenario.b, { roles: ['clinician'], departments: ['cardiology', 'psychiatry'] });
  await known.grant([forbid()], department(scenario.b.member.mspId, 'psychiatry'));
  return (await known.ask(person, { recordIds: [recordId] })).answer.decision;
}

/** The patient forbids a person; their hospital registers the same key under another tag. */
async function byAnotherEntry(scenario: Scenario, staff: Roster): Promise<string> {
  const { known, recordId } = await PatientCase.granted(scenario, staff);
  const first = await hired(scenario, scenario.b, { roles: ['clinician'], departments: ['cardiology'] });
  const mspId = scenario.b.member.mspId;
  const person = { kind: 'person' as const, mspId, name: first.input.actorTag };
  await known.command(transactions.GrantPolicy, { pseudonym: known.pseudonym, grantee: person, provisions: [forbid()] }, 'PolicyGranted');
  const second = newEntry(scenario, scenario.b, { roles: ['clinician'], departments: ['cardiology'], key: first.key });
  const administrator = await scenario.ledger(scenario.b, 'Admin');
  const refused = await refusedWith(administrator.submit(newRequest(transactions.RegisterStaff, second.input)));
  return refused ?? (await known.ask(second.person, { recordIds: [recordId] })).answer.decision;
}

/** The patient forbids laboratory reports; the custodian amends the record to another class. */
async function byAnotherClass(scenario: Scenario, staff: Roster): Promise<string> {
  const known = await PatientCase.related(scenario, staff);
  const recordId = await known.publish(laboratoryReport);
  const { class: recordClass } = await known.see(transactions.GetRecord, { pseudonym: known.pseudonym, recordId });
  await known.grant([permission(), forbid({ classes: [recordClass] })]);
  const amendment = {
    network: scenario.network,
    pseudonym: known.pseudonym,
    recordId,
    bytes: laboratoryReport,
    replicaMspIds: [scenario.c.member.mspId],
  };
  const { recordAdminA } = staff;
  const amends = { previousVersion: 1, operation: 'amend' as const };
  const prepared = await recordAdminA.client.prepareRecord({ ...amendment, amends }, recordAdminA.sign);
  const input = transactions.AmendRecord.request.parse({ ...prepared.input, ...amends, class: 'imaging-report' });
  const carried = carry(recordAdminA.client, transactions.AmendRecord, input, { sign: recordAdminA.sign });
  return (await refusedWith(carried)) ?? (await known.ask(staff.cardiologistB, { recordIds: [recordId] })).answer.decision;
}

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-m5');
  try {
    const staff = await hireRoster(scenario);
    const seen = {
      department: await byAnotherDepartment(scenario, staff),
      entry: await byAnotherEntry(scenario, staff),
      class: await byAnotherClass(scenario, staff),
    };
    return { succeeded: Object.values(seen).includes('permit'), seen: JSON.stringify(seen) };
  } finally {
    await scenario.stop();
  }
}

export const m5: Attack = {
  id: 'M5',
  title: 'evade a patient’s prohibition by another department, another entry of the same key, another class',
  defences: [
    { file: 'domain/src/access/sources/grantees.ts', name: 'deniableGranteesOf', body: 'return granteesOf(actor);' },
    { file: 'domain/src/directory/staff.ts', name: 'assertNewStaffKey', body: '' },
    { file: 'domain/src/record/record.ts', name: 'assertSameClass', body: '' },
  ],
  networks: ['embedded'],
  run,
};
