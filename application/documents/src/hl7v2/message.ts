import { DomainError } from '@lianyi/domain';
import { looksLike } from '../looks-like';
import { charsetNamed, decodeText, type Hl7Charset } from './charset';

/** The five characters by which a message is cut, as its own MSH-1 and MSH-2 name them. */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
}

/** By what a segment is read: made once for a message. */
interface Reading {
  readonly delimiters: Delimiters;
  readonly charset: Hl7Charset;
  /** The escapes that always stand for the same. */
  readonly escapes: ReadonlyMap<string, string>;
}

function escapesOf({ field, component, repetition, escape, subcomponent }: Delimiters): Reading['escapes'] {
  return new Map([
    ...([['F', field] as const, ['S', component], ['R', repetition], ['E', escape], ['T', subcomponent]] as const),
    ...([['P', '#'] as const, ['H', ''], ['N', ''], ['.br', '\n']] as const),
  ]);
}

/** By how much the lines of escapes may lengthen a text, besides twice its length. */
const MAY_GROW = 64 * 1024;

/** One segment: its fields as they stand, and the texts in them with their escapes resolved. */
export class Hl7Segment {
  constructor(
    readonly name: string,
    /** Counted as HL7 does: [1] is the first field, of MSH the separator itself. */
    private readonly fields: readonly string[],
    private readonly reading: Reading,
  ) {}

  /** A field as it stands. */
  raw(field: number): string {
    return this.fields[field] ?? '';
  }

  /** The repetitions of a field as they stand; none of an empty one. */
  repetitions(field: number): readonly string[] {
    const raw = this.raw(field);
    return raw === '' ? [] : raw.split(this.reading.delimiters.repetition);
  }

  /** The text of a component of the first repetition. */
  text(field: number, component = 1): string {
    return this.component(this.repetitions(field)[0] ?? '', component);
  }

  /** The text of a component of one repetition: of its first subcomponent, unescaped. The null of HL7 (`""`) says nothing. */
  component(repetition: string, component: number): string {
    const raw = repetition.split(this.reading.delimiters.component)[component - 1]?.split(this.reading.delimiters.subcomponent)[0] ?? '';
    return raw === '""' ? '' : this.unescape(raw);
  }

  /**
   * Resolves the escapes of a text: delimiters, line breaks and hexadecimal bytes of the message's character set; highlighting says nothing.
   * What is not understood stays as it stands.
   * @throws {@link DomainError} `HL7_MESSAGE_INVALID` — the text would grow far beyond what came
   * @remarks Source: HL7 v2.9 §2.7.
   */
  unescape(raw: string): string {
    const { escape } = this.reading.delimiters;
    const longest = raw.length * 2 + MAY_GROW;
    const [first = '', ...rest] = raw.split(escape);
    let text = first;
    for (let at = 0; at < rest.length; at += 2) {
      const sequence = rest[at] ?? '';
      const following = rest[at + 1];
      if (following === undefined) return `${text}${escape}${sequence}`;
      text += (this.#resolve(sequence) ?? `${escape}${sequence}${escape}`) + following;
      // seven characters may ask for 99 lines
      if (text.length > longest) throw invalid('escapes');
    }
    return text;
  }

  #resolve(sequence: string): string | undefined {
    const fixed = this.reading.escapes.get(sequence);
    if (fixed !== undefined) return fixed;
    const lines = /^\.sp\+?([0-9]{0,2})$/.exec(sequence);
    if (lines !== null) return '\n'.repeat(Number(lines[1] === '' ? '1' : lines[1]));
    const bytes = /^X((?:[0-9A-Fa-f]{2})+)$/.exec(sequence)?.[1];
    return bytes === undefined
      ? undefined
      : decodeText(
          this.reading.charset,
          Uint8Array.from(bytes.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
        );
  }
}

/** A message as it was read; its bytes stay those that came. */
export interface Hl7Message {
  readonly charset: Hl7Charset;
  readonly delimiters: Delimiters;
  readonly segments: readonly [Hl7Segment, ...Hl7Segment[]];
}

/** Why a message cannot be read; no detail repeats what stands in it. */
export type Hl7Obstacle =
  | ('no-message-header' | 'byte-order-mark' | 'delimiters' | 'control-character' | 'too-many-segments')
  | ('line-feed' | 'segment-name' | 'segment-missing' | 'field-missing' | 'field-form')
  | 'escapes'
  | ('several-patients' | 'several-documents' | 'no-known-number' | 'base64');

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
/** A day's results of one patient have some hundreds. */
const MAX_SEGMENTS = 20_000;
// eslint-disable-next-line no-control-regex -- exactly these are meant: all but tabulator, line feed and carriage return
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const CANDIDATES = ['utf-8', 'gb18030'] as const;

/**
 * Reads a message in the character set that its own MSH-18 names. Strict: a reader that guesses files results under the wrong number.
 *
 * @param whenUnnamed - the character set of a message whose MSH-18 is empty: HL7 says ASCII
 * @throws {@link DomainError} `HL7_MESSAGE_INVALID`, with `obstacle` and where; `HL7_CHARSET_NOT_TAKEN`
 */
export function parseHl7(bytes: Uint8Array, whenUnnamed: Hl7Charset = 'ascii'): Hl7Message {
  const charset = charsetOf(headerBytes(bytes), whenUnnamed);
  const text = decodeText(charset, bytes);
  if (text === undefined) throw new DomainError('HL7_CHARSET_NOT_TAKEN', undefined, { obstacle: 'bytes', charset });
  if (CONTROLS.test(text)) throw invalid('control-character');
  const lines = (text.endsWith('\r') ? text.slice(0, -1) : text).split('\r');
  if (lines.length > MAX_SEGMENTS) throw invalid('too-many-segments');
  const delimiters = delimitersIn(lines[0] ?? '');
  const reading = { delimiters, charset, escapes: escapesOf(delimiters) };
  const [header, ...others] = lines.map((line, at) => segmentOf(line, at, reading));
  if (header === undefined) throw invalid('no-message-header');
  return { charset, delimiters, segments: [header, ...others] };
}

/** The first segment, cut by the one byte that stands in no character of any of the sets. */
function headerBytes(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) throw invalid('byte-order-mark');
  if (bytes[0] !== 0x4d || bytes[1] !== 0x53 || bytes[2] !== 0x48) {
    // who has compressed it, or sends another format, is told so
    const looks = looksLike(bytes);
    throw invalid('no-message-header', looks === undefined || looks === 'hl7v2' ? {} : { looksLike: looks });
  }
  const end = bytes.indexOf(CARRIAGE_RETURN);
  const header = end < 0 ? bytes : bytes.subarray(0, end);
  // who ends segments by a line feed is told so, and not of a name
  if (header.includes(LINE_FEED)) throw invalid('line-feed', { segmentIndex: 0 });
  return header;
}

