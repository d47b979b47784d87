import { checkDocument } from './check-document';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const refusal = (bytes: Uint8Array): unknown => {
  try {
    return checkDocument(bytes);
  } catch (error) {
    const { code, details } = error as { code: string; details: { looksLike?: string; path?: string } };
    return `${code} ${details.looksLike ?? details.path ?? ''}`;
  }
};

describe('a document in another format', () => {
  it.each<readonly [string, Uint8Array]>([
    ['pdf', text('%PDF-1.7\n%\u00e2\n1 0 obj')],
    ['pdf', text('\r\n%PDF-1.4')],
    ['dicom', Uint8Array.from([...new Uint8Array(128), ...text('DICM'), 2, 0])],
    ['zip', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0)],
    ['zip', Uint8Array.of(0x50, 0x4b, 5, 6, 0, 0)],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0)],
    ['xml', text('<?xml version="1.0"?><Patient xmlns="http://hl7.org/fhir"/>')],
    ['xml', text('  <Bundle/>')],
    ['html', text('<!DOCTYPE html><p>')],
    ['hl7v2', text('MSH|^~\\&|LAB|A|EMR|B|20270101||ORU^R01|1|P|2.5')],
    ['hl7v2', text('\u000bMSH|^~\\&|')],
    ['hl7v2', text('FHS|^~\\&|')],
    ['ndjson', text('{"resourceType":"Patient"}\n{"resourceType":"Patient"}\n')],
    ['ndjson', text('{"resourceType":"Patient"}\r\n{"resourceType":"Patient"}')],
    ['byte-order-mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)],
    ['utf-16', Uint8Array.of(0xff, 0xfe, 0x7b, 0)],
    ['utf-16', Uint8Array.of(0xfe, 0xff, 0, 0x7b)],
    ['image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47)],
    ['rtf', text('{\\rtf1\\ansi}')],
    ['image', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
    ['image', Uint8Array.of(0x49, 0x49, 0x2a, 0, 8, 0)],
    ['image', Uint8Array.of(0x4d, 0x4d, 0, 0x2a, 0, 0)],
    ['image', text('GIF89a')],
    ['image', Uint8Array.of(0x42, 0x4d, 0x36, 1, 0, 0, 0, 0, 0, 0, 0x36)],
    ['image', Uint8Array.of(...text('RIFF'), 1, 0, 0, 0, ...text('WEBPVP8 '))],
    ['image', Uint8Array.of(0, 0, 0, 0x0c, ...text('jP  '), 0x0d)],
    ['office', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1)],
    ['archive', text('BZh91AY')],
    ['archive', Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)],
    ['archive', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)],
    ['archive', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x24)],
    ['archive', Uint8Array.of(...text('report.json'), ...new Uint8Array(246), ...text('ustar'), 0)],
    ['edifact', text("UNA:+.? 'UNB+UNOC:3+LAB+EMR'")],
    ['edifact', text("UNB+UNOC:3+LAB+EMR'")],
    ['hl7v2', text('BHS|^~\\&|')],
    ['utf-16', Buffer.from('{"resourceType":"Patient"}', 'utf16le')],
    ['utf-16', Buffer.from('{"resourceType":"Patient"}', 'utf16le').swap16()],
    ['utf-32', Uint8Array.of(0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0)],
    ['utf-32', Uint8Array.of(0, 0, 0xfe, 0xff, 0, 0, 0, 0x7b)],
    ['xml', text('\ufeff<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>')],
    ['hl7v2', text('\ufeffMSH|^~\\&|')],
    ['ndjson', text('\ufeff{"resourceType":"Patient"}\n{"resourceType":"Patient"}')],
    ['ndjson', text('{"resourceType":"Patient"}\n\n  {"resourceType":"Patient"}')],
    ['byte-order-mark', text('\ufeff{"resourceType":"Patient"}')],
  ])('is named: %s', (format, bytes) => {
    expect(refusal(bytes)).toBe(`DOCUMENT_OTHER_FORMAT ${format}`);
  });

  it.each([
    ['broken JSON', text('{"resourceType":"Patient"'), 'DOCUMENT_NOT_JSON'],
    ['text', text('dear colleague'), 'DOCUMENT_NOT_JSON'],
    ['text that begins as a picture does', text('BMI 23.4, GIF'), 'DOCUMENT_NOT_JSON'],
    ['one sign', text('{'), 'DOCUMENT_NOT_JSON'],
    ['zeros', new Uint8Array(8), 'DOCUMENT_NOT_JSON'],
    ['a list over several lines', text('[\n{"a":1},\n{"a":2}'), 'DOCUMENT_NOT_JSON'],
    ['another encoding', Uint8Array.of(0x7b, 0x22, 0xc4, 0xe3, 0x22, 0x7d), 'DOCUMENT_NOT_UTF8'],
  ])('is not guessed: %s', (_what, bytes, code) => {
    expect(refusal(bytes)).toMatch(code);
  });
});

describe('the place of a fault', () => {
  const bad = { resourceType: 'Patient', id: 'no id' };
  const good = { resourceType: 'Patient' };
  it.each<readonly [string, object]>([
    ['$.entry[1].resource.id', { resourceType: 'Bundle', type: 'collection', entry: [{ resource: good }, { resource: bad }] }],
    [
      '$.entry[2].resource.id',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: good }, { fullUrl: 'urn:a' }, { resource: bad }] },
    ],
    [
      '$.entry[0].response.outcome.id',
      { resourceType: 'Bundle', type: 'batch-response', entry: [{ response: { status: '200', outcome: bad } }] },
    ],
    ['$.contained[1].id', { ...good, contained: [good, bad] }],
    [
      '$.entry[0].resource.contained[0].id',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { ...good, contained: [bad] } }] },
    ],
    [
      '$.parameter[0].part[1].resource.id',
      { resourceType: 'Parameters', parameter: [{ name: 'a', part: [{ name: 'b' }, { name: 'c', resource: bad }] }] },
    ],
  ])('is told as FHIRPath has it: %s', (path, document) => {
    expect(refusal(text(JSON.stringify(document)))).toBe(`DOCUMENT_NOT_FHIR ${path}`);
  });
});
