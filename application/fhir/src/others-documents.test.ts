import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocument } from '@lianyi/documents';
import { contentTypeOf } from '@lianyi/documents/media-type';
import { DomainError, NoAnswer, type RecordClass, type RecordId, Refused } from '@lianyi/domain';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { fhirIdOf } from './resources/fhir-id';

const report = readFileSync(join(__dirname, '../../examples/laboratory-report-zh.json'));
const id = fhirIdOf(patientOne);
/** Ends what it is put into, and says members of the Bundle once more. */
const CLOSING = Buffer.from(
  `{"resourceType":"Basic","code":{"text":"x"}},"search":{"mode":"match"}}],"link":[{"relation":"next","url":"https://elsewhere.example/"}],"entry":[{"resource":{"resourceType":"Basic"}`,
);

/** One document of each format that a hospital may say, and some whose bytes are not what it says. */
const others: readonly (readonly [string, string, Buffer])[] = [
  ['a PDF', 'pdf', Buffer.from('%PDF-1.7\n%%EOF\n')],
  ['a text', 'plain-text', Buffer.from('一切正常。"}')],
  ['a text that closes braces', 'plain-text', CLOSING],
  ['a message', 'hl7-v2', Buffer.from('MSH|^~\\&|A|B|C|D|1||ORU^R01|1|P|2.5\r')],
  ['a CDA', 'cda-r2', Buffer.from('<ClinicalDocument xmlns="urn:hl7-org:v3"/>')],
  ['images', 'dicom', Buffer.from([...new Uint8Array(128), ...Buffer.from('DICM')])],
  ['what calls itself FHIR and closes braces', 'fhir-r4-json', CLOSING],
  ['what calls itself FHIR and is no JSON', 'fhir-r4-json', Buffer.from('hello')],
  ['what calls itself FHIR and has a member twice', 'fhir-r4-json', Buffer.from('{"resourceType":"Basic","resourceType":"Basic"}')],
  ['what calls itself FHIR and is no UTF-8', 'fhir-r4-json', Buffer.from([0x22, 0xff, 0x22])],
  ['a format that nobody knows', 'x-format', CLOSING],
];
const typeOf = (format: string): string =>
  format === 'fhir-r4-json' || !Object.hasOwn(contentTypeOf, format)
    ? 'application/octet-stream'
    : contentTypeOf[format as keyof typeof contentTypeOf];

type Answered = {
  readonly link: readonly { readonly relation: string }[];
  readonly entry: readonly { readonly resource: Readonly<Record<string, unknown>> & { readonly resourceType: string } }[];
};