/**
 * A Chinese name before MSH-18 may hold the byte of a delimiter, so the header is read in each set, and the one that names itself is meant.
 */
function charsetOf(header: Uint8Array, whenUnnamed: Hl7Charset): Hl7Charset {
  const named = (charset: Hl7Charset): string | undefined => {
    const text = decodeText(charset, header);
    return text === undefined ? undefined : (text.split(text[3] ?? '|')[17]?.split(text[5] ?? '~')[0] ?? '').trim();
  };
  const isAscii = header.every((byte) => byte < 0x80);
  const found = CANDIDATES.find((charset) => charsetNamed(named(charset) ?? '?') === charset);
  if (found !== undefined) return found;
  const said = named(isAscii ? 'ascii' : whenUnnamed);
  if (said === '') return whenUnnamed;
  if (said !== undefined && charsetNamed(said) === 'ascii') return 'ascii';
  throw new DomainError('HL7_CHARSET_NOT_TAKEN', undefined, { obstacle: 'name', segment: 'MSH', field: 18 });
}

function delimitersIn(header: string): Delimiters {
  const field = header[3] ?? '';
  const [component = '', repetition = '', escape = '', subcomponent = '', truncation, ...more] = header.slice(4).split(field)[0] ?? '';
  const all = [field, component, repetition, escape, subcomponent, ...(truncation === undefined ? [] : [truncation])];
  const isUsable = all.every((character) => /^[!-/:-@[-`{-~]$/.test(character)) && new Set(all).size === all.length && more.length === 0;
  if (!isUsable) throw invalid('delimiters', { segment: 'MSH', field: 2 });
  return { field, component, repetition, escape, subcomponent };
}

function segmentOf(line: string, at: number, reading: Reading): Hl7Segment {
  const { field } = reading.delimiters;
  const [name = '', ...fields] = line.split(field);
  if (line.startsWith('\n')) throw invalid('line-feed', { segmentIndex: at });
  if (at === 0) return new Hl7Segment(name, [name, field, ...fields], reading);
  if (!/^[A-Z][A-Z0-9]{2}$/.test(name) || name === 'MSH') throw invalid('segment-name', { segmentIndex: at });
  return new Hl7Segment(name, [name, ...fields], reading);
}

/** What a message is refused with. */
export function invalid(obstacle: Hl7Obstacle, where: Readonly<Record<string, string | number>> = {}): DomainError {
  return new DomainError('HL7_MESSAGE_INVALID', undefined, { obstacle, ...where });
}
