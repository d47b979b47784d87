import { gzipSync } from 'node:zlib';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { fhirIdOf } from './resources/fhir-id';

const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
const reference = (data: Buffer, contentType = 'application/fhir+json'): string =>
  JSON.stringify({
    ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: `Patient/${fhirIdOf(patientOne)}` } },
    content: [{ attachment: { contentType, data: data.toString('base64') } }],
  });
const text = JSON.stringify(observation);
const lines = `${text}\n${text}\n`;
const marked = Buffer.from(`\ufeff${text}`);

let facade: PlayedFacade;
beforeAll(async () => {
  facade = await newFacade();
});
afterAll(async () => {
  await facade.server.close();
});

describe('bytes that are no FHIR as it is sent', () => {
  const ndjson = { 'content-type': 'application/fhir+ndjson' };
  it.each<readonly [string, string, string, string | Buffer, Readonly<Record<string, string>>]>([
    ['gzip', 'a body', '/DocumentReference', gzipSync(reference(Buffer.from(text))), {}],
    ['gzip', 'a body that says so', '/DocumentReference', gzipSync(reference(Buffer.from(text))), { 'content-encoding': 'gzip' }],
    ['br', 'a body that says so', '', 'x', { 'content-encoding': 'br' }],
    ['ndjson', 'a body', '', lines, {}],
    ['ndjson', 'a body that says so', '', lines, ndjson],
    ['ndjson', 'one line that says so', '/DocumentReference', reference(Buffer.from(text)), ndjson],
    ['byte-order-mark', 'a body', '/DocumentReference', marked, {}],
    ['utf-16', 'a body', '/DocumentReference', Buffer.from(reference(Buffer.from(text)), 'utf16le'), {}],
    ['gzip', 'a document', '/DocumentReference', reference(gzipSync(text)), {}],
    ['ndjson', 'a document', '/DocumentReference', reference(Buffer.from(lines)), {}],
    ['byte-order-mark', 'a document', '/DocumentReference', reference(marked), {}],
  ])('are named (%s) and what to do is said: %s', async (looks, _what, path, body, headers) => {
    for (const [language, said] of [
      ['en', /gzip, other archive: unpack\..*NDJSON: one file for each line\. Byte order mark/],
      ['zh', /gzip、其他压缩包：先解压。.*NDJSON：每行存为一个文件。字节序标记/],
    ] as const) {
      const answer = await facade.post(path, body, { 'accept-language': language, ...headers });
      const [issue] = answer.json<{ issue: [{ diagnostics: string; details: { coding: [{ code: string }] } }] }>().issue;
      expect([answer.statusCode, issue.details.coding[0].code]).toEqual([422, 'DOCUMENT_OTHER_FORMAT']);
      expect(issue.diagnostics).toMatch(said);
      expect(issue.diagnostics.startsWith(`${looks}: `)).toBe(true);
    }
    expect(facade.staff.documents.size).toBe(0);
  });

  it('are kept as a file where somebody says that they are one', async () => {
    const zipped = gzipSync(text);
    const answer = await facade.post('/DocumentReference', reference(zipped, 'application/gzip'));
    expect(answer.statusCode).toBe(201);
    const read = await facade.get(`/Binary/${answer.json<{ id: string }>().id}?patient=${fhirIdOf(patientOne)}`, {
      accept: 'application/gzip',
    });
    expect(read.rawPayload.equals(zipped)).toBe(true);
  });

  it('are refused in an encoding that nobody knows', async () => {
    const answer = await facade.post('/DocumentReference', reference(Buffer.from(text)), { 'content-encoding': 'rot13' });
    expect(answer.statusCode).toBe(415);
  });
});
