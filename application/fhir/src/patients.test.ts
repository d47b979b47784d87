import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocument } from '@lianyi/documents';
import { mspIdSchema, pseudonymSchema } from '@lianyi/domain';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { fhirIdOf } from './resources/fhir-id';

const report = readFileSync(join(__dirname, '../../examples/laboratory-report-zh.json'));
const id = fhirIdOf(patientOne);
const pseudonymSystem = 'urn:lianyi:pseudonym';

type Bundle = {
  readonly entry?: readonly { readonly resource: { readonly resourceType: string; readonly id?: string } }[];
  readonly link: readonly { readonly relation: string }[];
};
const outcomeCode = (body: string): string =>
  (JSON.parse(body) as { issue: [{ details: { coding?: [{ code: string }] } }] }).issue[0].details.coding?.[0].code ?? '';

describe('a patient at the facade', () => {
  let facade: PlayedFacade;
  beforeEach(async () => {
    facade = await newFacade();
  });
  afterEach(async () => {
    await facade.server.close();
  });
  const found = async (query: string): Promise<Bundle> => {
    const answer = await facade.get(`/Patient?${query}`);
    checkDocument(answer.rawPayload);
    return answer.json();
  };

  it('is found by their pseudonym, and by a number once the hospital has linked it', async () => {
    expect((await found(`identifier=${pseudonymSystem}|${patientOne}`)).entry?.[0]?.resource.id).toBe(id);
    expect(await found('identifier=urn:oid:1.2.3|4711')).not.toHaveProperty('entry');
    const fed = JSON.stringify({
      resourceType: 'Patient',
      identifier: [
        { system: 'urn:oid:1.2.3', value: '4711' },
        { system: pseudonymSystem, value: patientOne },
      ],
    });
    const put = (): ReturnType<PlayedFacade['put']> => facade.put('/Patient?identifier=urn:oid:1.2.3|4711', fed);
    expect((await put()).statusCode).toBe(201);
    expect((await put()).statusCode).toBe(200);
    expect((await found('identifier=urn:oid:1.2.3|4711')).entry?.[0]?.resource.id).toBe(id);
    expect(facade.staff.submitted).toEqual(['LinkIdentifier']);
  });

  it('is not named again in the address of an answer about their number', async () => {
    expect(JSON.stringify(await found('identifier=urn:oid:1.2.3|4711'))).not.toContain('4711');
  });

  it.each([
    ['name', 'family=Li'],
    ['date of birth', 'birthdate=1980-01-01'],
    ['number of a system that nobody has named', 'identifier=urn:oid:9.9|1'],
    ['number without a system', 'identifier=1'],
    ['nothing', '_count=1'],
  ])('is not looked for by %s', async (_what, query) => {
    const answer = await facade.get(`/Patient?${query}`);
    expect([answer.statusCode, outcomeCode(answer.body)]).toEqual([400, 'QUESTION_NOT_TAKEN']);
  });

  it.each([
    [
      'another number than the request names',
      [
        { system: 'urn:oid:1.2.3', value: '1' },
        { system: pseudonymSystem, value: patientOne },
      ],
      422,
    ],
    ['no pseudonym', [{ system: 'urn:oid:1.2.3', value: '4711' }], 422],
    [
      'a pseudonym that is nobody’s',
      [
        { system: 'urn:oid:1.2.3', value: '4711' },
        { system: pseudonymSystem, value: 'pNOBODY' },
      ],
      404,
    ],
  ])('is linked to no number by a feed with %s', async (_what, identifier, status) => {
    const answer = await facade.put('/Patient?identifier=urn:oid:1.2.3|4711', JSON.stringify({ resourceType: 'Patient', identifier }));
    expect(answer.statusCode).toBe(status);
    expect(facade.staff.submitted).toEqual([]);
  });

  it('has the pseudonyms of other hospitals by which they have introduced themself', async () => {
    const elsewhere = { pseudonym: pseudonymSchema.parse('pELSEWHERE'), mspId: mspIdSchema.parse('HospitalAMSP') };
    facade.staff.introduced.push(elsewhere);
    const answer = await facade.get(`/Patient/$ihe-pix?sourceIdentifier=${pseudonymSystem}|${patientOne}`);
    const { parameter } = answer.json<{ parameter: { valueIdentifier: { value: string } }[] }>();
    expect(parameter.map(({ valueIdentifier }) => valueIdentifier.value)).toEqual([patientOne, elsewhere.pseudonym]);
    const unknown = await facade.get(`/Patient/$ihe-pix?sourceIdentifier=${pseudonymSystem}|pNOBODY`);
    expect([unknown.statusCode, outcomeCode(unknown.body)]).toEqual([404, 'NOT_FOUND']);
  });

  it('has everything that is opened, to the byte and by one decision, and nothing of what is hidden', async () => {
    facade.staff.has(report);
    const before = (await facade.get(`/Patient/${id}/$everything`)).body;
    facade.staff.has(Buffer.from(report.toString('utf8').replace('"final"', '"amended"')), { isPermitted: false });
    const after = await facade.get(`/Patient/${id}/$everything`);
    expect(after.body).toBe(before);
    // but for an id in front, which each result of a search has
    expect(after.body).toContain(report.toString('utf8').slice(1));
    expect(after.json<Bundle>().entry?.every(({ resource }) => resource.id !== undefined)).toBe(true);
    expect(after.json<Bundle>().entry?.map(({ resource }) => resource.resourceType)).toEqual([
      'Patient',
      'DocumentReference',
      expect.any(String),
    ]);
    expect(facade.staff.submitted).toEqual(['RequestAccess', 'RequestAccess']);
  });

  it('has nothing in everything of what is only to be viewed, for an application that keeps it', async () => {
    facade.staff.viewed.add(facade.staff.has(report));
    const { entry } = (await facade.get(`/Patient/${id}/$everything`)).json<Bundle>();
    expect(entry?.map(({ resource }) => resource.resourceType)).toEqual(['Patient']);
    expect(facade.staff.read).toEqual([]);
  });

  it('has a summary of what is opened, numbers as they were, and says of the rest that it is not available', async () => {
    const condition = { resourceType: 'Condition', subject: { reference: 'Patient/x' }, onsetAge: { value: 0 } };
    facade.staff.has(Buffer.from(JSON.stringify(condition).replace('"value":0', '"value":41.50')));
    const answer = await facade.get(`/Patient/${id}/$summary`);
    checkDocument(answer.rawPayload);
    expect(answer.body).toContain('"value":41.50');
    const { entry } = answer.json<{ entry: [{ resource: { section: { title: string; emptyReason?: object }[] } }] }>();
    const sections = entry[0].resource.section.map(({ title, emptyReason }) => [title, emptyReason !== undefined]);
    expect(sections).toEqual([
      ['Active Problems', false],
      ['Allergies and Intolerances', true],
      ['Medication', true],
    ]);
  });

  it('has their published summary as it is, if there is one', async () => {
    const published = Buffer.from(
      JSON.stringify({
        resourceType: 'Bundle',
        type: 'document',
        identifier: { system: 'urn:ietf:rfc:3986', value: 'urn:uuid:1' },
        timestamp: '2026-11-30T00:00:00Z',
        entry: [
          {
            resource: {
              ...{ resourceType: 'Composition', status: 'final', title: 'Summary', date: '2026-11-30', author: [{ display: 'A' }] },
              type: { coding: [{ system: 'http://loinc.org', code: '60591-5' }] },
            },
          },
        ],
      }),
    );
    facade.staff.has(report);
    facade.staff.has(published);
    expect((await facade.get(`/Patient/${id}/$summary`)).rawPayload.equals(published)).toBe(true);
    expect(facade.staff.read).toHaveLength(1);
  });

  it.each([
    ['what fits', { resourceType: 'Patient', active: true }, ''],
    ['a type that is not the path’s', { resourceType: 'Observation', status: 'final', code: { text: 'x' } }, 'DOCUMENT_NOT_FHIR'],
    ['a code that the value set does not have', { resourceType: 'Patient', gender: 'man' }, 'DOCUMENT_NOT_FHIR'],
    ['an empty list', { resourceType: 'Patient', name: [] }, 'DOCUMENT_NOT_FHIR'],
    ['a day of no calendar', { resourceType: 'Patient', birthDate: '2024-02-30' }, 'DOCUMENT_NOT_FHIR'],
  ])('is validated, and published nowhere: %s', async (_what, resource, code) => {
    const answer = await facade.post('/Patient/$validate', JSON.stringify(resource));
    expect([answer.statusCode, outcomeCode(answer.body)]).toEqual([200, code]);
    checkDocument(answer.rawPayload);
    expect(facade.staff.submitted).toEqual([]);
  });

  it('is told of no submission that is hidden', async () => {
    facade.staff.has(report, { isPermitted: false });
    const recordId = facade.staff.has(report);
    const answer = await facade.get(`/List?patient=${id}&code=submissionset&status=current`);
    checkDocument(answer.rawPayload);
    expect(answer.json<Bundle>().entry?.map(({ resource }) => resource.id)).toEqual([fhirIdOf(recordId)]);
    expect((await facade.get(`/List?patient=${id}&code=folder`)).statusCode).toBe(400);
  });
});
