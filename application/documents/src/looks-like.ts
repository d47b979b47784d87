/** Formats that hospitals' systems export and that are no FHIR JSON; the words are those of the refusal's details. */
export type OtherFormat =
  | ('pdf' | 'image' | 'rtf' | 'html' | 'office')
  | ('dicom' | 'zip' | 'gzip' | 'archive')
  | ('xml' | 'hl7v2' | 'edifact' | 'ndjson')
  | ('byte-order-mark' | 'utf-16' | 'utf-32');

const startsWith = (bytes: Uint8Array, ...start: readonly number[]): boolean => start.every((byte, at) => bytes[at] === byte);
const ascii = (bytes: Uint8Array, from: number, length: number): string => String.fromCharCode(...bytes.subarray(from, from + length));
const begins = (bytes: Uint8Array, ...texts: readonly string[]): boolean => texts.some((text) => ascii(bytes, 0, text.length) === text);

/** Source: RFC 8118 (PDF), DICOM PS3.10 §7.1, PKWARE APPNOTE (ZIP), RFC 1952 (gzip), and the headers of the other formats. */
const signatures: readonly (readonly [OtherFormat, (bytes: Uint8Array) => boolean])[] = [
  ['pdf', (bytes) => ascii(bytes, 0, 1024).includes('%PDF-')],
  ['dicom', (bytes) => ascii(bytes, 128, 4) === 'DICM'],
  ['zip', (bytes) => begins(bytes, 'PK\u0003\u0004', 'PK\u0005\u0006')],
  ['gzip', (bytes) => startsWith(bytes, 0x1f, 0x8b)],
  ['archive', isArchive],
  ['office', (bytes) => startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)],
  ['image', isImage],
  ['utf-32', (bytes) => encodingMarkOf(bytes) === 'utf-32'],
  ['utf-16', (bytes) => encodingMarkOf(bytes) === 'utf-16'],
];

/** What a text is, whether or not a byte order mark stands before it. */
const texts: readonly (readonly [OtherFormat, (bytes: Uint8Array) => boolean])[] = [
  ['rtf', (bytes) => ascii(bytes, 0, 5) === '{\\rtf'],
  ['html', (bytes) => /^\s*<(!doctype html|html)/i.test(ascii(bytes, 0, 256))],
  ['xml', (bytes) => /^\s*<([?!]|[A-Za-z])/.test(ascii(bytes, 0, 256))],
  // a segment of HL7 v2, perhaps in its MLLP frame or a batch; a sender may have other delimiters than the usual ones
  ['hl7v2', (bytes) => /^\s*(MSH|FHS|BHS)([|^]|([!-/:-@[-`{-~])[!-/:-@[-`{-~]{3,5}\3)/.test(ascii(bytes, 0, 64))],
  ['edifact', (bytes) => /^\s*(UNA.{6}|UNB\+)/s.test(ascii(bytes, 0, 64))],
  ['ndjson', isNdjson],
];

function isArchive(bytes: Uint8Array): boolean {
  return begins(bytes, 'BZh', '7z\u00bc\u00af', '\u00fd7zXZ', 'Rar!', '(\u00b5/\u00fd') || ascii(bytes, 257, 5) === 'ustar';
}

/** PNG, JPEG, JPEG 2000, TIFF, GIF, BMP and WebP. */
function isImage(bytes: Uint8Array): boolean {
  const isBitmap = begins(bytes, 'BM') && startsWith(bytes.subarray(6), 0, 0, 0, 0);
  const isWebP = begins(bytes, 'RIFF') && ascii(bytes, 8, 4) === 'WEBP';
  const heads = ['\u0089PNG', '\u00ff\u00d8\u00ff', 'II*\u0000', 'MM\u0000*', 'GIF87a', 'GIF89a', '\u0000\u0000\u0000\fjP  '];
  return isBitmap || isWebP || begins(bytes, ...heads);
}

/** By its mark, or by every other byte of the first four, which is zero where the text is Latin. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes;
  const isLittle = first !== 0 && second === 0 && third !== 0 && fourth === 0;
  const isBig = first === 0 && second !== 0 && third === 0 && fourth !== 0;
  const isWhole = bytes.length >= 4 && (isLittle || isBig);
  return startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff) || isWhole;
}

/** The encoding that a text says by its first bytes, of those that nobody here reads marks in. */
export function encodingMarkOf(bytes: Uint8Array): 'byte-order-mark' | 'utf-16' | 'utf-32' | undefined {
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return 'byte-order-mark';
  if (startsWith(bytes, 0xff, 0xfe, 0, 0) || startsWith(bytes, 0, 0, 0xfe, 0xff)) return 'utf-32';
  return isUtf16(bytes) ? 'utf-16' : undefined;
}

/** What bytes that are no JSON look like; undefined if like nothing known. */
export function looksLike(bytes: Uint8Array): OtherFormat | undefined {
  const hasMark = startsWith(bytes, 0xef, 0xbb, 0xbf);
  const text = hasMark ? bytes.subarray(3) : bytes;
  const found = signatures.find(([, fits]) => fits(bytes)) ?? texts.find(([, fits]) => fits(text));
  // a mark alone is no other format than that
  return found?.[0] ?? (hasMark ? 'byte-order-mark' : undefined);
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
