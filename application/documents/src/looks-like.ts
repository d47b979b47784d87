/** Formats that hospitals' systems export and that are no FHIR JSON; the words are those of the refusal's details. */
export type OtherFormat =
  'pdf' | 'dicom' | 'zip' | 'gzip' | 'xml' | 'hl7v2' | 'ndjson' | 'byte-order-mark' | 'utf-16' | 'image' | 'rtf' | 'html';

const startsWith = (bytes: Uint8Array, ...start: readonly number[]): boolean => start.every((byte, at) => bytes[at] === byte);
const ascii = (bytes: Uint8Array, from: number, length: number): string => String.fromCharCode(...bytes.subarray(from, from + length));

/** Source: RFC 8118 (PDF), DICOM PS3.10 §7.1, PKWARE APPNOTE (ZIP), RFC 1952 (gzip), RFC 3629 §6 (byte order mark), PNG and JPEG headers. */
const signatures: readonly (readonly [OtherFormat, (bytes: Uint8Array) => boolean])[] = [
  ['pdf', (bytes) => ascii(bytes, 0, 1024).includes('%PDF-')],
  ['dicom', (bytes) => ascii(bytes, 128, 4) === 'DICM'],
  ['zip', (bytes) => startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) || startsWith(bytes, 0x50, 0x4b, 0x05, 0x06)],
  ['gzip', (bytes) => startsWith(bytes, 0x1f, 0x8b)],
  ['byte-order-mark', (bytes) => startsWith(bytes, 0xef, 0xbb, 0xbf)],
  ['utf-16', (bytes) => startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)],
  ['image', (bytes) => startsWith(bytes, 0x89, 0x50, 0x4e, 0x47) || startsWith(bytes, 0xff, 0xd8, 0xff)],
  ['rtf', (bytes) => ascii(bytes, 0, 5) === '{\\rtf'],
  ['html', (bytes) => /^\s*<(!doctype html|html)/i.test(ascii(bytes, 0, 256))],
  ['xml', (bytes) => /^\s*<([?!]|[A-Za-z])/.test(ascii(bytes, 0, 256))],
  // a segment of HL7 v2, perhaps in its MLLP frame or a batch
  ['hl7v2', (bytes) => /^\s*(MSH|FHS|BHS)[|^]/.test(ascii(bytes, 0, 64))],
  ['ndjson', isNdjson],
];

/** What bytes that are no JSON look like; undefined if like nothing known. */
export function looksLike(bytes: Uint8Array): OtherFormat | undefined {
  return signatures.find(([, fits]) => fits(bytes))?.[0];
}

/** Two lines that each are a whole JSON object. */
function isNdjson(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(0x0a);
  const next = end < 0 ? -1 : bytes.subarray(end + 1).findIndex((byte) => byte > 0x20);
  if (end < 0 || next < 0 || bytes[end + 1 + next] !== 0x7b) return false;
  try {
    return typeof JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) === 'object';
  } catch {
    return false;
  }
}
