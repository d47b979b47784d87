/** The character sets that messages are read in; of each the bytes are checked. */
export type Hl7Charset = 'ascii' | 'utf-8' | 'gb18030';

/**
 * What MSH-18 may say of them: the names of HL7 table 0211, and spellings of them that senders use. GB 2312 and GBK are the beginning of GB 18030.
 *
 * @remarks Source: HL7 v2.9 §2.14.9.18, table 0211.
 */
const charsets: ReadonlyMap<string, Hl7Charset> = new Map([
  ['ASCII', 'ascii'],
  ['UNICODE UTF-8', 'utf-8'],
  ['UTF-8', 'utf-8'],
  ['UTF8', 'utf-8'],
  ['GB 18030-2000', 'gb18030'],
  ['GB18030-2000', 'gb18030'],
  ['GB 18030', 'gb18030'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gb18030'],
  ['GB2312', 'gb18030'],
]);

export function charsetNamed(name: string): Hl7Charset | undefined {
  return charsets.get(name.trim().toUpperCase());
}

/** The text of bytes; undefined where one of them is none of the character set. */
export function decodeText(charset: Hl7Charset, bytes: Uint8Array): string | undefined {
  if (charset === 'ascii' && bytes.some((byte) => byte >= 0x80)) return undefined;
  try {
    // a byte order mark is a character here, and is told of
    return new TextDecoder(charset === 'ascii' ? 'utf-8' : charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The bytes of a text; a character that the set does not have becomes `?`. */
export function encodeText(charset: Hl7Charset, text: string): Uint8Array {
  if (charset === 'utf-8') return new TextEncoder().encode(text);
  return Uint8Array.from(Array.from(text, (character) => bytesOf(charset, character)).flat());
}

function bytesOf(charset: 'ascii' | 'gb18030', character: string): readonly number[] {
  const point = character.codePointAt(0) ?? 0x3f;
  if (point < 0x80) return [point];
  if (charset === 'ascii') return [0x3f];
  return point >= 0x1_0000 ? fourBytes(SUPPLEMENTARY + point - 0x1_0000) : (gb18030Bytes().get(character) ?? [0x3f]);
}

/** Where the supplementary planes begin among the codes of four bytes: 0x90308130. */
const SUPPLEMENTARY = 189_000;
/** Codes of four bytes below this have the rest of the basic plane. */
const BASIC_END = 39_420;

function fourBytes(code: number): readonly number[] {
  return [
    0x81 + Math.floor(code / 12_600),
    0x30 + (Math.floor(code / 1_260) % 10),
    0x81 + (Math.floor(code / 10) % 126),
    0x30 + (code % 10),
  ];
}

let inverse: ReadonlyMap<string, readonly number[]> | undefined;

/** The platform decodes GB 18030 and does not encode it: its table is turned round when the first text is written. */
function gb18030Bytes(): ReadonlyMap<string, readonly number[]> {
  inverse ??= new Map([...basicCodes()].flatMap((code) => placeOf(code)));
  return inverse;
}

/** Codes of two bytes last, so that where two codes have one character the shorter is written. */
function* basicCodes(): Generator<readonly number[], void, undefined> {
  for (let code = 0; code < BASIC_END; code += 1) yield fourBytes(code);
  for (let lead = 0x81; lead <= 0xfe; lead += 1) for (let trail = 0x40; trail <= 0xfe; trail += 1) if (trail !== 0x7f) yield [lead, trail];
}

function placeOf(code: readonly number[]): readonly (readonly [string, readonly number[]])[] {
  const character = decodeText('gb18030', Uint8Array.from(code));
  return character === undefined || character.length !== 1 ? [] : [[character, code]];
}
