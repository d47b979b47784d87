import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { newIdNonce } from '@lianyi/client';
import { PointerClient, type PointerToWrite } from '@lianyi/client/pointers';
import {
  canonicalJson,
  hashOfTemplate,
  mspIdSchema,
  pointerIdOf,
  pseudonymSchema,
  type QueryTemplate,
  queryTemplateSchema,
  sha256Schema,
  transactions,
} from '@lianyi/domain';
import { flags, organizationDir } from '@lianyi/workbench';
import { hireRoster } from '../../scenario/roster';
import { PatientCase, permission } from '../../scenario/patient-case';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitForged, ledgerKey } from '../forged-transaction';
import { refusedWith } from '../staff';

const { GetQueryTemplate, UpdateEndpoint } = transactions;
const anything = z.unknown();
const proposed = z.object({ result: z.looseObject({ templateSha256: sha256Schema }) });

/** Psychiatry notes of one patient. */
const honest = {
  ...{ templateId: 'notes', version: 1, class: 'clinical-document', dataLevel: 4, confidentiality: 'R', view: 'laboratory_results' },
  parameters: [
    { name: 'patient', type: 'text' },
    { name: 'since', type: 'date' },
  ],
  columns: [{ name: 'note', type: 'text' }],
  conditions: [
    { column: 'patient_number', is: 'equal', parameter: 'patient' },
    { column: 'written_on', is: 'from', parameter: 'since' },
  ],
};
/** Everybody's of one day, labelled as what this patient lets others read. */
const forged = {
  ...{ class: 'laboratory-report', dataLevel: 1, confidentiality: 'N' },
  conditions: [
    { column: 'patient_number', is: 'from', parameter: 'patient' },
    { column: 'written_on', is: 'equal', parameter: 'since' },
  ],
};

/** A proposes a template, B approves it, A's node agrees to it; and A says where its queries are answered. */
async function agreedTemplate({ a, b, consortium, acts: { commands } }: Scenario): Promise<string> {
  const file = consortium.data.file('notes.json');
  writeFileSync(file, JSON.stringify(honest));
  const name = `${a.member.mspId}/notes@1`;
  const { templateSha256: sha256 } = (await commands.must(a.administrator, ['template', 'propose', file], proposed)).result;
  await commands.must(b.administrator, ['template', 'approve', `--sha256=${sha256}`, name], anything);
  const folder = consortium.data.node(a.member.mspId);
  await commands.must(undefined, ['node', 'agree', ...flags({ config: join(folder, 'node.json'), sha256 }), '--', name], anything);
  const certificate = join(organizationDir(consortium.context, a.member), 'users', `node@${a.member.domain}`, 'tls', 'server.crt');
  const { hostname, port } = new URL(a.node.ready.url);
  const endpoint = { id: 'query', kind: 'query', host: hostname, port, 'tls-cert-file': certificate };
  await commands.must(a.administrator, ['endpoint', 'set', ...flags(endpoint)], anything);
  const db = new DatabaseSync(join(folder, 'hospital.sqlite'));
  db.exec(`create table laboratory_results (patient_number text, note text, written_on text);
    insert into laboratory_results values ('P-1', 'of the patient', '2026-03-01'), ('P-2', 'of somebody else', '2026-03-01')`);
  db.close();
  rmSync(file);
  return sha256;
}

/** The forgers write the template over; A's laboratory points by it as on every day. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r6-1');
  try {
    const staff = await hireRoster(scenario);
    const { a, b, c } = scenario;
    const known = await PatientCase.related(scenario, staff);
    await known.grant([permission({ classes: ['laboratory-report'], maxDataLevel: 1 })]);
    const templateSha256 = sha256Schema.parse(await agreedTemplate(scenario));
    const mspId = mspIdSchema.parse(a.member.mspId);
    const template = transactions.GetQueryTemplate.request.parse({ mspId, templateId: 'notes', version: 1 });
    const present: QueryTemplate = await known.see(GetQueryTemplate, template);
    if (hashOfTemplate(present) !== templateSha256) throw new Error('the template is not the one that was agreed on');
    const entry = canonicalJson(queryTemplateSchema.parse({ ...present, ...forged }));
    const code = await commitForged(scenario, [b, c], { [ledgerKey('queryTemplate', mspId, 'notes', '000001')]: entry });
    if (code !== 0) throw new Error(`the forged template was not committed: ${code}`);
    await Promise.all([scenario.catchUp(a), scenario.catchUp(b)]);
    const nonce = newIdNonce();
    const pseudonym = pseudonymSchema.parse(known.pseudonym);
    const pointer: PointerToWrite = {
      ...{ network: scenario.network, pseudonym, nonce, pointerId: pointerIdOf({ mspId, pseudonym, nonce }), template, templateSha256 },
      ...{ endpointId: UpdateEndpoint.request.shape.endpointId.parse('query'), parameters: { patient: 'P-1', since: '2026-03-01' } },
    };
    return await readBy(scenario, known, staff, pointer);
  } finally {
    await scenario.stop();
  }
}

async function readBy(
  scenario: Scenario,
  known: PatientCase,
  { labA, cardiologistB }: Awaited<ReturnType<typeof hireRoster>>,
  pointer: PointerToWrite,
): Promise<AttackOutcome> {
  const lab = new PointerClient(labA.client, labA.sign);
  const refused = await refusedWith(lab.prepare(pointer).then((prepared) => lab.publish(pointer, prepared)));
  if (refused !== undefined) return { succeeded: false, seen: `nothing was pointed at: ${refused}` };
  await Promise.all([scenario.catchUp(scenario.a), scenario.catchUp(scenario.b)]);
  const { pointerId: recordId, pseudonym, network } = pointer;
  const { ticketId, ephemeralKey, answer } = await known.ask(cardiologistB, { recordIds: [recordId] });
  if (answer.decision !== 'permit') throw new Error('the ledger did not permit by the forged label');
  const mspId = mspIdSchema.parse(scenario.b.member.mspId);
  const reading = new PointerClient(cardiologistB.client, cardiologistB.sign).read({
    ...{ ticketId, ephemeralKey, recordId, pseudonym, network, mspId },
    witness: scenario.witnessFor(scenario.b),
  });
  const code = await refusedWith(reading);
  if (code !== undefined) return { succeeded: false, seen: `no rows: ${code}` };
  const { rows } = await reading;
  return { succeeded: rows.length === 2, seen: `${rows.length} rows were read that no consent covers` };
}

export const forgedTemplate: Attack = {
  id: 'R6-1',
  title: 'two hospitals write over a query template of the third one, which then points with other labels at other rows',
  defences: [
    { file: 'application/client/src/member-api/pointer-client.ts', name: 'assertNamedTemplate', body: '' },
    { file: 'application/member-node/src/queries/agreed-templates.ts', name: 'AgreedTemplates.assertAgreed', body: '' },
    { file: 'application/ledger-client/src/evidence/written-pointer.ts', name: 'goesByTemplate', body: 'return true;' },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
