import { DomainError } from '@lianyi/domain';
import { decodeText } from './hl7v2/charset';
import { filesIn } from './attachments';
import { confidentialityMarksIn } from './cda-marks';
import { type AskedCloseness, heldAs, strictestOf, USUAL_CLOSENESS } from './hl7v2/held-as';
import { parseHl7 } from './hl7v2/message';
import { looksLike } from './looks-like';
import { type Described } from './media-type';

type Format = Described['format'];
/** What files inside of a document ask for. */
type Inside = (files: Iterable<Uint8Array>) => AskedCloseness;

/**
 * Holds the bytes of a document that is no FHIR against the format that is said of it, and finds how closely it asks to be held.
 * @throws {@link DomainError} `DOCUMENT_OTHER_FORMAT` — with what it looks like; `DOCUMENT_NOT_UTF8`; `HL7_MESSAGE_INVALID`, `HL7_CHARSET_NOT_TAKEN`
 */
export function checkDescribed(bytes: Uint8Array, { format, ...said }: Described, askedInside: Inside): AskedCloseness {
  const { confidentiality = 'N', dataLevel = 4 } = said;
  return strictestOf([checks[format](bytes, askedInside), { confidentiality, dataLevel: confidentiality === 'V' ? 5 : dataLevel }]);
}

const checks: Readonly<Record<Format, (bytes: Uint8Array, askedInside: Inside) => AskedCloseness>> = {
  pdf: (bytes) => {
    const end = new TextDecoder('latin1').decode(bytes.subarray(-1024));
    // a file that was cut off has no end; what stands before `%PDF-` a reader may show otherwise
    if (!beginsWith(bytes, '%PDF-') || !end.includes('%%EOF')) throw otherThan('pdf', bytes);
    return USUAL_CLOSENESS;
  },
  dicom: (bytes) => {
    if (looksLike(bytes) !== 'dicom') throw otherThan('dicom', bytes);
    return USUAL_CLOSENESS;
  },
  'plain-text': (bytes) => {
    const text = utf8('plain-text', bytes);
    // eslint-disable-next-line no-control-regex -- exactly these are meant: a text has none of them
    if (/[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(text) || looksLike(bytes) !== undefined) throw otherThan('plain-text', bytes);
    // FHIR says itself how closely it is held, and is not taken for less
    if (/^\s*[{[]/.test(text)) throw otherThan('plain-text', bytes, 'json');
    return USUAL_CLOSENESS;
  },
  'hl7-v2': (bytes, askedInside) => {
    // a mark is ASCII, whatever the names are in
    const message = parseHl7(bytes, isUtf8(bytes) ? 'utf-8' : 'gb18030');
    return strictestOf([heldAs(message), askedInside(filesIn(message))]);
  },
  'cda-r2': (bytes) => {
    const text = utf8('cda-r2', bytes);
    const root = rootAt(text);
    const isDocument = root !== undefined && /^<(?:[^\s<>/:="']+:)?ClinicalDocument[\s>]/.test(text.slice(root, root + LONGEST_ROOT));
    // a document type could change what every reader sees of the rest
    if (!isDocument || /<!(?:DOCTYPE|ENTITY)/i.test(text)) throw otherThan('cda-r2', bytes);
    return strictestOf(confidentialityMarksIn(text));
  },
};

/** A prefix of more characters is no root that anybody has. */
const LONGEST_ROOT = 256;

/**
 * Where the root element of an XML text would begin: behind the declaration, instructions and comments. Read in one pass, whatever stands there: of an
 * expression that may end a comment at each later mark the time doubles with each comment.
 */
function rootAt(text: string): number | undefined {
  for (let at = 0; ;) {
    while (/\s/.test(text.charAt(at))) at += 1;
    const end = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined;
    if (end === undefined) return at;
    const ends = text.indexOf(end, at + 2);
    if (ends < 0) return undefined;
    at = ends + end.length;
  }
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
  return text === new TextDecoder('latin1').decode(bytes.subarray(0, text.length));
}

function isUtf8(bytes: Uint8Array): boolean {
  return decodeText('utf-8', bytes) !== undefined;
}

/** The text, without the mark of byte order that the format does not have. */
function utf8(format: Format, bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) throw otherThan(format, bytes, 'byte-order-mark');
  const text = decodeText('utf-8', bytes);
  if (text === undefined && looksLike(bytes) !== undefined) throw otherThan(format, bytes);
  if (text === undefined) throw new DomainError('DOCUMENT_NOT_UTF8', 'the document is not UTF-8', { format });
  return text;
}

function otherThan(format: Format, bytes: Uint8Array, looks: string = looksLike(bytes) ?? 'unknown'): DomainError {
  return new DomainError('DOCUMENT_OTHER_FORMAT', 'the bytes are not of the format that was said', { said: format, looksLike: looks });
}
