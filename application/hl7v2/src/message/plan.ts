import { classOfLoinc, classOfSection, looksLike } from '@lianyi/documents';
import { heldAs, type Hl7Segment, invalid } from '@lianyi/documents/hl7-v2';
import { type Described } from '@lianyi/documents/media-type';
import { type Identifier, type Months, type RecordClass } from '@lianyi/domain';
import { type ReadMessage } from './header';
import { type NumberRule, numbersIn } from './numbers';
import { careMonthsOfOrders, type ReportOrder, reportOrderOf } from './report-order';

/** What is said of a document beside its labels, for its custodian alone. */
export type Details = {
  readonly title?: string;
  readonly code?: string;
  readonly codeSystem?: string;
  readonly author?: string;
  readonly authoredAt?: string;
};

/** What a message asks for. */
export type MessagePlan =
  | { readonly does: 'nothing' }
  | { readonly does: 'propose-merge'; readonly prior: Identifier; readonly survivor: Identifier }
  | {
      readonly does: 'publish';
      readonly numbers: readonly Identifier[];
      readonly bytes: Uint8Array;
      readonly described: Described;
      readonly details: Details;
      /** In which months the care was; left out where the message does not say it of each order, or the hospital does not tell it. */
      readonly careMonths?: Months;
      /** Of a report that says which: by which it and its corrections are one record. */
      readonly order?: ReportOrder;
    };

/** What of a message is the hospital's own convention. */
export interface Conventions {
  readonly numbers: readonly NumberRule[];
  /** Classes by diagnostic service section (OBR-24) or document type (TXA-2), before those of the house. */
  readonly classes: Readonly<Record<string, RecordClass>>;
  /** Whether the ledger, and so every member, is told in which months the care was. */
  readonly tellsCareMonths: boolean;
}

/**
 * What is to be done for a message; pure, so that it is known before the message is kept, and the same when it is done.
 * @throws {@link DomainError} `HL7_MESSAGE_INVALID` — with segment and field; `IDENTIFIER_INVALID`; `DOCUMENT_OTHER_FORMAT`
 */
export function planOf(message: ReadMessage, conventions: Conventions): MessagePlan {
  const pid = onePatientIn(message);
  const numbers = numbersIn(pid, 3, conventions.numbers);
  switch (message.header.kind) {
    case 'ORU^R01':
      return { does: 'publish', numbers, bytes: message.bytes, ...reportIn(message, conventions) };
    case 'MDM^T02':
      return { does: 'publish', numbers, ...documentIn(message, conventions) };
    case 'ADT^A40':
      return mergeIn(message, numbers, conventions);
    default:
      return { does: 'nothing' };
  }
}

function segmentsNamed({ segments }: ReadMessage, name: string): readonly Hl7Segment[] {
  return segments.filter((segment) => segment.name === name);
}

function onlySegment(message: ReadMessage, name: string): Hl7Segment {
  const [first] = segmentsNamed(message, name);
  if (first === undefined) throw invalid('segment-missing', { segment: name });
  return first;
}

/** A message about two people would be published for one of them. */
function onePatientIn(message: ReadMessage): Hl7Segment {
  if (segmentsNamed(message, 'PID').length > 1) throw invalid('several-patients', { segment: 'PID' });
  return onlySegment(message, 'PID');
}

/** The message itself is the document: what came is what a reader gets. */
function reportIn(
  message: ReadMessage,
  { classes, tellsCareMonths }: Conventions,
): Pick<Extract<MessagePlan, { does: 'publish' }>, 'described' | 'details' | 'careMonths' | 'order'> {
  const orders = segmentsNamed(message, 'OBR');
  const [order] = orders;
  if (order === undefined) throw invalid('segment-missing', { segment: 'OBR' });
  const found = new Set(orders.map((each) => classOfOrder(each, classes)));
  // results of several kinds are of none that a narrower consent could mean (ADR 0029)
  const recordClass = found.size === 1 ? ([...found][0] ?? 'history') : 'history';
  const described = { format: 'hl7-v2', class: recordClass, ...closenessOf(message) } as const;
  const careMonths = tellsCareMonths ? careMonthsOfOrders(orders) : undefined;
  const filled = reportOrderOf(message.header.sender, orders, segmentsNamed(message, 'OBX'));
  return {
    ...{ described, details: detailsOf({ code: order, field: 4, authoredAt: order.text(22) }) },
    ...(careMonths === undefined ? {} : { careMonths }),
    ...(filled === undefined ? {} : { order: filled }),
  };
}

function classOfOrder(order: Hl7Segment, classes: Conventions['classes']): RecordClass {
  const section = order.text(24);
  const byCode = order.text(4, 3) === 'LN' ? classOfLoinc(order.text(4)) : undefined;
  if (section === '') return byCode ?? 'laboratory-report';
  return ownClass(classes, section) ?? classOfSection(section) ?? 'clinical-document';
}

