import { mspIdSchema } from '@lianyi/domain';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { fhirIdOf } from './resources/fhir-id';

const patient = `Patient/${fhirIdOf(patientOne)}`;

function codeOf(body: string): string {
  return (JSON.parse(body) as { issue: [{ details: { coding: [{ code: string }] } }] }).issue[0].details.coding[0].code;
}

describe('a document that says how closely it is held, submitted inside of its DocumentReference', () => {
  let facade: PlayedFacade;
  beforeEach(async () => {
    facade = await newFacade();
  });
  afterEach(async () => {
    await facade.server.close();
  });
  const mark = (code: string): string =>
    `<ClinicalDocument xmlns="urn:hl7-org:v3"><confidentialityCode code="${code}"/></ClinicalDocument>`;
  const message = (code: string): string => `MSH|^~\\&|A|B|C|D|1||ORU^R01|1|P|2.5\rORC|1${'|'.repeat(27)}${code}\r`;
  const secret = '{"resourceType":"Basic","code":{"text":"x"},"meta":{"security":[{"code":"V"}]}}';
  const labels = (code: string): object => ({
    securityLabel: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code }] }],
  });

  const withMark = (text: string): string => `\ufeff${text}`;
  /** Bytes of another encoding, as the text of latin1 that the table has. */
  const utf16 = (text: string): string => Buffer.from(`\ufeff${text}`, 'utf16le').toString('latin1');

  it.each<readonly [string, string, string]>([
    ['FHIR behind a byte order mark', 'application/json', withMark(secret)],
    ['FHIR behind a byte order mark, with a parameter', 'application/fhir+json; charset=utf-8', withMark(secret)],
    ['FHIR behind a byte order mark that is called text', 'text/plain', withMark(secret)],
    ['FHIR in UTF-16', 'application/json', utf16(secret)],
    ['FHIR in UTF-16 without its mark', 'application/json', utf16(secret).slice(2)],
    ['a CDA behind a byte order mark', 'text/xml', withMark(mark('V'))],
    ['a CDA in UTF-16', 'text/xml', utf16(mark('V'))],
    ['a CDA in UTF-16 that is called a file', 'application/octet-stream', utf16(mark('V'))],
    ['a CDA in EBCDIC', 'application/xml', '\u004c\u006f\u00a7\u0094\u0093'],
    ['a CDA that speaks of PDF first', 'application/octet-stream', mark('V').replace('<Clin', '<!--%PDF-1.4--><Clin')],
    ['a message of other delimiters', 'text/plain', message('V').replaceAll('|', '#')],
    ['what is no JSON', 'application/json', 'hello'],
    ['what is no XML', 'text/xml', 'hello'],
  ])('publishes nothing whose marks nobody here would read: %s', async (_what, contentType, text) => {
    const bytes = Array.from(text).every((character) => character <= '\u00ff') ? Buffer.from(text, 'latin1') : Buffer.from(text);
    const reference = {
      ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient } },
      content: [{ attachment: { contentType, data: bytes.toString('base64') } }],
    };
    const answer = await facade.post('/DocumentReference', JSON.stringify(reference));
    expect([answer.statusCode, facade.staff.submitted]).toEqual([422, []]);
  });

  it.each<readonly [string, string, string, object, string]>([
    ['a CDA', 'text/xml', mark('V'), {}, 'SUBMISSION_NOT_TAKEN'],
    ['a CDA beside a lesser label', 'text/xml', mark('V'), labels('R'), 'SUBMISSION_NOT_TAKEN'],
    ['a CDA under another name', 'application/octet-stream', mark('R'), {}, 'SUBMISSION_NOT_TAKEN'],
    ['a CDA that nobody can read', 'application/hl7-cda+xml', `<!DOCTYPE x>${mark('V')}`, {}, 'DOCUMENT_OTHER_FORMAT'],
    ['a message', 'application/hl7-v2+er7', message('V'), {}, 'SUBMISSION_NOT_TAKEN'],
    ['a message of a code that nobody knows', 'application/hl7-v2+er7', message('x'), labels('R'), 'SUBMISSION_NOT_TAKEN'],
    ['a message that is called text', 'text/plain', message('HIV'), {}, 'SUBMISSION_NOT_TAKEN'],
    ['FHIR that is called text', 'text/plain', secret, {}, 'SUBMISSION_NOT_TAKEN'],
    ['FHIR with a parameter', 'application/fhir+json; charset=utf-8', secret, {}, 'SUBMISSION_NOT_TAKEN'],
    ['FHIR that is none', 'application/json', secret.replace('"x"', '1'), {}, 'DOCUMENT_NOT_FHIR'],
    ['FHIR in XML', 'application/fhir+xml', '<Basic xmlns="http://hl7.org/fhir"/>', {}, 'DOCUMENT_OTHER_FORMAT'],
    ['what is no PDF', 'application/pdf', 'hello', {}, 'DOCUMENT_OTHER_FORMAT'],
  ])('publishes nothing that asks by itself for more than is said beside it: %s', async (_what, contentType, text, label, code) => {
    const reference = {
      ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient }, ...label },
      content: [{ attachment: { contentType, data: Buffer.from(text).toString('base64') } }],
    };
    const answer = await facade.post('/DocumentReference', JSON.stringify(reference));
    expect([answer.statusCode, codeOf(answer.body)]).toEqual([422, code]);
    expect(facade.staff.submitted).toEqual([]);
  });

  it.each<readonly [string, string, string, object]>([
    ['a CDA', 'text/xml', mark('V'), labels('V')],
    ['a message', 'application/hl7-v2+er7', message('R'), labels('R')],
    ['a CDA that asks for nothing', 'text/xml', mark('N'), {}],
    ['JSON that is no FHIR', 'application/json', '{"a":1}', {}],
  ])('publishes what asks for as much as is said beside it: %s', async (_what, contentType, text, label) => {
    const reference = {
      ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient }, ...label },
      content: [{ attachment: { contentType, data: Buffer.from(text).toString('base64') } }],
    };
    expect((await facade.post('/DocumentReference', JSON.stringify(reference))).statusCode).toBe(201);
  });
});

