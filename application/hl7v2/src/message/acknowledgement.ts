import { encodeText, type Hl7Charset } from '@lianyi/documents/hl7-v2';
import { type Bilingual, type ErrorCode, type ErrorDetails, errors } from '@lianyi/domain';
import { type ReadMessage } from './header';

/** MSA-1 of HL7 table 0008: accept, error, reject, of the application or of the commit. */
export type AcknowledgementCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

/** Why a message was refused, or waits. */
export interface Obstacle {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

/** HL7 table 0357; what has none of its own is an internal error there. */
const conditions: Readonly<Partial<Record<ErrorCode, readonly [code: number, text: string]>>> = {
  HL7_MESSAGE_INVALID: [102, 'Data type error'],
  HL7_CHARSET_NOT_TAKEN: [103, 'Table value not found'],
  HL7_MESSAGE_NOT_TAKEN: [200, 'Unsupported message type'],
  PATIENT_NOT_LINKED: [204, 'Unknown key identifier'],
  HL7_CONTROL_ID_REUSED: [205, 'Duplicate key identifier'],
};
const INTERNAL = [207, 'Application internal error'] as const;
const ofField: Readonly<Record<string, readonly [number, string]>> = {
  '9': [200, 'Unsupported message type'],
  '11': [202, 'Unsupported processing id'],
  '12': [203, 'Unsupported version id'],
};
/** What another version of the same message, or another sender, would mend: a rejection. The rest is an error in it. */
const REJECTIONS: ReadonlySet<ErrorCode> = new Set([
  ...(['HL7_MESSAGE_NOT_TAKEN', 'HL7_SENDER_UNKNOWN', 'HL7_FRAME_INVALID', 'NODE_BUSY', 'STORAGE_FULL'] as const),
]);

/** How a refusal is said: of the commit, or of the application. */
export function negativeCode(code: ErrorCode, of: 'commit' | 'application'): AcknowledgementCode {
  const letter = REJECTIONS.has(code) ? 'R' : 'E';
  return of === 'commit' ? `C${letter}` : `A${letter}`;
}

/** What is answered to: the message, or as much of it as could be read. */
export type Answered = Pick<ReadMessage, 'charset' | 'delimiters' | 'segments' | 'header'>;

/** What an acknowledgement is made of besides the message that it answers. */
export interface Said {
  readonly code: AcknowledgementCode;
  readonly obstacle?: Obstacle | undefined;
  /** Of a message that could not be read; undefined: the answered message's own. */
  readonly controlId: string;
  readonly at: Date;
}

/** The bytes of an acknowledgement, in the character set and language of the message; of one that could not be read, ASCII and English. */
export function acknowledge(answered: Answered | undefined, said: Said): Uint8Array {
  const charset: Hl7Charset = answered?.charset ?? 'ascii';
  const segments = [headerOf(answered, said), acceptanceOf(answered, said), ...errorOf(answered, said)];
  return encodeText(charset, segments.map((segment) => `${segment}\r`).join(''));
}

function headerOf(answered: Answered | undefined, { controlId, at }: Said): string {
  const time = `${at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}+0000`;
  if (answered === undefined) return `MSH|^~\\&|||||${time}||ACK|${controlId}|P|2.5`;
  const [msh] = answered.segments;
  const { field, component } = answered.delimiters;
  const event = msh.text(9, 2);
  const kind = event === '' ? 'ACK' : ['ACK', escaped(event, answered), 'ACK'].join(component);
  const ids = [msh.raw(5), msh.raw(6), msh.raw(3), msh.raw(4), time, '', kind, controlId, msh.raw(11), msh.raw(12)];
  // an acknowledgement is not acknowledged
  const modes = answered.header.enhanced === undefined ? ['', ''] : ['NE', 'NE'];
  return [`MSH${field}${msh.raw(2)}`, ...ids, '', '', ...modes, '', msh.raw(18)].join(field);
}

function acceptanceOf(answered: Answered | undefined, { code }: Said): string {
  if (answered === undefined) return `MSA|${code}|`;
  return ['MSA', code, answered.segments[0].raw(10)].join(answered.delimiters.field);
}

/** @remarks Source: HL7 v2.9 §2.14.5: ERR-2 place, ERR-3 condition, ERR-4 severity, ERR-5 own code, ERR-8 for people. */
function errorOf(answered: Answered | undefined, { code, obstacle }: Said): readonly string[] {
  if (obstacle === undefined) return [];
  const { field, component } = answered?.delimiters ?? { field: '|', component: '^' };
  const { meaning, remedy }: { readonly meaning: Bilingual; readonly remedy: Bilingual } = errors[obstacle.code];
  const language = answered?.header.language ?? 'en';
  const text = (value: string): string => escaped(value, answered);
  const [condition, name] = conditionOf(obstacle);
  const condition0357 = [String(condition), name, 'HL70357'].join(component);
  const severity = code === 'AA' || code === 'CA' ? 'I' : 'E';
  const own = [obstacle.code, text(obstacleOf(obstacle)), 'LIANYI'].join(component);
  const place = placeOf(obstacle, component);
  return [['ERR', '', place, condition0357, severity, own, '', '', text(`${meaning[language]} ${remedy[language]}`)].join(field)];
}

function conditionOf({ code, details }: Obstacle): readonly [number, string] {
  const { field, obstacle } = details;
  if (code === 'HL7_MESSAGE_NOT_TAKEN') return ofField[String(field)] ?? INTERNAL;
  if (obstacle === 'field-missing') return [101, 'Required field missing'];
  if (obstacle === 'segment-missing') return [100, 'Segment sequence error'];
  return conditions[code] ?? INTERNAL;
}

function obstacleOf({ details: { obstacle, looksLike } }: Obstacle): string {
  return [obstacle, looksLike].filter((word) => typeof word === 'string').join(': ');
}

/** Segment, its place among its like, and field. */
function placeOf({ details: { segment, field } }: Obstacle, component: string): string {
  if (typeof segment !== 'string') return '';
  return [segment, '1', ...(typeof field === 'number' ? [String(field)] : [])].join(component);
}

/** Writes a text so that none of its characters cuts the message. */
function escaped(value: string, answered: Answered | undefined): string {
  const delimiters = answered?.delimiters ?? { field: '|', component: '^', repetition: '~', escape: '\\', subcomponent: '&' };
  const { field, component, repetition, escape, subcomponent } = delimiters;
  const letters = new Map([
    ...([[field, 'F'] as const, [component, 'S'], [repetition, 'R'], [escape, 'E'], [subcomponent, 'T']] as const),
    ...([
      ['\r', '.br'],
      ['\n', '.br'],
    ] as const),
  ]);
  return Array.from(value, (character) => (letters.has(character) ? `${escape}${letters.get(character) ?? ''}${escape}` : character)).join(
    '',
  );
}