function ownClass(classes: Conventions['classes'], code: string): RecordClass | undefined {
  return Object.hasOwn(classes, code) ? classes[code] : undefined;
}

type Named = { readonly code: Hl7Segment; readonly field: number; readonly authoredAt: string; readonly author?: string };

function detailsOf({ code, field, authoredAt, author = '' }: Named): Details {
  const said = {
    title: code.text(field, 2).slice(0, 256),
    code: code.text(field).slice(0, 64),
    codeSystem: code.text(field, 3).slice(0, 64),
  };
  const all = { ...said, author: author.slice(0, 128), authoredAt: authoredAt.slice(0, 64) };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== ''));
}

function documentIn(
  message: ReadMessage,
  { classes }: Conventions,
): { readonly bytes: Uint8Array; readonly described: Described; readonly details: Details } {
  const txa = onlySegment(message, 'TXA');
  const parts = segmentsNamed(message, 'OBX');
  const [first] = parts;
  if (first === undefined) throw invalid('segment-missing', { segment: 'OBX' });
  const files = parts.filter((part) => part.raw(2) === 'ED');
  if (files.length > 1) throw invalid('several-documents', { segment: 'OBX' });
  const [file] = files;
  const bytes = file === undefined ? textIn(parts) : fileIn(file);
  const named = file ?? first;
  const byCode = named.text(3, 3) === 'LN' ? classOfLoinc(named.text(3)) : undefined;
  const recordClass = ownClass(classes, txa.text(2)) ?? byCode ?? 'clinical-document';
  const described = { format: file === undefined ? 'plain-text' : formatOf(bytes), class: recordClass, ...closenessOf(message) } as const;
  const author = [txa.text(9, 2), txa.text(9, 3)].join('');
  return { bytes, described, details: detailsOf({ code: named, field: 3, authoredAt: txa.text(6), author }) };
}

/** What the message asks for, wherever in it, holds for what is taken out of it. */
function closenessOf(message: ReadMessage): Pick<Described, 'confidentiality' | 'dataLevel'> {
  const { confidentiality, dataLevel } = heldAs(message);
  if (confidentiality === 'V') return { confidentiality };
  return confidentiality === 'R' ? { confidentiality, ...(dataLevel === 5 ? { dataLevel } : {}) } : {};
}

/** By how many characters all escapes of a text may lengthen it. */
const MAY_GROW = 1024 * 1024;

/** Lines of text, in UTF-8 whatever they came in. */
function textIn(parts: readonly Hl7Segment[]): Uint8Array {
  if (parts.some((part) => !['TX', 'FT', 'ST'].includes(part.raw(2)))) throw invalid('field-form', { segment: 'OBX', field: 2 });
  const lines: string[] = [];
  let grown = 0;
  for (const part of parts)
    for (const raw of part.repetitions(5)) {
      const line = part.unescape(raw);
      grown += line.length - raw.length;
      if (grown > MAY_GROW) throw invalid('escapes', { segment: 'OBX', field: 5 });
      lines.push(line);
    }
  if (lines.every((line) => line === '')) throw invalid('field-missing', { segment: 'OBX', field: 5 });
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

function fileIn(part: Hl7Segment): Uint8Array {
  if (part.text(5, 4).toLowerCase() !== 'base64') throw invalid('field-form', { segment: 'OBX', field: 5 });
  const text = part.text(5, 5).replaceAll(/\s/g, '');
  const bytes = Buffer.from(text, 'base64');
  // Node passes over what is no base64: what it would write again is what came
  if (text === '' || bytes.toString('base64').replaceAll('=', '') !== text.replaceAll('=', ''))
    throw invalid('base64', { segment: 'OBX', field: 5 });
  return bytes;
}

/** By what the bytes are, since senders name types as they please. */
function formatOf(bytes: Uint8Array): Described['format'] {
  const looks = looksLike(bytes);
  if (looks === 'pdf' || looks === 'dicom') return looks;
  return looks === 'xml' ? 'cda-r2' : 'plain-text';
}

function mergeIn(message: ReadMessage, [survivor]: readonly Identifier[], { numbers }: Conventions): MessagePlan {
  const [prior] = numbersIn(onlySegment(message, 'MRG'), 1, numbers);
  if (prior === undefined || survivor === undefined) throw invalid('no-known-number', { segment: 'MRG', field: 1 });
  if (prior.system === survivor.system && prior.value === survivor.value) throw invalid('field-form', { segment: 'MRG', field: 1 });
  return { does: 'propose-merge', prior, survivor };
}