describe('the next version of a document', () => {
  let facade: PlayedFacade;
  beforeEach(async () => {
    facade = await newFacade();
  });
  afterEach(async () => {
    await facade.server.close();
  });
  const reference = (more: object = {}): string =>
    JSON.stringify({
      ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient }, ...more },
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('x').toString('base64') } }],
    });
  const published = (): string => fhirIdOf(facade.staff.has(Buffer.from('{"resourceType":"Basic","code":{"text":"x"}}')));

  it.each(['W/"1"', 'W/"999"'])('of another hospital’s is not there, whatever version is named: %s', async (version) => {
    const id = published();
    facade.staff.custodian = mspIdSchema.parse('HospitalAMSP');
    const [foreign, absent] = [
      await facade.put(`/DocumentReference/${id}`, reference(), { 'if-match': version }),
      await facade.put(`/DocumentReference/r${'x'.repeat(43)}`, reference(), { 'if-match': version }),
    ];
    expect([foreign.statusCode, foreign.body]).toEqual([absent.statusCode, absent.body]);
    expect(facade.staff.submitted).toEqual([]);
  });

  it('is not written by a token that may only add, in a new document either', async () => {
    const id = published();
    const authorization = `Bearer ${await facade.token('system/DocumentReference.c')}`;
    const replacing = reference({ relatesTo: [{ code: 'replaces', target: { reference: `DocumentReference/${id}` } }] });
    const answer = await facade.post('/DocumentReference', replacing, { authorization });
    expect([answer.statusCode, codeOf(answer.body)]).toEqual([403, 'SCOPE_NOT_HELD']);
    expect(facade.staff.submitted).toEqual([]);
    expect((await facade.post('/DocumentReference', replacing)).statusCode).toBe(201);
  });
});
