import { checkDocument, type CheckedDocument, looksLike } from '@lianyi/documents';
import { type Described } from '@lianyi/documents/media-type';
import { DomainError } from '@lianyi/domain';

export type Closeness = Pick<CheckedDocument, 'confidentiality' | 'dataLevel'>;

/** Media types by which what is no FHIR is sent, and the format whose marks it may have. */
const formats: Readonly<Record<string, Described['format']>> = {
  'application/pdf': 'pdf',
  'application/dicom': 'dicom',
  'application/hl7-v2+er7': 'hl7-v2',
  'application/hl7-v2': 'hl7-v2',
  'x-application/hl7-v2+er7': 'hl7-v2',
  'application/hl7-cda+xml': 'cda-r2',
};

/**
 * How closely something that is published inside of its DocumentReference asks to be held by itself. By its bytes as well as by its media type, since a mark
 * is there under any name.
 *
 * @returns undefined if it is of no format in which a mark can stand
 * @throws DomainError the refusals of `checkDocument` — it is not of its format, or is FHIR that says something else of itself than its media type
 */
export function askedByContent(content: Uint8Array, contentType: string): Closeness | undefined {
  if (isFhir(content)) return checkDocument(content);
  const format = formatOf(content, contentType);
  return format === undefined ? undefined : checkDocument(content, { described: { format, class: 'clinical-document' } });
}

function formatOf(content: Uint8Array, contentType: string): Described['format'] | undefined {
  const bare = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (Object.hasOwn(formats, bare)) return formats[bare];
  const looks = looksLike(content);
  if (looks === 'hl7v2') return 'hl7-v2';
  return looks === 'xml' ? formatOfXml(content) : undefined;
}

/** @throws DomainError `DOCUMENT_OTHER_FORMAT` — FHIR in XML, whose labels would be looked for by nobody */
function formatOfXml(content: Uint8Array): 'cda-r2' | undefined {
  const text = new TextDecoder('latin1').decode(content);
  if (text.includes('http://hl7.org/fhir')) throw new DomainError('DOCUMENT_OTHER_FORMAT', undefined, { looksLike: 'xml' });
  return text.includes('ClinicalDocument') ? 'cda-r2' : undefined;
}

/** Whether it means to be FHIR in JSON, well-formed or not. */
function isFhir(content: Uint8Array): boolean {
  const first = content.findIndex((byte) => byte > 0x20);
  const begins = content[first] === 0x7b || content[first] === 0x5b;
  return begins && Buffer.from(content).includes('resourceType');
}
