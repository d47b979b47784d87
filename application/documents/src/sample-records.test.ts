import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocument } from './check-document';

const folder = join(__dirname, '../../../../shared/data/fhir');
const samples = existsSync(folder) ? globSync('**/*.json', { cwd: folder }).sort() : [];

/** Class by the folder a sample lies in; the exceptions are named. */
const expectedClasses: Record<string, string> = {
  audit: 'audit-document',
  consent: 'consent-document',
  documents: 'clinical-document',
  imaging: 'imaging-report',
  ips: 'patient-summary',
  lab: 'laboratory-report',
  people: 'administrative',
  prescriptions: 'prescription',
  synthea: 'history',
};
const exceptions: Record<string, string> = {
  'chinese/tw-core-diagnosticreport.json': 'laboratory-report',
  'chinese/tw-core-patient.json': 'administrative',
  'consent/data/pcf-alcohol-use-observation.json': 'observation',
  'consent/data/pcf-author-practitioner.json': 'administrative',
  'consent/data/pcf-blood-pressure-observation.json': 'observation',
  'consent/data/pcf-blood-sugar-observation.json': 'observation',
  'consent/data/pcf-encounter.json': 'administrative',
  'consent/data/pcf-privileged-users-group.json': 'administrative',
  'consent/data/pcf-weight-2-observation.json': 'observation',
  'consent/data/pcf-weight-observation.json': 'observation',
  'consent/pcf-provenance-basic-treat.json': 'audit-document',
  // Bundles that are no document
  'documents/mhd-provide-document-simple.bundle.json': 'history',
  'lab/hl7-diagnosticreport.json': 'history',
  'imaging/ips-imaging-finding.observation.json': 'observation',
  'lab/ips-hemoglobin.observation.json': 'observation',
};

if (samples.length === 0) {
  it.skip('sample records: skipped, there is no ../shared/data/fhir beside the checkout', () => undefined);
} else {
  it('there are all 52 sample records', () => {
    expect(samples).toHaveLength(52);
  });

  it.each(samples)('%s is accepted, its bytes kept and its class found', (sample) => {
    const given = readFileSync(join(folder, sample));
    const checked = checkDocument(given);
    expect(Buffer.from(checked.bytes).equals(readFileSync(join(folder, sample)))).toBe(true);
    expect(checked.class).toBe(exceptions[sample] ?? expectedClasses[sample.split('/')[0] ?? '']);
  });

  it.each([
    ['consent/data/pcf-alcohol-use-observation.json', 'R', 5],
    ['documents/hl7-documentreference.json', 'V', 5],
    ['documents/mhd-provide-document-simple.bundle.json', 'R', 4],
    ['consent/pcf-advanced-normal-restricted.json', 'N', 4],
    ['people/pcf-organization.json', 'N', 2],
  ])('%s is %s at level %d', (sample, confidentiality, dataLevel) => {
    expect(checkDocument(readFileSync(join(folder, sample)))).toMatchObject({ confidentiality, dataLevel });
  });
}
