import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocument } from './check-document';
import { conclusionPartOf, isPart } from './conclusion-part';
import { type Resource } from './json-object';

const samples = join(__dirname, '../../display/src/samples');
const whole = readFileSync(join(samples, 'blood-panel-zh.json'));
const report = {
  resourceType: 'DiagnosticReport',
  status: 'final',
  code: { text: 'Liver panel' },
  subject: { display: 'Seán O’Brien' },
  conclusion: 'Normal.',
};
const partOf = (document: object): ReturnType<typeof conclusionPartOf> => conclusionPartOf(Buffer.from(JSON.stringify(document)));
const read = (part: ReturnType<typeof conclusionPartOf>): Resource =>
  JSON.parse(Buffer.from(part as Uint8Array).toString('utf8')) as Resource;

describe('the conclusion as a document of its own', () => {
  it('says what the report comes to, that it is a part, and of which report it is', () => {
    const part = read(conclusionPartOf(whole));
    expect(part['conclusion']).toBe('高钾血症（危急值）；重度贫血；肾功能不全。请立即复查血钾及心电图。');
    expect(part['code']).toMatchObject({ text: '血常规与急诊生化' });
    expect(isPart(part)).toBe(true);
  });

  it('holds no value, name, note, reference or text of the rest', () => {
    const text = Buffer.from(conclusionPartOf(whole) as Uint8Array).toString('utf8');
    const rest = ['6.8', '欧阳', '秀英', '1949', '肝素锂', '刘敏', '张医师', '血红蛋白', 'reference', 'entry', 'div', 'result'];
    expect(rest.filter((each) => text.includes(each))).toEqual([]);
    expect(whole.toString('utf8')).toContain('秀英');
  });

  it('is of the class of the whole and labelled as closely', () => {
    const restricted = {
      ...report,
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'V' }] },
    };
    const part = partOf({ resourceType: 'Bundle', type: 'collection', entry: [{ resource: restricted }] }) as Uint8Array;
    expect(checkDocument(part)).toMatchObject({ confidentiality: 'V' });
    const { class: recordClass, dataLevel } = checkDocument(whole);
    expect(checkDocument(conclusionPartOf(whole) as Uint8Array)).toMatchObject({ class: recordClass, dataLevel });
  });

  it('is labelled by what lies beside the report, too', () => {
    const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' };
    const beside = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, meta: { security: [label] } };
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: report }, { resource: beside }] };
    const { dataLevel } = checkDocument(Buffer.from(JSON.stringify(bundle)));
    expect(checkDocument(partOf(bundle) as Uint8Array).dataLevel).toBe(dataLevel);
  });

  it('takes no extension along, which could say anything', () => {
    const extended = {
      ...report,
      code: { text: 'x', extension: [{ url: 'urn:x', valueString: 'secret' }] },
      _conclusion: { extension: [{ url: 'urn:y', valueString: 'secret' }] },
    };
    expect(Buffer.from(partOf(extended) as Uint8Array).toString('utf8')).not.toContain('secret');
  });

  it.each<[string, object, string]>([
    ['a report that says nothing', { ...report, conclusion: ' ' }, 'no-conclusion'],
    ['what is no report', { resourceType: 'Observation', status: 'final', code: { text: 'x' } }, 'no-conclusion'],
    [
      'several reports',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: report }, { resource: { ...report, id: 'b' } }] },
      'several-reports',
    ],
    ['a modifier that nobody here knows', { ...report, modifierExtension: [{ url: 'urn:not', valueBoolean: true }] }, 'modifier-extension'],
  ])('is not made of %s', (_what, document, reason) => {
    expect(partOf(document)).toBe(reason);
  });
});
