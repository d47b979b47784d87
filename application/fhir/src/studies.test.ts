import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { BASE } from './played-client.fixture';
import { fhirIdOf } from './resources/fhir-id';

const study = {
  ...{ resourceType: 'ImagingStudy', status: 'available', started: '2026-03-14', location: { display: '市第一医院' } },
  identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.840.1' }],
  subject: { reference: 'Patient/x' },
  endpoint: [{ display: 'https://pacs.example/dicom-web' }],
  series: [{ uid: '1.2.840.1.2', modality: { code: 'DX' }, bodySite: { display: 'CHEST' } }],
};
const bytesOf = (resource: object): Buffer => Buffer.from(JSON.stringify(resource));
const id = fhirIdOf(patientOne);
type Found = {
  readonly entry?: readonly { readonly fullUrl: string; readonly resource: { readonly started?: string } }[];
  readonly link: object;
};

let facade: PlayedFacade;
beforeEach(async () => {
  facade = await newFacade();
});
afterEach(async () => {
  await facade.server.close();
});

describe('the index of imaging studies', () => {
  it('tells who may open it what each entry says, to the byte and by a decision that is committed', async () => {
    facade.staff.has(bytesOf(study));
    const answer = await facade.get(`/ImagingStudy?patient=${id}`);
    expect(answer.json<Found>().entry?.map(({ resource }) => resource)).toEqual([study]);
    expect(answer.body).toContain(JSON.stringify(study));
    expect(facade.staff.submitted).toEqual(['RequestAccess']);
    const posted = await facade.post('/ImagingStudy/_search', `patient=${id}`, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(posted.json<Found>().entry).toHaveLength(1);
  });

  it('is the same bytes whether or not there is an entry that is hidden, of nobody or of another patient', async () => {
    facade.staff.has(bytesOf(study));
    const before = (await facade.get(`/ImagingStudy?patient=${id}`)).body;
    facade.staff.has(bytesOf({ ...study, started: '2026-04-01' }), { isPermitted: false });
    expect((await facade.get(`/ImagingStudy?patient=${id}`)).body).toBe(before);
  });

  it('is empty where nothing is permitted, and asks for nothing', async () => {
    facade.staff.has(bytesOf(study), { isPermitted: false });
    const answer = await facade.get(`/ImagingStudy?patient=${id}`);
    expect([answer.statusCode, answer.json<Found>().entry, facade.staff.submitted]).toEqual([200, undefined, []]);
  });

  it('opens nothing that is no entry: not a report of images, and not what only says that it is one', async () => {
    const report = facade.staff.has(bytesOf({ ...study, started: undefined }));
    const lie = { ...study, resourceType: 'Patient', started: undefined, identifier: undefined, series: undefined, endpoint: undefined };
    facade.staff.has(bytesOf({ resourceType: lie.resourceType }), { said: { format: 'fhir-r4-json', class: 'imaging-index' } });
    facade.staff.has(Buffer.from('%PDF-'), { said: { format: 'pdf', class: 'imaging-index' } });
    const answer = await facade.get(`/ImagingStudy?patient=${id}`);
    expect(answer.json<Found>().entry).toBeUndefined();
    expect(facade.staff.read).not.toContain(report);
  });

  it('goes on where a page ends, and a page of another is not taken', async () => {
    for (let day = 10; day < 13; day += 1) facade.staff.has(bytesOf({ ...study, started: `2026-03-${String(day)}` }));
    const first = (await facade.get(`/ImagingStudy?patient=${id}&_count=2`)).json<Found & { link: { relation: string; url: string }[] }>();
    const next = first.link.find(({ relation }) => relation === 'next')?.url.slice(BASE.length) ?? '';
    const second = (await facade.get(next)).json<Found>();
    expect([first.entry?.length, second.entry?.length]).toEqual([2, 1]);
    expect(new Set([...(first.entry ?? []), ...(second.entry ?? [])].map(({ resource }) => resource.started)).size).toBe(3);
  });

  it.each([
    ['no patient', ''],
    ['a filter that would open what it hides', `?patient=${id}&modality=DX`],
    ['what is included', `?patient=${id}&_include=ImagingStudy:endpoint`],
    ['a number of all', `?patient=${id}&_total=accurate`],
    ['two patients', `?patient=${id}&patient.identifier=urn:lianyi:pseudonym|${patientOne}`],
  ])('is not asked with %s', async (_what, query) => {
    const answer = await facade.get(`/ImagingStudy${query}`);
    expect([
      answer.statusCode,
      answer.json<{ issue: [{ details: { coding: [{ code: string }] } }] }>().issue[0].details.coding[0].code,
    ]).toEqual([400, 'QUESTION_NOT_TAKEN']);
    expect(facade.staff.submitted).toEqual([]);
  });

  it.each([
    ['another scope', 'system/DocumentReference.rs', 403],
    ['no token', undefined, 401],
  ])('is not told to who has %s', async (_what, scope, status) => {
    facade.staff.has(bytesOf(study));
    const authorization = scope === undefined ? '' : `Bearer ${await facade.token(scope)}`;
    const answer = await facade.get(`/ImagingStudy?patient=${id}`, { authorization });
    expect([answer.statusCode, facade.staff.submitted]).toEqual([status, []]);
  });
});
