import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { newIdNonce } from '@lianyi/client';
import { type OpenedPointer, PointerClient, type PointerToWrite } from '@lianyi/client/pointers';
import {
  mspIdSchema,
  pointerIdOf,
  pseudonymSchema,
  type Sha256,
  sha256Schema,
  type TemplateReference,
  templateReferenceSchema,
  transactions,
} from '@lianyi/domain';
import { type Acts, flags, organizationDir } from '@lianyi/workbench';
import { PatientCase, permission, type Ticket } from '../patient-case';
import { newId, outcomeOf, refusalOf, type StaffMember } from '../scenario';
import { waitUntil } from '../../wait-until';
import { templateFile } from './laboratory-template';
import { type GetWorld } from './world';

const anything = z.unknown();
const answered = z.object({ result: z.looseObject({}) });

/** What the hospitals have agreed on, and the hash by which A's node and staff know it. */
interface AgreedOn {
  readonly reference: TemplateReference;
  readonly templateSha256: Sha256;
}

/** A's database of results, what may be asked of it, and who points at rows of it and reads them. */
export interface Laboratory {
  readonly commands: () => Acts['commands'];
  readonly inDatabase: (text: string) => void;
  readonly setEndpoint: (port: string) => Promise<void>;
  readonly ownPort: () => string;
  /** What the hospitals have agreed on, which they do when it is asked for first. */
  readonly agreed: () => Promise<AgreedOn>;
  readonly results: (patientNumber: string) => void;
  readonly pointerFor: (known: PatientCase, patientNumber: string) => Promise<PointerToWrite>;
  readonly write: (pointer: PointerToWrite, who?: StaffMember) => ReturnType<PointerClient['publish']>;
  readonly pointedAt: () => Promise<{ readonly known: PatientCase; readonly number: string; readonly pointer: PointerToWrite }>;
  readonly read: (known: PatientCase, who: StaffMember, ticket: Ticket, recordId: string) => Promise<OpenedPointer>;
}

