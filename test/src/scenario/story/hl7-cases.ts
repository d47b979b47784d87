import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { encodeText } from '@lianyi/documents/hl7-v2';
import { transactions } from '@lianyi/domain';
import { MllpSender } from '../../support/mllp-sender';
import { PatientCase, permission } from '../patient-case';
import { newId, repositoryRoot } from '../scenario';
import { type GetWorld } from './world';

const { ListRecords } = transactions;
const readySchema = z.object({ port: z.number() });
const mergesSchema = z.object({ merges: z.array(z.object({ mergeId: z.string() })) });

/** A page of a file, as a scanner's program wraps it. */
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/** A message as a hospital's own systems send it: in GB 18030, with both acknowledgements. */
function fromHis(kind: string, id: string, number: string, ...segments: readonly string[]): Uint8Array {
  const header = `MSH|^~\\&|HIS|第一人民医院|LIANYI|HOSP|20261130090000+0800||${kind}|${id}|P|2.5.1|||AL|AL|CHN|GB 18030-2000|zh^Chinese^ISO639`;
  const patient = `PID|1||${number}^^^HOSP^MR||欧阳^䶮||19700101|F|||北京市朝阳区^^北京^^100020^CHN`;
  return encodeText(
    'gb18030',
    [header, ...segments, patient]
      .toSorted(byPlace)
      .map((segment) => `${segment}\r`)
      .join(''),
  );
}
const ORDER = ['MSH', 'EVN', 'PID', 'MRG', 'PV1', 'OBR', 'TXA', 'OBX', 'NTE'];
function byPlace(one: string, other: string): number {
  return ORDER.indexOf(one.slice(0, 3)) - ORDER.indexOf(other.slice(0, 3));
}

