import { gzipSync } from 'node:zlib';
import { checkDocument } from './check-document';
import { type Described } from './media-type';

const observation = '{"resourceType":"Observation","status":"final","code":{"text":"x"}}';
const own: Readonly<Record<Described['format'] | 'fhir', string>> = {
  fhir: observation,
  pdf: '%PDF-1.4 x %%EOF',
  'plain-text': 'a letter',
  'hl7-v2': 'MSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.5\rPID|1\r',
  'cda-r2': '<ClinicalDocument xmlns="urn:hl7-org:v3"/>',
  dicom: `${'\0'.repeat(128)}DICM`,
};
const formats = Object.keys(own) as (keyof typeof own)[];
const refusal = (bytes: Uint8Array, format: keyof typeof own): string => {
  try {
    checkDocument(bytes, format === 'fhir' ? {} : { described: { format, class: 'clinical-document' } });
    return 'taken';
  } catch (error) {
    const { code, details } = error as { code: string; details: { looksLike?: string; obstacle?: string } };
    return `${code} ${details.looksLike ?? details.obstacle ?? ''}`;
  }
};

describe('in every format that a document may have', () => {
  it.each(formats)('its own bytes are taken: %s', (format) => {
    expect(refusal(Buffer.from(own[format]), format)).toBe('taken');
  });

  it.each(formats)('gzip is named: %s', (format) => {
    expect(refusal(gzipSync(own[format]), format)).toMatch(/^(DOCUMENT_OTHER_FORMAT|HL7_MESSAGE_INVALID) gzip$/);
  });

  it.each(formats)('NDJSON is named: %s', (format) => {
    const expected = format === 'plain-text' ? 'ndjson|json' : 'ndjson';
    expect(refusal(Buffer.from(`${observation}\n${observation}\n`), format)).toMatch(new RegExp(` (${expected})$`));
  });

  // a PDF and a DICOM file are not text: what stands before them is no mark, and they are found where they are
  it.each(formats.filter((format) => format !== 'dicom'))('a byte order mark is named, or what stands behind it: %s', (format) => {
    const expected = format === 'pdf' ? 'pdf' : 'byte-order-mark';
    expect(refusal(Buffer.from(`\ufeff${own[format]}`), format)).toMatch(new RegExp(` ${expected}$`));
  });
});