export function laboratoryOf(world: GetWorld): Laboratory {
  let template: Promise<AgreedOn> | undefined;

  const commands = () => world().scenario.acts.commands;
  const databaseFile = (): string => join(world().scenario.consortium.data.node(world().scenario.a.member.mspId), 'hospital.sqlite');
  const inDatabase = (text: string): void => {
    const db = new DatabaseSync(databaseFile());
    db.exec(text);
    db.close();
  };

  const setEndpoint = async (port: string): Promise<void> => {
    const { a, consortium } = world().scenario;
    const certificate = join(organizationDir(consortium.context, a.member), 'users', `node@${a.member.domain}`, 'tls', 'server.crt');
    const { hostname } = new URL(a.node.ready.url);
    const options = { id: 'query', kind: 'query', host: hostname, port, 'tls-cert-file': certificate };
    await commands().must(a.administrator, ['endpoint', 'set', ...flags(options)], anything);
  };
  const ownPort = (): string => new URL(world().scenario.a.node.ready.url).port;

  /** B proposes, A approves by the hash of what it has read; A keeps a table and says where its queries are answered. */
  const agreeOnTemplate = async (): Promise<AgreedOn> => {
    const { a, b, consortium } = world().scenario;
    const file = consortium.data.file(`template-${newId()}.json`);
    writeFileSync(file, JSON.stringify(templateFile('laboratory-results')));
    const proposed = answered.parse((await commands().run(b.administrator, ['template', 'propose', file])).json).result;
    const { state, templateSha256, ...rest } = proposed;
    expect(state).toBe('proposed');
    const reference = templateReferenceSchema.parse(rest);
    const name = `${reference.mspId}/${reference.templateId}@1`;
    const approve = (who: string): Promise<unknown> =>
      commands().must(who, ['template', 'approve', `--sha256=${String(templateSha256)}`, name], anything);
    expect(await refusalOf(approve(b.administrator))).toBe('QUORUM');
    await approve(a.administrator);
    const shown = await commands().must(a.administrator, ['template', 'show', name], answered);
    expect(shown.result).toMatchObject({ state: 'active', view: 'laboratory_results' });
    const config = join(consortium.data.node(a.member.mspId), 'node.json');
    await commands().must(undefined, ['node', 'agree', ...flags({ config, sha256: String(templateSha256) }), '--', name], anything);
    inDatabase('create table laboratory_results (patient_number text, analyte text, value text, taken_on text)');
    await setEndpoint(ownPort());
    const agreedOn = { reference, templateSha256: sha256Schema.parse(templateSha256) };
    await untilTaken(agreedOn);
    return agreedOn;
  };
  /** A node reads now and then what its hospital has agreed to. */
  const untilTaken = async (agreedOn: AgreedOn): Promise<void> => {
    const { a } = world().scenario;
    const { labA } = world().staff;
    const { pseudonym } = world().scenario.newPatient().registration;
    const asked = pointerTo({ pseudonym, custodian: a.member.mspId }, 'nobody', agreedOn);
    const isTaken = async (): Promise<boolean> =>
      (await outcomeOf(new PointerClient(labA.client, labA.sign).prepare(asked))) !== 'QUERY_UNAVAILABLE';
    await waitUntil('A’s node runs what it has agreed to', isTaken);
  };
  const agreed = (): Promise<AgreedOn> => (template ??= agreeOnTemplate());

  /** Three results of one patient, of which two are from the day on, and one of somebody else. */
  const results = (patientNumber: string): void => {
    inDatabase(`insert into laboratory_results values ('${patientNumber}', 'haemoglobin', '132.0', '2026-03-02'),
      ('${patientNumber}', 'potassium', '4.10', '2026-03-01'), ('${patientNumber}', 'sodium', '140', '2026-02-28'),
      ('${patientNumber}-other', 'sodium', '141', '2026-03-02')`);
  };
  const pointerFor = async (known: PatientCase, patientNumber: string): Promise<PointerToWrite> =>
    pointerTo(known, patientNumber, await agreed());
  const pointerTo = (
    known: Pick<PatientCase, 'pseudonym' | 'custodian'>,
    patientNumber: string,
    { reference, templateSha256 }: AgreedOn,
  ): PointerToWrite => {
    const nonce = newIdNonce();
    const pseudonym = pseudonymSchema.parse(known.pseudonym);
    return {
      ...{ network: world().scenario.network, pseudonym, nonce, template: reference, templateSha256 },
      pointerId: pointerIdOf({ mspId: mspIdSchema.parse(known.custodian), pseudonym, nonce }),
      endpointId: transactions.UpdateEndpoint.request.shape.endpointId.parse('query'),
      parameters: { patient: patientNumber, since: '2026-03-01' },
    };
  };
  const write: Laboratory['write'] = async (pointer, who = world().staff.labA) => {
    const client = new PointerClient(who.client, who.sign);
    return client.publish(pointer, await client.prepare(pointer));
  };
  const pointedAt = async (): Promise<{ readonly known: PatientCase; readonly number: string; readonly pointer: PointerToWrite }> => {
    await agreed();
    const number = `P-${newId()}`;
    results(number);
    const known = await PatientCase.related(world().scenario, world().staff);
    await known.grant([permission()]);
    const pointer = await pointerFor(known, number);
    await write(pointer);
    return { known, number, pointer };
  };
  const read = (known: PatientCase, who: StaffMember, { ticketId, ephemeralKey }: Ticket, recordId: string): Promise<OpenedPointer> => {
    const { scenario } = world();
    const mspId = mspIdSchema.parse(who.hospital.member.mspId);
    const request = { ticketId, ephemeralKey, recordId, pseudonym: known.pseudonym, network: scenario.network, mspId };
    return new PointerClient(who.client, who.sign).read({ ...request, witness: scenario.witnessFor(who.hospital) });
  };

  return { commands, inDatabase, setEndpoint, ownPort, agreed, results, pointerFor, write, pointedAt, read };
}
