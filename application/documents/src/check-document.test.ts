import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDocument } from './check-document';
import { MAX_DOCUMENT_BYTES } from './parse-document';

const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const observation = { resourceType: 'Observation', status: 'final', code: { text: 'weight' }, valueQuantity: { value: 71.5, unit: 'kg' } };
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const labelled = (...security: [system: string, code: string][]): object => ({
  ...observation,
  meta: { security: security.map(([system, code]) => ({ system, code })) },
});

function refusal(document: Uint8Array): unknown {
  try {
    checkDocument(document);
    return 'accepted';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

/** Takes ten seconds. */
function twoMillionKeys(): [string, Buffer, string] {
  const keys = Array.from({ length: 2_000_000 }, (_, key) => `"a${key}":1`);
  return ['two million keys', Buffer.from(`{${keys.join()}}`), 'DOCUMENT_TOO_LARGE'];
}

describe('the bytes of a document', () => {
  it.each<[string, Uint8Array, string]>([
    ['nothing at all', Buffer.alloc(0), 'DOCUMENT_EMPTY'],
    ['50 MB', Buffer.alloc(50_000_000, 0x20), 'DOCUMENT_TOO_LARGE'],
    ['one byte more than the limit', Buffer.alloc(MAX_DOCUMENT_BYTES + 1, 0x20), 'DOCUMENT_TOO_LARGE'],
    [
      'GB 18030 instead of UTF-8',
      Buffer.concat([bytes('{"resourceType":"Patient","name":[{"text":"'), Buffer.from([0xd5, 0xc5]), bytes('"}]}')]),
      'DOCUMENT_NOT_UTF8',
    ],
    ['UTF-16', Buffer.from(JSON.stringify(observation), 'utf16le'), 'DOCUMENT_OTHER_FORMAT'],
    ['a cut UTF-8 sequence', Buffer.concat([bytes('"'), Buffer.from([0xe6, 0xa3])]), 'DOCUMENT_NOT_UTF8'],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'DOCUMENT_NOT_UTF8'],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes(observation)]), 'DOCUMENT_OTHER_FORMAT'],
    ['white space', bytes('  \n'), 'DOCUMENT_NOT_JSON'],
    ['XML', bytes('<Patient xmlns="http://hl7.org/fhir"/>'), 'DOCUMENT_OTHER_FORMAT'],
    ['a trailing comma', bytes('{"resourceType":"Patient",}'), 'DOCUMENT_NOT_JSON'],
    ['two documents', bytes('{"resourceType":"Patient"}{"resourceType":"Patient"}'), 'DOCUMENT_NOT_JSON'],
    ['a cut document', bytes('{"resourceType":"Patient"'), 'DOCUMENT_NOT_JSON'],
    ['an escaped lone surrogate', bytes('{"resourceType":"Patient","language":"\\ud800"}'), 'DOCUMENT_NOT_JSON'],
    ['a __proto__ key', bytes('{"resourceType":"Patient","__proto__":{"active":true}}'), 'DOCUMENT_NOT_JSON'],
    ['the same key twice', bytes('{"resourceType":"Patient","active":true,"active":false}'), 'DOCUMENT_DUPLICATE_KEY'],
    ['the same key twice, once escaped', bytes('{"resourceType":"Patient","active":true,"\\u0061ctive":false}'), 'DOCUMENT_DUPLICATE_KEY'],
    ['the same key twice, deep inside', bytes('{"resourceType":"Patient","name":[{"text":"a","text":"b"}]}'), 'DOCUMENT_DUPLICATE_KEY'],
    ['two million values', Buffer.from(`[${'1,'.repeat(2_000_000)}1]`), 'DOCUMENT_TOO_LARGE'],
    ...(process.env['LIANYI_DEEP'] === '1' ? [twoMillionKeys()] : []),
    ['a thousand levels', bytes('['.repeat(1000) + ']'.repeat(1000)), 'DOCUMENT_TOO_DEEP'],
  ])('are refused when they are %s', (_what, document, code) => {
    expect(refusal(document)).toBe(code);
  });

  it('are handed back as they came, whatever their white space, order and escapes', () => {
    const given = bytes(
      '{ "status":"final",\r\n\t"code":{"text":"\\u4f53\\u91cd 体重"}, "resourceType" : "Observation", "valueQuantity":{"value":1.50e1} }\n',
    );
    expect(checkDocument(given).bytes).toBe(given);
  });

  it('may hold an attachment of 20 MiB in one string', () => {
    const document = bytes({ resourceType: 'Binary', contentType: 'application/pdf', data: 'JVBE'.repeat(5 * 1024 * 1024) });
    expect(checkDocument(document)).toMatchObject({ resourceType: 'Binary', class: 'other' });
  });
});