describe('a document that somebody else has published', () => {
  let facade: PlayedFacade;
  beforeEach(async () => {
    facade = await newFacade();
  });
  afterEach(async () => {
    await facade.server.close();
  });
  const has = (bytes: Buffer, format: string, recordClass: RecordClass = 'clinical-document'): RecordId =>
    facade.staff.has(bytes, { said: { format, class: recordClass } });

  it.each(others)('is in everything as what it is, and is nothing else of the answer: %s', async (_what, format, bytes) => {
    const recordId = has(bytes, format);
    const answer = await facade.get(`/Patient/${id}/$everything`);
    checkDocument(answer.rawPayload);
    const { entry, link } = answer.json<Answered>();
    expect(link.map(({ relation }) => relation)).toEqual(['self']);
    expect(entry.map(({ resource }) => resource.resourceType)).toEqual(['Patient', 'DocumentReference', 'Binary']);
    const binary = { resourceType: 'Binary', id: fhirIdOf(recordId), contentType: typeOf(format), data: bytes.toString('base64') };
    expect(entry[2]?.resource).toEqual(binary);
  });

  it.each(others)('is in no summary, and spoils none: %s', async (_what, format, bytes) => {
    has(bytes, format);
    has(bytes, format, 'patient-summary');
    facade.staff.has(Buffer.from('{"resourceType":"Condition","subject":{"reference":"Patient/x"}}'));
    const answer = await facade.get(`/Patient/${id}/$summary`);
    checkDocument(answer.rawPayload);
    expect(answer.json<Answered>().entry.map(({ resource }) => resource.resourceType)).toEqual(['Composition', 'Patient', 'Condition']);
  });

  it.each<readonly [string, Error]>([
    ['is not what the ledger has', new DomainError('ANSWER_DIFFERS')],
    ['does not open', new DomainError('SEAL_BROKEN')],
    ['is kept by a node that is away', new Refused('NODE_UNREACHABLE', 'away', {})],
    ['is waited for in vain', new NoAnswer('nothing came')],
  ])('closes nothing where it %s: it is left out and named', async (_how, obstacle) => {
    const condition = Buffer.from('{"resourceType":"Condition","subject":{"reference":"Patient/x"}}');
    const [missing, there] = [facade.staff.has(condition), facade.staff.has(condition)];
    facade.staff.has(condition, { said: { format: 'fhir-r4-json', class: 'patient-summary' } });
    for (const recordId of facade.staff.documents.keys()) if (recordId !== there) facade.staff.kept.set(recordId, obstacle);
    const everything = await facade.get(`/Patient/${id}/$everything`);
    checkDocument(everything.rawPayload);
    const { entry } = everything.json<{
      readonly entry: readonly (Answered['entry'][number] & { readonly search: { readonly mode: string } })[];
    }>();
    expect(entry.filter(({ resource }) => resource.resourceType === 'Condition')).toHaveLength(1);
    const outcomes = entry.filter(({ search }) => search.mode === 'outcome').map(({ resource }) => resource);
    expect(outcomes).toHaveLength(2);
    expect(outcomes).toContainEqual(expect.objectContaining({ resourceType: 'OperationOutcome', id: fhirIdOf(missing) }));
    const summary = await facade.get(`/Patient/${id}/$summary`);
    checkDocument(summary.rawPayload);
    const [composition, , ...items] = summary.json<Answered>().entry;
    expect(items.map(({ resource }) => resource.resourceType)).toEqual(['Condition']);
    expect(JSON.stringify(composition)).toContain(`DocumentReference/${fhirIdOf(missing)}`);
    expect((await facade.get(`/Binary/${fhirIdOf(missing)}?patient=${id}`)).statusCode).toBeGreaterThanOrEqual(400);
  });

  it('is not left out where no witness says what the ledger has: then nothing is read', async () => {
    facade.staff.kept.set(facade.staff.has(report), new DomainError('WITNESS_UNAVAILABLE'));
    const answer = await facade.get(`/Patient/${id}/$everything`);
    expect([answer.statusCode >= 500, answer.body]).toEqual([true, expect.stringContaining('WITNESS_UNAVAILABLE')]);
  });

  it.each(['application/fhir+json', 'application/json', 'application/fhir+xml', 'text/json'])(
    'is not handed out as %s because it says so of what is inside of it',
    async (contentType) => {
      const wrapped = {
        ...{
          resourceType: 'DocumentReference',
          status: 'current',
          meta: { tag: [{ system: 'urn:lianyi:published-as', code: 'attachment' }] },
        },
        content: [{ attachment: { contentType, data: CLOSING.toString('base64') } }],
      };
      const recordId = facade.staff.has(Buffer.from(JSON.stringify(wrapped)));
      for (const accept of [contentType, '*/*', 'application/fhir+json']) {
        const { rawPayload } = await facade.get(`/Binary/${fhirIdOf(recordId)}?patient=${id}`, { accept });
        expect(rawPayload.includes('elsewhere.example')).toBe(false);
      }
    },
  );

  it.each(others)('is handed out to the byte under its own media type, as a file: %s', async (_what, format, bytes) => {
    const recordId = has(bytes, format);
    const ask = (accept: string): ReturnType<PlayedFacade['get']> => facade.get(`/Binary/${fhirIdOf(recordId)}?patient=${id}`, { accept });
    const [any, own, other] = [await ask('*/*'), await ask(typeOf(format)), await ask('image/png')];
    for (const answer of [any, own]) {
      expect([answer.headers['content-type'], answer.headers['content-disposition']]).toEqual([typeOf(format), 'attachment']);
      expect(answer.rawPayload.equals(bytes)).toBe(true);
    }
    const wrapped = await ask('application/fhir+json');
    checkDocument(wrapped.rawPayload);
    expect(wrapped.json()).toEqual({ resourceType: 'Binary', contentType: typeOf(format), data: bytes.toString('base64') });
    expect(other.statusCode).toBe(406);
  });

  it.each(others)('has the media type of its format in lists: %s', async (_what, format, bytes) => {
    has(bytes, format);
    const { entry } = (await facade.get(`/DocumentReference?patient=${id}`)).json<Answered>();
    const said = Object.hasOwn(contentTypeOf, format) ? contentTypeOf[format as keyof typeof contentTypeOf] : 'application/octet-stream';
    expect(entry[0]?.resource['content']).toMatchObject([{ attachment: { contentType: said } }]);
  });

  it('is no summary of a patient where it would lead its reader elsewhere', async () => {
    const link = [{ relation: 'next', url: 'https://elsewhere.example/' }];
    const document = {
      resourceType: 'Bundle',
      type: 'document',
      timestamp: '2026-11-30T00:00:00Z',
      link,
      entry: [{ resource: JSON.parse(report.toString()) as object }],
    };
    for (const each of [document, { ...document, type: 'searchset' }, JSON.parse(report.toString()) as object])
      has(Buffer.from(JSON.stringify(each)), 'fhir-r4-json', 'patient-summary');
    const answer = await facade.get(`/Patient/${id}/$summary`);
    checkDocument(answer.rawPayload);
    expect(answer.body).not.toContain('elsewhere.example');
  });
});
