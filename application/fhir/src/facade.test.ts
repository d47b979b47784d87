import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RecordId } from '@lianyi/domain';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { BASE } from './played-client.fixture';
import { fhirIdOf } from './resources/fhir-id';
import { jsonTextOfXml } from './xml/read-xml';
import { xmlOfResource } from './xml/write-xml';

const report = readFileSync(join(__dirname, '../../examples/laboratory-report-zh.json'));
const patient = `Patient/${fhirIdOf(patientOne)}`;
const unknown = `r${'x'.repeat(43)}`;
const EMPTY = { resourceType: 'Bundle', type: 'searchset' };

/** A submission as MHD has it: a list, a reference to its document, the document. */
function submission(content: Buffer, contentType: string, twist: (bundle: object) => void = () => undefined): string {
  const made = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0',
        resource: { resourceType: 'List', status: 'current', mode: 'working', subject: { reference: patient } } as object,
        request: { method: 'POST', url: 'List' },
      },
      {
        fullUrl: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1',
        resource: {
          resourceType: 'DocumentReference',
          masterIdentifier: { system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.3' },
          status: 'current',
          subject: { reference: patient },
          content: [{ attachment: { contentType, url: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e2' } }],
        },
        request: { method: 'POST', url: 'DocumentReference' },
      },
      {
        fullUrl: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e2',
        resource: { resourceType: 'Binary', contentType, data: content.toString('base64') },
        request: { method: 'POST', url: 'Binary' },
      },
    ],
  };
  twist(made);
  return JSON.stringify(made);
}

function codeOf(body: string): string {
  return (JSON.parse(body) as { issue: [{ details: { coding: [{ code: string }] } }] }).issue[0].details.coding[0].code;
}

describe('the facade', () => {
  let facade: PlayedFacade;
  beforeEach(async () => {
    facade = await newFacade();
  });
  afterEach(async () => {
    await facade.server.close();
  });
  const urlOf = (recordId: RecordId): string => `/Binary/${fhirIdOf(recordId)}?patient=${patient}`;

  it('publishes a document, lists it, and gives its very bytes back by a committed decision', async () => {
    const answer = await facade.post('', submission(report, 'application/fhir+json'));
    expect(answer.statusCode).toBe(200);
    const found = (await facade.get(`/DocumentReference?patient=${patient}&status=current`)).json<{
      entry: [{ resource: { content: [{ attachment: { url: string } }] } }];
    }>();
    const { url } = found.entry[0].resource.content[0].attachment;
    const read = await facade.get(url.slice(BASE.length));
    expect(read.rawPayload.equals(report)).toBe(true);
    expect(facade.staff.submitted).toEqual(['publish', 'RequestAccess']);
  });

  it('says the same, to the byte, of a record that is hidden and of one that is not there, in lists and when it is read', async () => {
    const hidden = facade.staff.has(report, { isPermitted: false });
    const [list, of, none] = await Promise.all([
      facade.get(`/DocumentReference?patient=${patient}`),
      facade.get(urlOf(hidden)),
      facade.get(`/Binary/${unknown}?patient=${patient}`),
    ]);
    facade.staff.documents.clear();
    expect((await facade.get(`/DocumentReference?patient=${patient}`)).body).toBe(list.body);
    expect(list.json()).toEqual({
      ...EMPTY,
      total: 0,
      link: [{ relation: 'self', url: `${BASE}/DocumentReference?patient=${encodeURIComponent(patient)}` }],
    });
    expect([of.statusCode, of.body]).toEqual([none.statusCode, none.body]);
    expect(codeOf(of.body)).toBe('NOT_OPENED');
    expect(facade.staff.submitted).toEqual(['RequestAccess', 'RequestAccess']);
    expect(facade.staff.read).toEqual([]);
  });

  it.each([
    ['without a token', {}, 401, 'TOKEN_NOT_ACCEPTED'],
    ['with one that nobody was given', { authorization: `Bearer ${'A'.repeat(43)}` }, 401, 'TOKEN_NOT_ACCEPTED'],
  ])('reads nothing %s, and asks the ledger nothing', async (_how, headers, status, code) => {
    const recordId = facade.staff.has(report);
    const answer = await facade.server.inject({ method: 'GET', url: `/fhir${urlOf(recordId)}`, headers });
    expect([answer.statusCode, codeOf(answer.body)]).toEqual([status, code]);
    expect(facade.staff.submitted).toEqual([]);
  });

  it.each([
    ['a scope that it does not have', 'system/DocumentReference.rs', {}, 'SCOPE_NOT_HELD'],
    ['the scope of another letter', 'system/Binary.c', {}, 'SCOPE_NOT_HELD'],
  ])('reads nothing with a token without %s', async (_how, scope, claims, code) => {
    const recordId = facade.staff.has(report);
    const authorization = `Bearer ${await facade.token(scope, claims)}`;
    const answer = await facade.get(urlOf(recordId), { authorization });
    expect([answer.statusCode, codeOf(answer.body)]).toEqual([403, code]);
    expect(facade.staff.submitted).toEqual([]);
  });

  it('reads nothing for a client of several purposes that says none', async () => {
    const several = await newFacade({ purposes: ['TREAT', 'PUBHLTH'] });
    const recordId = several.staff.has(report);
    expect(codeOf((await several.get(urlOf(recordId))).body)).toBe('PURPOSE_NOT_SAID');
    expect(several.staff.submitted).toEqual([]);
    const said = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'PUBHLTH' }];
    const authorization = `Bearer ${await several.token(undefined, { extensions: { ihe_iua: { purpose_of_use: said } } })}`;
    expect((await several.get(urlOf(recordId), { authorization })).statusCode).toBe(200);
    await several.server.close();
  });

  it.each([
    ['an unknown parameter', '&colour=red'],
    ['a modifier', '&type:not=x'],
    ['a chain', '&subject.name=x'],
    ['an include', '&_include=DocumentReference:subject'],
    ['a total', '&_total=accurate'],
    ['a parameter twice', '&type=a&type=b'],
    ['an empty value', '&type='],
    ['a date of no calendar', '&date=ge2026-02-30'],
    ['a prefix that is none', '&date=ap2026'],
    ['a count of nothing', '&_count=0'],
    ['an escaped comma', '&type=a%5C,b'],
    ['what is no UTF-8', '&type=%ff'],
    ['another server’s patient', '&patient.identifier=urn:oid:1.2|x'],
  ])('takes no question with %s', async (_what, more) => {
    facade.staff.has(report);
    const answer = await facade.get(`/DocumentReference?patient=${patient}${more}`);
    expect([answer.statusCode, codeOf(answer.body)]).toEqual([400, 'QUESTION_NOT_TAKEN']);
  });

  it('gives pages of what is permitted, and a next one only where more is permitted', async () => {
    const all = [facade.staff.has(report), facade.staff.has(report), facade.staff.has(report)];
    facade.staff.has(report, { isPermitted: false });
    const seen: string[] = [];
    let url: string | undefined = `/DocumentReference?patient=${patient}&_count=2`;
    while (url !== undefined) {
      const page: { entry?: { resource: { id: string } }[]; link: { relation: string; url: string }[]; total?: number } = (
        await facade.get(url)
      ).json();
      expect(page).not.toHaveProperty('total');
      seen.push(...(page.entry ?? []).map(({ resource }) => resource.id));
      url = page.link.find(({ relation }) => relation === 'next')?.url.slice(BASE.length);
    }
    expect(seen.sort()).toEqual(all.map(fhirIdOf).sort());
  });

  it('gives an application that keeps what it reads nothing that is only to be viewed', async () => {
    const recordId = facade.staff.has(report);
    facade.staff.viewed.add(recordId);
    expect(codeOf((await facade.get(urlOf(recordId))).body)).toBe('ONLY_TO_BE_VIEWED');
    expect(facade.staff.read).toEqual([]);
  });

  it.each<[string, (bundle: never) => void, string]>([
    [
      'of two patients',
      (bundle: { entry: { resource: { subject?: object } }[] }) =>
        void Object.assign(bundle.entry[0]?.resource ?? {}, { subject: { reference: `Patient/${unknown}` } }),
      'SUBMISSION_NOT_TAKEN',
    ],
    ['without a list', (bundle: { entry: unknown[] }) => void bundle.entry.shift(), 'SUBMISSION_NOT_TAKEN'],
    ['without its document', (bundle: { entry: unknown[] }) => void bundle.entry.pop(), 'SUBMISSION_NOT_TAKEN'],
    [
      'that deletes',
      (bundle: { entry: { request: object }[] }) => void Object.assign(bundle.entry[0]?.request ?? {}, { method: 'DELETE' }),
      'SUBMISSION_NOT_TAKEN',
    ],
    ['that is a batch', (bundle: { type: string }) => void Object.assign(bundle, { type: 'batch' }), 'SUBMISSION_NOT_TAKEN'],
    ['with an element that is none', (bundle: object) => void Object.assign(bundle, { colour: 'red' }), 'DOCUMENT_NOT_FHIR'],
  ])('publishes nothing of a submission %s', async (_what, twist, code) => {
    const answer = await facade.post('', submission(report, 'application/fhir+json', twist as (bundle: object) => void));
    expect([answer.statusCode, codeOf(answer.body)]).toEqual([422, code]);
    expect(facade.staff.submitted).toEqual([]);
  });

  it('publishes what is no FHIR inside of its DocumentReference', async () => {
    expect((await facade.post('', submission(Buffer.from('Hello World'), 'text/plain'))).statusCode).toBe(200);
    const [published] = [...facade.staff.documents.values()];
    const resource = JSON.parse(Buffer.from(published?.bytes ?? []).toString()) as { content: [{ attachment: { data: string } }] };
    expect(Buffer.from(resource.content[0].attachment.data, 'base64').toString()).toBe('Hello World');
    const [recordId = '' as RecordId] = [...facade.staff.documents.keys()];
    const [own, usual, other] = [
      await facade.get(urlOf(recordId), { accept: 'text/plain' }),
      await facade.get(urlOf(recordId)),
      await facade.get(urlOf(recordId), { accept: 'text/html' }),
    ];
    expect([own.body, own.headers['content-type'], own.headers['content-disposition']]).toEqual([
      'Hello World',
      'text/plain',
      'attachment',
    ]);
    expect(usual.rawPayload.equals(Buffer.from(published?.bytes ?? []))).toBe(true);
    expect([other.statusCode, codeOf(other.body)]).toEqual([406, 'FORMAT_NOT_OFFERED']);
  });

  it('publishes the same submission as the same record', async () => {
    await facade.post('', submission(report, 'application/fhir+json'));
    await facade.post('', submission(report, 'application/fhir+json'));
    expect(facade.staff.documents.size).toBe(1);
  });

  it('publishes a next version where the one that is named is the present one, and nothing where it is not', async () => {
    const recordId = facade.staff.has(report);
    const reference = {
      ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient } },
      content: [{ attachment: { contentType: 'application/fhir+json', data: report.toString('base64') } }],
    };
    const put = (version: string): ReturnType<PlayedFacade['put']> =>
      facade.put(`/DocumentReference/${fhirIdOf(recordId)}`, JSON.stringify(reference), { 'if-match': version });
    const [stale, strong] = [await put('W/"2"'), await put('"1"')];
    expect([stale, strong].map((answer) => [answer.statusCode, codeOf(answer.body)])).toEqual(Array(2).fill([412, 'VERSION_NOT_PRESENT']));
    expect(facade.staff.submitted).toEqual([]);
    const answer = await put('W/"1"');
    expect([answer.statusCode, answer.headers['etag']]).toEqual([200, 'W/"2"']);
    const read = await facade.get(`/DocumentReference/${fhirIdOf(recordId)}?patient=${patient}`, { 'if-none-match': 'W/"2"' });
    expect([read.statusCode, read.body]).toEqual([304, '']);
  });

  it.each([
    ['of another size', { size: 1 }],
    ['with another hash', { hash: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }],
    ['that is no base64', { data: 'AAA' }],
    ['without its type', { contentType: undefined }],
  ])('publishes no document %s', async (_what, twist) => {
    const reference = {
      ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient } },
      content: [{ attachment: { contentType: 'text/plain', data: 'SGVsbG8=', ...twist } }],
    };
    expect((await facade.post('/DocumentReference', JSON.stringify(reference))).statusCode).toBe(422);
    expect(facade.staff.submitted).toEqual([]);
  });

  it('publishes no document whose label stands beside it and not in it', async () => {
    const reference = {
      ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient } },
      securityLabel: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'V' }] }],
      content: [{ attachment: { contentType: 'application/fhir+json', data: report.toString('base64') } }],
    };
    const answer = await facade.post('/DocumentReference', JSON.stringify(reference));
    expect([answer.statusCode, codeOf(answer.body)]).toEqual([422, 'SUBMISSION_NOT_TAKEN']);
    expect(facade.staff.submitted).toEqual([]);
  });

  it('speaks Chinese to who asks for it', async () => {
    const answer = await facade.get('/DocumentReference', { 'accept-language': 'zh-CN,zh;q=0.9' });
    expect(answer.headers['content-language']).toBe('zh');
    expect(answer.body).toMatch(/查询/);
  });

  it('takes and gives XML, also of a refusal', async () => {
    const xml = { 'content-type': 'application/fhir+xml', accept: 'application/fhir+xml' };
    const sent = xmlOfResource(JSON.parse(submission(report, 'application/fhir+json')) as { resourceType: string });
    const answer = await facade.post('', sent, xml);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/fhir+xml; charset=utf-8']);
    const [published] = [...facade.staff.documents.values()];
    expect(report.equals(published?.bytes ?? Buffer.alloc(0))).toBe(true);
    const found = await facade.get(`/DocumentReference?patient=${patient}&_format=xml`);
    expect(jsonTextOfXml(found.body)).toContain('"searchset"');
    const refused = await facade.post('', sent.replace('</Bundle>', '<colour/></Bundle>'), xml);
    expect(jsonTextOfXml(refused.body)).toContain('DOCUMENT_NOT_FHIR');
    const spliced = await facade.get(`/${patient}/$everything?_format=xml`);
    expect([spliced.statusCode, spliced.body]).toEqual([406, expect.stringContaining('FORMAT_NOT_OFFERED')]);
  });

  it('says of itself what it does, and nothing else', async () => {
    const statement = (await facade.server.inject({ method: 'GET', url: '/fhir/metadata' })).json<{
      rest: [{ resource: { type: string }[] }];
    }>();
    expect(statement.rest[0].resource.map(({ type }) => type)).toEqual([
      'AuditEvent',
      'Binary',
      'Consent',
      'DocumentReference',
      'ImagingStudy',
      'List',
      'Patient',
    ]);
  });
});
