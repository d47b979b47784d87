import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '../support/scratch-directory';
import { type DemoRun } from './demo-run';
import { repositoryRoot } from './scenario';

const report = JSON.parse(readFileSync(join(repositoryRoot, 'application/examples/laboratory-report-zh.json'), 'utf8')) as object;
const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const labelled = (system: string, code: string): string => JSON.stringify({ ...report, meta: { security: [{ system, code }] } });

/** What lies in the folder, and what the story must tell of it. */
const files: Readonly<Record<string, string>> = {
  'ordinary.json': JSON.stringify(report),
  'CAPITALS.JSON': JSON.stringify(report),
  'below/deep.json': JSON.stringify(report),
  'restricted.json': labelled(confidentiality, 'R'),
  'very-restricted.json': labelled(confidentiality, 'V'),
  'hiv.json': labelled(actCode, 'HIV'),
  'unknown-label.json': labelled('https://labels.example', 'X1'),
  'no-fhir.json': '{"name":"nobody"}',
  'cut-off.json': JSON.stringify(report).slice(0, -9),
  'empty.json': '',
  'twice.json': '{"resourceType":"Observation","status":"final","status":"amended","code":{"text":"x"}}',
  'many.ndjson': JSON.stringify(report),
  'packed.json.gz': 'not looked at',
  'scan.pdf': 'not looked at',
};

/** A folder with all of them. */
export function documentsFolder(): string {
  const folder = scratchDirectory();
  mkdirSync(join(folder, 'below'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** @param demo - a demo that was given {@link documentsFolder} and told in English, to its end */
export function demoDocumentCases(demo: () => DemoRun): void {
  const told = (text: string, title?: RegExp): boolean =>
    demo().lines.some((line) => line.detail?.includes(text) === true && (title === undefined || title.test(line.title ?? '')));

  it.each(['ordinary.json', 'CAPITALS.JSON', 'deep.json'])('publishes %s under an ordinary consent', (name) => {
    expect(demo().lines.some(({ detail }) => detail?.startsWith(`${name} →`) === true && !detail.includes('needs a consent'))).toBe(true);
  });

  it.each([
    ['restricted.json', 'label R'],
    ['very-restricted.json', 'label V'],
    ['hiv.json', 'level 5'],
    ['unknown-label.json', 'label R and level 5'],
  ])('says of %s what a consent must name, and that the ordinary one does not open it', (name, needs) => {
    expect(told(`${name} needs a consent that names`)).toBe(true);
    const denied = demo().lines.find(({ detail }) => detail?.includes(`: ${name} needs`) === true);
    expect(denied).toMatchObject({ outcome: 'denied' });
    expect(denied?.detail).toContain(needs);
  });

  it.each([
    ['no-fhir.json', 'DOCUMENT_NOT_FHIR'],
    ['cut-off.json', 'DOCUMENT_NOT_JSON'],
    ['empty.json', 'DOCUMENT_EMPTY'],
    ['twice.json', 'DOCUMENT_DUPLICATE_KEY'],
  ])('goes on after %s, which is refused by name', (name, code) => {
    expect(demo().lines).toContainEqual(expect.objectContaining({ outcome: 'refused', detail: `${name}: ${code}` }));
  });

  it('counts what it leaves out, by name', () => {
    for (const name of ['3: ', 'many.ndjson', 'packed.json.gz', 'scan.pdf']) expect(told(name, /left out/)).toBe(true);
  });
}
