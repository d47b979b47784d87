import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { filesBelow } from '../architecture/source-files';

/** A marker that nothing but this run can have made: if it turns up anywhere, that place leaks. */
export function newMarker(what: string): string {
  return `${what}${randomBytes(9).toString('hex')}`;
}

/** A FHIR laboratory report in which every personal or clinical string is a marker of its own. */
export function markedReport(): { readonly bytes: Buffer; readonly markers: readonly string[] } {
  const markers: string[] = [];
  const mark = (what: string): string => {
    const marker = newMarker(what);
    markers.push(marker);
    return marker;
  };
  const document = {
    resourceType: 'DiagnosticReport',
    id: mark('id'),
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '58410-2', display: mark('test') }], text: mark('姓名检验') },
    subject: { reference: `Patient/${mark('patient')}`, display: mark('王小明') },
    effectiveDateTime: '2026-11-20T08:00:00+08:00',
    issued: '2026-11-20T09:00:00+08:00',
    performer: [{ display: mark('doctor') }],
    conclusion: mark('diagnosis'),
    contained: [
      {
        resourceType: 'Patient',
        id: 'p',
        identifier: [{ system: 'urn:oid:2.16.156.10011', value: mark('310101') }],
        name: [{ text: mark('name') }],
        telecom: [{ system: 'phone', value: mark('138') }],
        address: [{ text: mark('address') }],
      },
    ],
  };
  return { bytes: Buffer.from(JSON.stringify(document)), markers };
}

/** What is looked for: a text of people, or the bytes of a key. */
export type Marker = string | Buffer;

/** Every form in which a marker might lie in a file: as it is, as base64 in three alignments, as hex, as its bare hash. */
function disguises(marker: Marker): readonly (readonly [form: string, bytes: Buffer])[] {
  const bytes = Buffer.from(marker);
  const aligned = [0, 1, 2].flatMap((shift) => {
    // the inner characters of a base64 text do not depend on its neighbours
    const text = Buffer.concat([Buffer.alloc(shift, 0x20), bytes]).toString('base64');
    const inner = text.slice(4, text.length - 4);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const sha256 = createHash('sha256').update(bytes).digest();
  return [
    ['plain', bytes],
    ...aligned.map((text) => ['base64', Buffer.from(text)] as const),
    ['hex', Buffer.from(bytes.toString('hex'))],
    ...(typeof marker === 'string' ? [['utf16', Buffer.from(marker, 'utf16le')] as const] : []),
    ['unsalted hash', sha256],
    ['unsalted hash in base64url', Buffer.from(sha256.toString('base64url'))],
    ['unsalted hash in hex', Buffer.from(sha256.toString('hex'))],
  ];
}

/** A marker found where it must not be; says where and in which form, never what. */
export type Leak = { readonly place: string; readonly form: string; readonly marker: number };

interface Needle {
  readonly bytes: Buffer;
  readonly form: string;
  readonly marker: number;
}

/**
 * Every disguise of every marker, by its first bytes: there are thousands, and what is searched is read once for all of them.
 * Kept for as long as somebody holds the list of markers.
 */
class Needles {
  static readonly #made = new WeakMap<readonly Marker[], Needles>();
  /** By four bytes, which no disguise is shorter than. */
  readonly #byStart = new Map<number, Needle[]>();
  /** By two bytes, whether any begins so. */
  readonly #begins = new Uint8Array(2 ** 16);

  private constructor(markers: readonly Marker[]) {
    for (const [marker, secret] of markers.entries()) for (const [form, bytes] of disguises(secret)) this.#add({ bytes, form, marker });
  }

  static of(markers: readonly Marker[]): Needles {
    const made = Needles.#made.get(markers) ?? new Needles(markers);
    Needles.#made.set(markers, made);
    return made;
  }

  #add(needle: Needle): void {
    if (needle.bytes.length < 4) throw new Error(`the marker ${needle.marker} is too short to look for`);
    const start = needle.bytes.readUInt32BE(0);
    this.#begins[start >>> 16] = 1;
    this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), needle]);
  }

  in(bytes: Buffer): ReadonlySet<Needle> {
    const found = new Set<Needle>();
    for (let at = 0; at + 4 <= bytes.length; at += 1) {
      if (this.#begins[((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)] === 0) continue;
      for (const needle of this.#byStart.get(bytes.readUInt32BE(at)) ?? []) {
        if (bytes.subarray(at, at + needle.bytes.length).equals(needle.bytes)) found.add(needle);
      }
    }
    return found;
  }
}

/** Looks for every marker in one piece of bytes. */
export function leaksIn(place: string, bytes: Buffer, markers: readonly Marker[]): Leak[] {
  return [...Needles.of(markers).in(bytes)].map(({ form, marker }) => ({ place, form, marker }));
}

/** Looks for every marker in every file below a folder: ledgers, databases, vaults, logs. */
export function leaksBelow(folder: string, markers: readonly Marker[], ignore: (file: string) => boolean = () => false): Leak[] {
  return filesBelow(folder)
    .filter((file) => !ignore(file))
    .flatMap((file) => leaksIn(file, readFileSync(file), markers));
}
