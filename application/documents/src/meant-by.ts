import { DomainError } from '@lianyi/domain';
import { encodingMarkOf, looksLike } from './looks-like';
import { type DocumentFormat } from './media-type';

/** Media types by which what is no FHIR is sent, and the format whose marks it may have. */
const FORMATS: Readonly<Record<string, DocumentFormat>> = {
  'application/pdf': 'pdf',
  'application/dicom': 'dicom',
  'application/hl7-v2+er7': 'hl7-v2',
  'application/hl7-v2': 'hl7-v2',
  'x-application/hl7-v2+er7': 'hl7-v2',
  'application/hl7-cda+xml': 'cda-r2',
  'application/fhir+json': 'fhir-r4-json',
};
const XML_TYPES = ['text/xml', 'application/xml', 'application/fhir+xml'];
const XML = 0x3c;
const JSON_BEGINS = [0x7b, 0x5b];
const JSON_TYPES = ['application/json', 'text/json'];

/**
 * As what a document has to be checked that nobody has described: by its bytes as well as by its media type, since a mark is there under any name.
 *
 * @returns undefined if it is of no format in which a mark can stand
 * @throws {@link DomainError} `DOCUMENT_OTHER_FORMAT` — it is not what its media type says, or says its marks in a way that nobody here reads: FHIR in XML, a
 * text in another encoding than UTF-8
 */
export function meantBy(content: Uint8Array, contentType: string): DocumentFormat | undefined {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  return Object.hasOwn(FORMATS, type) ? FORMATS[type] : meantByBytes(content, type);
}

function meantByBytes(content: Uint8Array, type: string): DocumentFormat | undefined {
  const encoding = encodingMarkOf(content);
  if (encoding !== undefined) throw otherFormat(encoding);
  const first = firstOf(content);
  const [isXml, isJson] = [first === XML, first !== undefined && JSON_BEGINS.includes(first)];
  if ((XML_TYPES.includes(type) && !isXml) || (JSON_TYPES.includes(type) && !isJson)) throw otherFormat(looksLike(content) ?? 'unknown');
  if (isJson) return textOf(content).includes('resourceType') ? 'fhir-r4-json' : undefined;
  if (isXml) return formatOfXml(textOf(content), type);
  return looksLike(content) === 'hl7v2' ? 'hl7-v2' : undefined;
}

/** The first byte that is no white space. */
function firstOf(content: Uint8Array): number | undefined {
  return content[content.findIndex((byte) => byte > 0x20)];
}

/** Whether something that begins so may be of a format that has marks. */
export function mayHaveMarks(head: Uint8Array): boolean {
  const text = withoutMark(head);
  const first = firstOf(text);
  const isText = first === undefined || first === XML || JSON_BEGINS.includes(first);
  return isText || encodingMarkOf(text) !== undefined || looksLike(text) === 'hl7v2';
}

function formatOfXml(text: string, type: string): DocumentFormat | undefined {
  // whose labels would be looked for by nobody
  if (/["']http:\/\/hl7\.org\/fhir["']/.test(text) || type === 'application/fhir+xml') throw otherFormat('xml');
  return text.includes('ClinicalDocument') ? 'cda-r2' : undefined;
}

function textOf(content: Uint8Array): string {
  return new TextDecoder('latin1').decode(content);
}

function otherFormat(looks: string): DomainError {
  return new DomainError('DOCUMENT_OTHER_FORMAT', undefined, { looksLike: looks });
}

/** Without the mark of byte order, which says nothing of what it stands before. */
export function withoutMark(content: Uint8Array): Uint8Array {
  return encodingMarkOf(content) === 'byte-order-mark' ? content.subarray(3) : content;
}