describe('a JSON document is no FHIR R4 resource', () => {
  it.each<[string, unknown]>([
    ['when it is a list', [observation]],
    ['when it is a text', '"Patient"'],
    ['when it is null', 'null'],
    ['without a resourceType', { status: 'final' }],
    ['with a resourceType that is no text', { resourceType: 1 }],
    ['with an unknown resourceType', { resourceType: 'Diagnosis' }],
    ['with a resourceType of R5 only', { resourceType: 'ActorDefinition', status: 'draft' }],
    ['with an abstract resourceType', { resourceType: 'DomainResource' }],
    ['with a resourceType in the wrong case', { resourceType: 'patient' }],
    ['with a resourceType from Object.prototype', { resourceType: 'constructor' }],
    ['without a mandatory element', { resourceType: 'Observation', status: 'final' }],
    ['with an id that is none', { ...observation, id: 'a b' }],
    ['with an id that is too long', { ...observation, id: 'x'.repeat(65) }],
    ['with a meta that is a text', { ...observation, meta: 'R' }],
    ['with a null element', { ...observation, issued: null }],
    ['with an empty text', { ...observation, issued: '' }],
    ['with an empty list', { ...observation, note: [] }],
    ['with an empty object', { ...observation, subject: {} }],
    ['with a list in a list', { ...observation, note: [[{ text: 'a' }]] }],
    ['with a member no element could be called', { ...observation, 张三: true }],
    ['as a Bundle of no type', { resourceType: 'Bundle' }],
    ['as a Bundle of an unknown type', { resourceType: 'Bundle', type: 'folder' }],
    ['as a Bundle whose entry is no list', { resourceType: 'Bundle', type: 'collection', entry: { resource: observation } }],
    ['as a document Bundle without a Composition', { resourceType: 'Bundle', type: 'document', entry: [{ resource: observation }] }],
    [
      'as a Bundle with something else inside',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: observation }, { resource: { resourceType: 'Diagnosis' } }] },
    ],
    ['with something else contained', { ...observation, contained: [{ id: 'a' }] }],
    [
      'with a contained resource that contains another',
      { ...observation, contained: [{ ...observation, contained: [{ resourceType: 'Patient', id: 'p' }] }] },
    ],
  ])('%s', (_what, document) => {
    expect(refusal(bytes(document))).toBe('DOCUMENT_NOT_FHIR');
  });

  it('and the refusal quotes nothing of it', () => {
    const secret = '王小明-secret';
    const spoiled = [
      bytes({ resourceType: secret }),
      bytes({ ...observation, id: secret }),
      bytes({ ...observation, [secret]: 1 }),
      bytes(`{"a":"${secret}"`),
      bytes(`{"${secret}":1,"${secret}":2}`),
    ];
    for (const document of spoiled) {
      let caught: unknown;
      try {
        checkDocument(document);
      } catch (error) {
        caught = error;
      }
      const { message, details, stack, cause } = caught as {
        message: string;
        details: unknown;
        stack: string;
        cause?: { message?: string };
      };
      expect(`${message} ${JSON.stringify(details)} ${stack} ${cause?.message ?? ''}`).not.toContain('secret');
    }
  });

  it('but a mandatory element may be absent for a reason given', () => {
    expect(
      refusal(
        bytes({
          resourceType: 'Observation',
          _status: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] },
          code: { text: 'a' },
        }),
      ),
    ).toBe('accepted');
  });

  it('but null may keep a place in a list', () => {
    expect(refusal(bytes({ resourceType: 'Patient', name: [{ given: ['A', null], _given: [null, { id: 'x' }] }] }))).toBe('accepted');
  });
});

