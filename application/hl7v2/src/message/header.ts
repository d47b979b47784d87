import { DomainError } from '@lianyi/domain';
import { decodeText, type Hl7Charset, type Hl7Message, invalid, parseHl7 } from '@lianyi/documents/hl7-v2';

/** When an acknowledgement is wanted (HL7 table 0155): always, never, of an error, of a success. */
const CONDITIONS = ['AL', 'NE', 'ER', 'SU'] as const;
type Condition = (typeof CONDITIONS)[number];

/** What MSH says of a message. */
export interface MessageHeader {
  /** Type and event, such as `ORU^R01`. */
  readonly kind: string;
  readonly controlId: string;
  /** MSH-3 and MSH-4, as {@link senderOf} has them. */
  readonly sender: string;
  /** Undefined: original mode, in which one acknowledgement says all. */
  readonly enhanced?: { readonly accept: Condition; readonly application: Condition };
  readonly language: 'en' | 'zh';
}

export interface ReadMessage extends Hl7Message {
  readonly bytes: Uint8Array;
  readonly header: MessageHeader;
}

const KINDS: ReadonlySet<string> = new Set(['ADT^A01', 'ADT^A04', 'ADT^A08', 'ADT^A40', 'ORU^R01', 'MDM^T02']);

/**
 * Reads a message, and what its header says of it.
 * @throws {@link DomainError} `HL7_MESSAGE_INVALID`, `HL7_CHARSET_NOT_TAKEN`
 */
export function readMessage(bytes: Uint8Array, whenUnnamed: Hl7Charset): ReadMessage {
  const message = parseHl7(bytes, whenUnnamed);
  const [msh] = message.segments;
  const controlId = msh.text(10);
  if (controlId === '') throw invalid('field-missing', { segment: 'MSH', field: 10 });
  // longer than any version of HL7 has it
  if (controlId.length > 199 || /[\r\n]/.test(controlId)) throw invalid('field-form', { segment: 'MSH', field: 10 });
  if (msh.text(9) === '') throw invalid('field-missing', { segment: 'MSH', field: 9 });
  const enhanced = enhancedOf(msh.text(15), msh.text(16));
  const header: MessageHeader = {
    kind: `${msh.text(9)}^${msh.text(9, 2)}`,
    controlId,
    sender: senderOf(msh.raw(3), msh.raw(4)),
    language: languageOf(message),
    ...(enhanced === undefined ? {} : { enhanced }),
  };
  return { ...message, bytes, header };
}

/** As much of a message that cannot be read as its answer needs: the header up to the character set, if that is plain. */
export function readHeaderAlone(bytes: Uint8Array): ReadMessage | undefined {
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  // of UTF-8 no byte is a delimiter's that is not one; of other sets one may be, and a control id would be another's
  const header = decodeText('utf-8', bytes.subarray(0, Math.min(end < 0 ? bytes.length : end, 2_048)));
  if (header === undefined) return undefined;
  const separator = header[3] ?? '|';
  try {
    return readMessage(new TextEncoder().encode(header.split(separator).slice(0, 16).join(separator)), 'utf-8');
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

/**
 * What is taken: production messages of six kinds.
 * @throws {@link DomainError} `HL7_MESSAGE_NOT_TAKEN` — with the field
 */
export function assertTaken({ header: { kind }, segments: [msh] }: ReadMessage): void {
  if (!KINDS.has(kind)) throw notTaken(9);
  if (msh.text(11) !== 'P') throw notTaken(11);
  if (!/^2\.[3-9](?:\.[0-9])?$/.test(msh.text(12))) throw notTaken(12);
}

function notTaken(field: number): DomainError {
  return new DomainError('HL7_MESSAGE_NOT_TAKEN', undefined, { segment: 'MSH', field });
}

/** @remarks Source: HL7 v2.9 §2.9.2: enhanced where either field is valued; one that is not means never. */
function enhancedOf(accept: string, application: string): MessageHeader['enhanced'] {
  if (accept === '' && application === '') return undefined;
  const conditionOf = (code: string): Condition => CONDITIONS.find((each) => each === code) ?? (code === '' ? 'NE' : 'AL');
  return { accept: conditionOf(accept), application: conditionOf(application) };
}

/** By MSH-19, else by the character set or country that Chinese messages have; what ASCII cannot say is said in English. */
function languageOf({ charset, segments: [msh] }: Hl7Message): 'en' | 'zh' {
  if (charset === 'ascii') return 'en';
  const said = msh.text(19).toLowerCase();
  if (said !== '') return /^(zh|chi|zho)/.test(said) ? 'zh' : 'en';
  return charset === 'gb18030' || msh.text(17) === 'CHN' ? 'zh' : 'en';
}

/** Who sends, by MSH-3 and MSH-4 as they stand; parted by what stands in neither, whatever the message's delimiters are. */
export function senderOf(application: string, facility: string): string {
  return `${application}\r${facility}`;
}

export function isWanted(condition: Condition, isGood: boolean): boolean {
  return condition === 'AL' || condition === (isGood ? 'SU' : 'ER');
}
