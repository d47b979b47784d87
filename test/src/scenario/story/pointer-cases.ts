import { rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { hashOfTemplate, pointerVersionSchema, transactions } from '@lianyi/domain';
import { flags } from '@lianyi/workbench';
import { carry } from '../carry';
import { PatientCase, permission } from '../patient-case';
import { newId, refusalOf, type StaffMember } from '../scenario';
import { laboratoryOf } from './laboratory';
import { passTo } from './pass-to';
import { type GetWorld } from './world';

const { GetPointer, GetPointerVersion, RetirePointer, SuspendRelationship } = transactions;
const anything = z.unknown();
const answered = z.object({ result: z.looseObject({}) });
const pointed = z.object({ result: z.object({ pointerId: z.string(), version: z.number() }), rows: z.array(z.unknown()) });
const shownFirst = z.object({
  input: z.looseObject({ class: z.string(), dataLevel: z.number(), confidentiality: z.string() }),
  ...{ rows: z.array(z.unknown()), nonce: z.string(), yes: z.string(), isSigned: z.literal(false) },
});
const readByCli = z.object({ rows: z.array(z.unknown()), witnessMspId: z.string() });

/** Features 14 and 15: data stay in the custodian's database, and what is read is what was pointed at, or nothing. */
export function pointerCases(world: GetWorld): void {
  const { commands, inDatabase, setEndpoint, ownPort, agreed, results, pointerFor, write, pointedAt, read } = laboratoryOf(world);
  const expectedRows = [
    { analyte: 'haemoglobin', taken_on: '2026-03-02', value: '132' },
    { analyte: 'potassium', taken_on: '2026-03-01', value: '4.1' },
  ];

  it('gives a permitted reader the rows it was written for, and shows the patient who had them', async () => {
    const { known, pointer } = await pointedAt();
    const { cardiologistB, clinicianA } = world().staff;
    const ticket = await known.ask(cardiologistB, { recordIds: [pointer.pointerId] });
    expect(ticket.answer.decision).toBe('permit');
    const opened = await read(known, cardiologistB, ticket, pointer.pointerId);
    expect(opened).toMatchObject({ rows: expectedRows, custodianMspId: known.custodian });
    expect(await known.see(GetPointer, { pseudonym: known.pseudonym, pointerId: pointer.pointerId })).toMatchObject({
      version: 1,
      state: 'current',
    });
    const own = await known.ask(clinicianA, { recordIds: [pointer.pointerId] });
    expect((await read(known, clinicianA, own, pointer.pointerId)).rows).toEqual(expectedRows);
    const lines = await known.audit();
    expect(lines.map(({ event }) => event)).toEqual([
      ...['PatientRegistered', 'RelationshipProposed', 'RelationshipAccepted', 'PolicyGranted', 'PointerAdded'],
      ...['AccessPermitted', 'KeyReleased', 'AccessPermitted', 'KeyReleased'],
    ]);
  });

  it.each<readonly [string, (number: string) => string]>([
    ['changed', (number) => `update laboratory_results set value = '4.11' where patient_number = '${number}' and analyte = 'potassium'`],
    ['added', (number) => `insert into laboratory_results values ('${number}', 'chloride', '101', '2026-03-03')`],
    ['taken away', (number) => `delete from laboratory_results where patient_number = '${number}' and analyte = 'potassium'`],
  ])('opens nothing once a row was %s, until the pointer says so', async (_what, edit) => {
    const { known, number, pointer } = await pointedAt();
    const { cardiologistB } = world().staff;
    const ticket = await known.ask(cardiologistB, { recordIds: [pointer.pointerId] });
    inDatabase(edit(number));
    expect(await refusalOf(read(known, cardiologistB, ticket, pointer.pointerId))).toBe('HASH_MISMATCH');
    const { nonce, ...same } = pointer;
    expect(nonce).toBeDefined();
    expect((await write({ ...same, previousVersion: 1 })).result).toMatchObject({ version: 2 });
    // what was permitted was the version before, and its rows are no more
    expect(await refusalOf(read(known, cardiologistB, ticket, pointer.pointerId))).toBe('HASH_MISMATCH');
    const anew = await known.ask(cardiologistB, { recordIds: [pointer.pointerId] });
    expect((await read(known, cardiologistB, anew, pointer.pointerId)).pointer.version).toBe(2);
    const before = await known.see(GetPointerVersion, { pseudonym: known.pseudonym, pointerId: pointer.pointerId, version: 1 });
    expect(pointerVersionSchema.parse(before).operation).toBe('add');
  });

  it('is answered wherever the custodian’s endpoint is now', async () => {
    const { known, pointer } = await pointedAt();
    const { cardiologistB } = world().staff;
    const ticket = await known.ask(cardiologistB, { recordIds: [pointer.pointerId] });
    const passing = await passTo(Number(ownPort()));
    try {
      await setEndpoint(String(passing.port));
      await eventually(async () => {
        expect((await read(known, cardiologistB, ticket, pointer.pointerId)).rows).toEqual(expectedRows);
        expect(passing.taken()).toBeGreaterThan(0);
      });
    } finally {
      passing.server.close();
    }
    await eventually(async () => {
      expect(await refusalOf(read(known, cardiologistB, ticket, pointer.pointerId))).toBe('MEMBER_UNAVAILABLE');
    });
    await setEndpoint(ownPort());
    await eventually(async () => {
      expect((await read(known, cardiologistB, ticket, pointer.pointerId)).rows).toEqual(expectedRows);
    });
  });

  it('is denied without consent, by another person’s ticket, after the patient has closed reading, and once it is retired', async () => {
    const { known, pointer } = await pointedAt();
    const { cardiologistB, colleagueB, neurologistB, recordAdminA } = world().staff;
    const { pointerId } = pointer;
    expect((await known.ask(neurologistB, { recordIds: [pointerId] })).answer).toMatchObject({ reasons: ['NO_CONSENT'] });
    const ticket = await known.ask(cardiologistB, { recordIds: [pointerId] });
    expect(await refusalOf(read(known, colleagueB, ticket, pointerId))).toBe('NOT_PERMITTED');
    const key = { pseudonym: known.pseudonym, mspId: known.custodian };
    await known.command(SuspendRelationship, key, 'RelationshipSuspended');
    expect(await refusalOf(read(known, cardiologistB, ticket, pointerId))).toBe('TICKET_CLOSED');
    await known.command(transactions.ResumeRelationship, key, 'RelationshipResumed');
    const retirement = { pseudonym: known.pseudonym, pointerId, previousVersion: 1 };
    await known.byStaff(recordAdminA, RetirePointer, retirement, 'PointerRetired', { recordIds: [pointerId] });
    expect((await known.ask(cardiologistB, { recordIds: [pointerId] })).answer).toMatchObject({ reasons: ['RECORD_RETRACTED'] });
  });

  it('opens no record’s key, and no record opens a query', async () => {
    const { known, pointer } = await pointedAt();
    const { cardiologistB } = world().staff;
    const ticket = await known.ask(cardiologistB, { recordIds: [pointer.pointerId] });
    expect(await refusalOf(known.read(cardiologistB, ticket, pointer.pointerId))).toBe('NOT_FOUND');
    const { recordId, known: other } = await PatientCase.granted(world().scenario, world().staff);
    const forRecord = await other.ask(cardiologistB, { recordIds: [recordId] });
    expect(await refusalOf(read(other, cardiologistB, forRecord, recordId))).toBe('NOT_FOUND');
  });

  it('is written by the custodian’s staff only, for a patient of theirs, by a template in force', async () => {
    const { known, number, pointer } = await pointedAt();
    const labB = await world().scenario.hire(world().scenario.b, 'lab');
    expect(await refusalOf(write(pointer, labB))).toBe('ID_MISMATCH');
    const fresh = await pointerFor(known, number);
    const { mspId, templateId } = (await agreed()).reference;
    const unknown = { ...fresh, template: { mspId, templateId, version: 2 } };
    expect(await refusalOf(write(unknown))).toBe('NOT_FOUND');
    expect(await refusalOf(write({ ...fresh, parameters: { patient: number } }))).toBe('INVALID_REQUEST');
    const { registrarA, labA } = world().staff;
    expect(await refusalOf(write(fresh, registrarA))).toBe('NOT_PERMITTED');
    // by hand, past the node
    const said = await known.see(transactions.GetQueryTemplate, { mspId, templateId, version: 1 });
    const input = {
      ...{
        pseudonym: known.pseudonym,
        pointerId: fresh.pointerId,
        nonce: fresh.nonce ?? '',
        class: 'prescription' as const,
        dataLevel: 3 as const,
      },
      ...{ confidentiality: 'N' as const, template: fresh.template, templateSha256: hashOfTemplate(said), endpointId: 'query' },
      ...{ parametersCommitment: 'A'.repeat(43), resultCommitment: 'A'.repeat(43) },
    };
    const byHand = (changed: object): Promise<unknown> =>
      carry(labA.client, transactions.AddPointer, { ...input, ...changed }, { sign: labA.sign });
    expect(await refusalOf(byHand({}))).toBe('TEMPLATE_MISMATCH');
    expect(await refusalOf(byHand({ class: 'laboratory-report', endpointId: 'vault' }))).toBe('NOT_FOUND');
  });

  it('is written and read on the command line', async () => {
    await agreed();
    const number = `P-${newId()}`;
    results(number);
    const known = await PatientCase.related(world().scenario, world().staff);
    await known.grant([permission()]);
    const { labA, cardiologistB } = world().staff;
    const { reference, templateSha256 } = await agreed();
    const file = world().scenario.consortium.data.file(`parameters-${newId()}.json`);
    writeFileSync(file, JSON.stringify({ patient: number, since: '2026-03-01' }));
    const add = (...more: readonly string[]): Promise<unknown> => {
      const options = { pseudonym: known.pseudonym, parameters: file, 'template-sha256': templateSha256 };
      const args = ['pointer', 'add', ...flags(options), ...more, '--', `${reference.mspId}/${reference.templateId}@1`];
      return commands().must(labA.profile, args, anything);
    };
    const { nonce, yes, ...shown } = shownFirst.parse(await add());
    expect(shown).toMatchObject({ rows: expectedRows, input: { class: 'laboratory-report', dataLevel: 3, confidentiality: 'N' } });
    // what was shown is what is signed, or nothing is
    inDatabase(`insert into laboratory_results values ('${number}', 'chloride', '101', '2026-03-03')`);
    expect(await refusalOf(add(`--nonce=${nonce}`, `--yes=${yes}`))).toBe('USAGE');
    inDatabase(`delete from laboratory_results where patient_number = '${number}' and analyte = 'chloride'`);
    expect(await refusalOf(known.see(GetPointer, { pseudonym: known.pseudonym, pointerId: String(shown.input['pointerId']) }))).toBe(
      'NOT_FOUND',
    );
    const { result, rows } = pointed.parse(await add(`--nonce=${nonce}`, `--yes=${yes}`));
    expect(rows).toEqual(expectedRows);
    const asked = ['access', 'request', '--pseudonym', known.pseudonym, `--records=${result.pointerId}`, '--purpose', 'TREAT'];
    const { ticketId } = z
      .object({ ticketId: z.string() })
      .loose()
      .parse(answered.parse((await commands().run(cardiologistB.profile, [...asked, '--department', 'cardiology'])).json).result);
    const byCli = readByCli.parse((await commands().run(cardiologistB.profile, ['pointer', 'read', '--', ticketId])).json);
    expect(byCli).toMatchObject({ rows: expectedRows });
    rmSync(file);
  });

  it('opens nothing once the custodian’s key service has purged its parameters, which nobody else can', async () => {
    const { known, pointer } = await pointedAt();
    const { cardiologistB, labA } = world().staff;
    const { a, b } = world().scenario;
    const purge = ({ client, sign }: StaffMember) =>
      carry(client, transactions.PurgePointerQuery, { pseudonym: pointer.pseudonym, pointerId: pointer.pointerId, version: 1 }, { sign });
    expect(await refusalOf(purge(labA))).toBe('NOT_PERMITTED');
    // another hospital's key service reaches its own hospital's private data
    await purge(await world().scenario.hire(b, 'keyService'));
    const ticket = await known.ask(cardiologistB, { recordIds: [pointer.pointerId] });
    expect((await read(known, cardiologistB, ticket, pointer.pointerId)).rows).toEqual(expectedRows);
    await purge(await world().scenario.hire(a, 'keyService'));
    expect(await refusalOf(read(known, cardiologistB, ticket, pointer.pointerId))).toBe('QUERY_UNAVAILABLE');
  });

  it('is written by no template that its hospital has retired; what was pointed at before is still read', async () => {
    const { known, number, pointer } = await pointedAt();
    const { scenario, staff } = world();
    const { mspId, templateId } = (await agreed()).reference;
    const template = ['template', 'retire', '--', `${mspId}/${templateId}@1`];
    expect(await scenario.acts.attempt(scenario.a.administrator, ...template)).toBe('USAGE');
    expect(await scenario.acts.attempt(staff.registrarB.profile, ...template)).toBe('NOT_PERMITTED');
    await scenario.acts.act(scenario.b.administrator, ...template);
    await scenario.catchUp(scenario.a);
    expect(await scenario.acts.attempt(scenario.b.administrator, ...template)).toBe('ILLEGAL_STATE');
    expect(await refusalOf(write(await pointerFor(known, number)))).toBe('ILLEGAL_STATE');
    const ticket = await known.ask(staff.cardiologistB, { recordIds: [pointer.pointerId] });
    expect((await read(known, staff.cardiologistB, ticket, pointer.pointerId)).rows).toEqual(expectedRows);
  });
}

/** A directory that a node has read less than a second ago counts. */
async function eventually(attempt: () => Promise<void>): Promise<void> {
  for (let left = 20; ; left -= 1) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resume) => setTimeout(resume, 250));
    }
  }
}
