import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Disagreement } from '@lianyi/client';
import { type RecordId } from '@lianyi/domain';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { interactions } from './interactions/every-interaction';
import { fhirIdOf } from './resources/fhir-id';

const report = readFileSync(join(__dirname, '../../examples/laboratory-report-zh.json'));
/** Only what has this class is in the index of studies. */
const study = Buffer.from(
  JSON.stringify({
    ...{ resourceType: 'ImagingStudy', status: 'available', started: '2026-03-14', location: { display: 'A' } },
    identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.840.1' }],
    subject: { reference: 'Patient/x' },
    endpoint: [{ display: 'https://pacs.example/dicom-web' }],
    series: [{ uid: '1.2.840.1.2', modality: { code: 'DX' }, bodySite: { display: 'CHEST' } }],
  }),
);
const id = fhirIdOf(patientOne);
type Resource = Readonly<Record<string, unknown>> & { readonly resourceType?: string };
type Answered = Resource & { readonly entry?: readonly { readonly resource: Resource }[] };

/** Every interaction that hands out a document, or tells of one, and where it says what the patient has said. */
const telling: Readonly<Record<string, { readonly path: (record: RecordId) => string; readonly by: 'header' | 'extension' }>> = {
  'ITI-67': { path: () => `/DocumentReference?patient=${id}`, by: 'extension' },
  'read DocumentReference': { path: (record) => `/DocumentReference/${fhirIdOf(record)}?patient=${id}`, by: 'extension' },
  'ITI-68': { path: (record) => `/Binary/${fhirIdOf(record)}?patient=${id}`, by: 'header' },
  $everything: { path: () => `/Patient/${id}/$everything`, by: 'header' },
  search: { path: () => `/ImagingStudy?patient=${id}`, by: 'header' },
  $summary: { path: () => `/Patient/${id}/$summary`, by: 'header' },
};

describe('a document that its patient disagrees with', () => {
  let facade: PlayedFacade;
  beforeEach(async () => {
    facade = await newFacade();
  });
  afterEach(async () => {
    await facade.server.close();
  });

  const said = async (name: string, disagreement: Disagreement | undefined): Promise<unknown> => {
    const document = name === 'search' ? study : report;
    const [record, other] = [facade.staff.has(document), facade.staff.has(document)];
    if (disagreement !== undefined) facade.staff.disagreements.set(record, disagreement);
    const { path = () => '', by } = telling[name] ?? {};
    const answer = await facade.get(path(record));
    expect([name, answer.statusCode]).toEqual([name, 200]);
    if (by === 'header') {
      expect(answer.body).not.toContain(`"${other}"; `);
      return answer.headers['lianyi-disagreement']?.toString().replace(record, 'RECORD');
    }
    const all = answer.json<Answered>();
    const references = all.resourceType === 'Bundle' ? (all.entry ?? []).map(({ resource }) => resource) : [all];
    return references.flatMap(({ extension }) => (extension === undefined ? [] : [extension]));
  };
  const expected = (by: 'header' | 'extension', disagreement: Disagreement): unknown =>
    by === 'header' ? `RECORD; ${disagreement}` : [[{ url: 'urn:lianyi:patient-disagreement', valueCode: disagreement }]];

  it.each(
    Object.entries(telling).flatMap(([name, { by }]) => (['stated', 'unreadable'] as const).map((what) => [name, what, by] as const)),
  )('is told by %s (%s)', async (name, disagreement, by) => {
    expect(await said(name, disagreement)).toEqual(expected(by, disagreement));
  });

  it.each(Object.entries(telling).map(([name, { by }]) => [name, by] as const))(
    'is not told by %s of one that nobody disputes',
    async (name, by) => {
      expect(await said(name, undefined)).toEqual(by === 'header' ? undefined : []);
    },
  );

  it('marks in everything the reference of the record that is disputed, and no other', async () => {
    const record = facade.staff.has(report);
    facade.staff.has(report);
    facade.staff.disagreements.set(record, 'stated');
    const { entry = [] } = (await facade.get(`/Patient/${id}/$everything`)).json<Answered>();
    const references = entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === 'DocumentReference');
    expect(references.map((each) => [each['id'], each['extension'] !== undefined]).sort()).toEqual(
      references.map((each) => [each['id'], each['id'] === fhirIdOf(record)]).sort(),
    );
  });

  it('is told by every interaction that reads documents: one that is named nowhere here is none', () => {
    /** What hands out no document: who somebody is, and what was submitted together. */
    const others = ['ITI-78', 'ITI-83', 'read /Patient/:id', 'ITI-66'];
    const reading = interactions
      .filter(({ type, method, takesPurpose }) => method === 'GET' && takesPurpose && type !== 'Consent')
      .flatMap(({ name, path }) =>
        others.includes(name) || others.includes(`${name} ${path}`) ? [] : [name === 'read' ? 'read DocumentReference' : name],
      );
    expect(reading.sort()).toEqual(Object.keys(telling).sort());
  });
});