/** Issue 12: what the hospital's own systems send becomes what a reader elsewhere opens. */
export function hl7Cases(world: GetWorld): void {
  /** The interface of hospital A, with a staff entry of its own, as a process of its own. */
  const hl7 = async () => {
    const { scenario } = world();
    const { profile } = await scenario.hire(scenario.a, 'registrar,lab');
    const { context } = scenario.consortium;
    const directory = context.data.file(`hl7-${newId()}`);
    mkdirSync(directory);
    const profileFile = join(context.data.root, 'profiles', `${profile}.json`);
    const names = { registrarProfile: profileFile, publisherProfile: profileFile, directory: 'journal' };
    const numbers = [{ authority: 'HOSP', type: 'MR', system: 'mrn' }];
    const config = join(directory, 'hl7.json');
    writeFileSync(config, JSON.stringify({ ...names, numbers, listen: { port: 0 } }));
    const start = () =>
      context.processes.start({
        name: 'lianyi hl7 serve',
        args: [join(repositoryRoot, 'application/cli/dist/main.js'), '--json', 'hl7', 'serve', '--config', config, '--exit-with-parent'],
        cwd: context.data.root,
        logFile: join(context.data.logs, 'hl7.log'),
        timeoutMillis: 60_000,
        parseReady: (line) => readySchema.parse(line),
      });
    return { profile, start, config };
  };

  it('that the hospital’s own systems send survives a kill once it is acknowledged, is published once, and opened byte for byte', async () => {
    const { scenario, staff } = world();
    const known = await PatientCase.related(scenario, staff);
    const { profile, start } = await hl7();
    const number = newId();
    const file = scenario.consortium.data.file(`number-${newId()}.txt`);
    writeFileSync(file, number, { mode: 0o600 });
    await scenario.acts.act(profile, 'identifier', 'link', '--system', 'mrn', '--value-file', file, '--pseudonym', known.pseudonym);
    const report = fromHis(
      'ORU^R01',
      'r1',
      number,
      'OBR|1||L-1|58410-2^血常规^LN|||20261130080000+0800|||||||||||||||||LAB|F',
      'OBX|1|NM|718-7^血红蛋白^LN||142|g/L|130-175|N|||F',
    );
    const letter = fromHis(
      'MDM^T02',
      'm1',
      number,
      'EVN|T02|20261130',
      'TXA|1|DS|AP|20261130',
      `OBX|1|ED|18842-5^出院小结^LN||^application^pdf^Base64^${pdf.toString('base64')}||||||F`,
    );
    const admission = fromHis('ADT^A01', 'a1', number, 'EVN|A01|20261130', 'PV1|1|I|内科^301^1');

    const first = await start();
    const before = await MllpSender.to(first.ready.port);
    for (const message of [report, letter, admission]) before.send(message);
    while (before.answers.filter((answer) => answer.startsWith('CA')).length < 3 && !before.isClosed)
      await before.heard(before.answers.length + 1);
    process.kill(first.pid, 'SIGKILL');
    await first.ended;

    const second = await start();
    const after = await MllpSender.to(second.ready.port);
    for (const message of [report, letter, admission]) after.send(message);
    expect([...(await after.heard(6))].sort()).toEqual(['AA a1', 'AA m1', 'AA r1', 'CA a1', 'CA m1', 'CA r1']);
    after.send(encodeText('gb18030', new TextDecoder('gb18030').decode(report).replace('142', '241')));
    expect((await after.heard(7))[6]).toBe('CE r1 HL7_CONTROL_ID_REUSED');
    after.close();
    await second.stop();

    const { items } = await known.seeOwn(ListRecords, { pseudonym: known.pseudonym, limit: 100 });
    expect(items.map((record) => [record.format, record.class]).sort()).toEqual([
      ['hl7-v2', 'laboratory-report'],
      ['pdf', 'clinical-document'],
    ]);
    await known.grant([permission()]);
    const ticket = await known.ask(staff.cardiologistB, { recordIds: items.map(({ recordId }) => recordId) });
    for (const { recordId, format } of items) {
      const { bytes } = await known.read(staff.cardiologistB, ticket, recordId);
      expect(Buffer.from(bytes).equals(format === 'pdf' ? pdf : report)).toBe(true);
    }
  });

  it('of a number that is not linked waits for a registrar; a merge is agreed to by one who is not the interface', async () => {
    const { scenario, staff } = world();
    const { acts } = scenario;
    const known = await PatientCase.related(scenario, staff);
    const { profile, start, config } = await hl7();
    const running = await start();
    const his = await MllpSender.to(running.ready.port);
    const [prior, survivor] = [newId(), newId()];
    const report = (id: string, number: string): Uint8Array =>
      fromHis('ORU^R01', id, number, 'OBR|1||L|58410-2^血常规^LN', 'OBX|1|ST|||阴性');
    his.send(report('r1', prior));
    expect(await his.heard(2)).toEqual(['CA r1', 'AE r1 PATIENT_NOT_LINKED']);

    const file = scenario.consortium.data.file(`number-${newId()}.txt`);
    writeFileSync(file, prior, { mode: 0o600 });
    const link = ['identifier', 'link', '--system', 'mrn', '--value-file', file, '--pseudonym', known.pseudonym];
    await acts.act(staff.registrarA.profile, ...link);
    his.send(report('r1', prior));
    expect((await his.heard(4)).slice(2)).toEqual(['CA r1', 'AA r1']);

    his.send(fromHis('ADT^A40', 'a40', survivor, 'EVN|A40|20261130', `MRG|${prior}^^^HOSP^MR`));
    his.send(report('r2', survivor));
    expect([...(await his.heard(8)).slice(4)].sort()).toEqual(['AA a40', 'AE r2 PATIENT_NOT_LINKED', 'CA a40', 'CA r2']);
    const { json } = await scenario.consortium.commands.run(undefined, ['hl7', 'merges', '--config', config]);
    const mergeId = mergesSchema.parse(json).merges[0]?.mergeId ?? '';
    const confirm = ['hl7', 'confirm-merge', '--config', config, '--', mergeId];
    expect(await acts.attempt(profile, ...confirm)).toBe('SECOND_PERSON_NEEDED');
    expect(await acts.attempt(staff.labA.profile, ...confirm)).toBe('NOT_PERMITTED');
    expect((await scenario.consortium.commands.run(staff.registrarA.profile, confirm)).json).toEqual({ mergeId, effect: 'linked' });
    his.send(report('r2', survivor));
    expect((await his.heard(10)).slice(8)).toEqual(['CA r2', 'AA r2']);
    his.close();
    await running.stop();
    const { items } = await known.seeOwn(ListRecords, { pseudonym: known.pseudonym, limit: 100 });
    expect(items.map(({ format }) => format)).toEqual(['hl7-v2', 'hl7-v2']);
  });
}