describe('the labels of a document', () => {
  it.each<[string, object, string, number]>([
    ['no label', observation, 'N', 4],
    ['N', labelled([CONFIDENTIALITY, 'N']), 'N', 4],
    ['L, less than normal', labelled([CONFIDENTIALITY, 'L']), 'L', 4],
    ['R', labelled([CONFIDENTIALITY, 'R']), 'R', 4],
    ['V', labelled([CONFIDENTIALITY, 'V']), 'V', 5],
    ['R and alcohol', labelled([CONFIDENTIALITY, 'R'], [ACT_CODE, 'ETHUD']), 'R', 5],
    ['HIV without a confidentiality', labelled([ACT_CODE, 'HIV']), 'N', 5],
    ['N and V together', labelled([CONFIDENTIALITY, 'V'], [CONFIDENTIALITY, 'N']), 'V', 5],
    [
      'V on one entry',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: observation }, { resource: labelled([CONFIDENTIALITY, 'V']) }] },
      'V',
      5,
    ],
    [
      'U on one entry lowers nothing',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: labelled([CONFIDENTIALITY, 'U']) }] },
      'N',
      4,
    ],
    ['PSY on a contained resource', { ...observation, contained: [{ ...labelled([ACT_CODE, 'PSY']), id: 'c' }] }, 'N', 5],
    [
      'V on what a DocumentReference points at',
      {
        resourceType: 'DocumentReference',
        status: 'current',
        content: [{ attachment: { title: 'a' } }],
        securityLabel: [{ coding: [{ system: CONFIDENTIALITY, code: 'V' }] }],
      },
      'V',
      5,
    ],
    [
      'R as a Composition’s confidentiality',
      {
        resourceType: 'Composition',
        status: 'final',
        type: { text: 'a' },
        date: '2026-01-01',
        author: [{ display: 'a' }],
        title: 'a',
        confidentiality: 'R',
      },
      'R',
      4,
    ],
    [
      'R as a criterion of a Consent is not a label of the Consent',
      {
        resourceType: 'Consent',
        status: 'active',
        scope: { text: 'a' },
        category: [{ text: 'a' }],
        provision: { securityLabel: [{ system: CONFIDENTIALITY, code: 'R' }] },
      },
      'N',
      4,
    ],
    ['an organisation’s own entry', { resourceType: 'Organization', name: 'a' }, 'N', 2],
  ])('follow from %s', (_what, document, confidentiality, dataLevel) => {
    const { confidentiality: found, dataLevel: level } = checkDocument(bytes(document));
    expect({ found, level }).toEqual({ found: confidentiality, level: dataLevel });
  });

  const report = { resourceType: 'DiagnosticReport', status: 'final', code: { text: 'a' } };
  it.each<[string, object, string]>([
    [
      'a chemistry report',
      { ...report, category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'CH' }] }] },
      'laboratory-report',
    ],
    ['a report with a specimen', { ...report, specimen: [{ display: 'blood' }] }, 'laboratory-report'],
    [
      'a radiology report',
      { ...report, category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'RAD' }] }] },
      'imaging-report',
    ],
    ['a report with a study', { ...report, imagingStudy: [{ reference: 'ImagingStudy/1' }] }, 'imaging-report'],
    ['a report of neither kind', report, 'clinical-document'],
    [
      'a category of another system',
      { ...report, category: [{ coding: [{ system: 'http://example.org', code: 'CH' }] }] },
      'clinical-document',
    ],
    [
      'an immunisation',
      { resourceType: 'Immunization', status: 'completed', vaccineCode: { text: 'a' }, patient: { display: 'a' }, occurrenceString: 'a' },
      'clinical-document',
    ],
    ['an invoice', { resourceType: 'Invoice', status: 'issued' }, 'administrative'],
    [
      'a Bundle with one report and its results that is no document',
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: observation }, { resource: { ...report, specimen: [{ display: 'b' }] } }],
      },
      'history',
    ],
    [
      'a Bundle of reports of different kinds',
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ resource: report }, { resource: { ...report, specimen: [{ display: 'b' }] } }],
      },
      'history',
    ],
    [
      'a Bundle of results that is no document',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: observation }, { resource: observation }] },
      'history',
    ],
    ['an empty Bundle', { resourceType: 'Bundle', type: 'collection' }, 'other'],
    ['a terminology', { resourceType: 'CodeSystem', status: 'active', content: 'complete' }, 'other'],
  ])('name the class of %s', (_what, document, expected) => {
    expect(checkDocument(bytes(document)).class).toBe(expected);
  });

  it('show a document as a tree when its class’s page would have a hole', () => {
    expect(checkDocument(bytes({ ...report, specimen: [{ display: 'b' }] })).displayProfile).toBe('unstructured@1');
    expect(checkDocument(bytes({ ...report, specimen: [{ display: 'b' }], conclusion: 'c' })).displayProfile).toBe('laboratory-report@1');
  });
});

describe('the shipped examples', () => {
  it.each([
    ['laboratory-report-zh.json', 'laboratory-report', 'laboratory-report@2'],
    ['imaging-report-en.json', 'imaging-report', 'imaging-report@1'],
  ])('%s is a %s', (file, recordClass, displayProfile) => {
    const document = readFileSync(join(__dirname, '../../examples', file));
    expect(checkDocument(document)).toMatchObject({
      class: recordClass,
      displayProfile,
      category: 'medical-application',
      dataLevel: 4,
      confidentiality: 'N',
      format: 'fhir-r4-json',
    });
  });
});
