import { type Confidentiality, type DataLevel } from '@lianyi/domain';
import { type Hl7Message, type Hl7Segment } from './message';

/** How closely a document asks to be held by what stands in it. */
export type AskedCloseness = { readonly confidentiality: Confidentiality; readonly dataLevel: DataLevel };
export const USUAL_CLOSENESS: AskedCloseness = { confidentiality: 'N', dataLevel: 4 };
/** A mark that is not understood may mean anything (ADR 0029). */
export const MARK_NOT_UNDERSTOOD: AskedCloseness = { confidentiality: 'R', dataLevel: 5 };
const RESTRICTED: AskedCloseness = { confidentiality: 'R', dataLevel: 4 };
const VERY_RESTRICTED: AskedCloseness = { confidentiality: 'V', dataLevel: 5 };

const STRICTEST_FIRST: readonly Confidentiality[] = ['V', 'R', 'N'];

/** The strictest of all that is asked; without any, what is usual, and never less. */
export function strictestOf(marks: readonly AskedCloseness[]): AskedCloseness {
  return {
    confidentiality: STRICTEST_FIRST.find((each) => marks.some(({ confidentiality }) => confidentiality === each)) ?? 'N',
    dataLevel: marks.some(({ dataLevel }) => dataLevel === 5) ? 5 : 4,
  };
}

type Table = Readonly<Record<string, AskedCloseness>>;
const held: Table = { R: RESTRICTED, V: VERY_RESTRICTED };
/** Document confidentiality: `U` is usual control. */
const table0272: Table = { ...held, U: USUAL_CLOSENESS };
/** Of an order. What it is about (HIV, psychiatry, …) asks for more than who it is about; those codes are R/5 like any that is not known. */
const table0177: Table = { ...table0272, EMP: RESTRICTED, VIP: RESTRICTED };
/** v3-Confidentiality: `L` and `M` are less than normal, which a mark does not make of a document. */
const confidentialityCodes: Table = { ...table0272, N: USUAL_CLOSENESS, L: USUAL_CLOSENESS, M: USUAL_CLOSENESS };
/** Whether the patient's information is protected. */
const yesOrNo: Table = { Y: RESTRICTED, N: USUAL_CLOSENESS };
const table0717: Table = { NO: USUAL_CLOSENESS };
/** Words of the sender's own. */
const anything: Table = {};

/** Each field in which a message may say how closely it is held: segment, field, and what its codes mean. */
const places: readonly (readonly [segment: string, field: number, codes: Table])[] = [
  ['TXA', 18, table0272],
  ['ORC', 28, table0177],
  ['PD1', 12, yesOrNo],
  ['PV2', 22, yesOrNo],
  ['DG1', 18, yesOrNo],
  ['ARV', 3, table0717],
  ['ARV', 7, confidentialityCodes],
  ['ARV', 8, anything],
  ['OBX', 13, anything],
  ['MSH', 26, confidentialityCodes],
  ['MSH', 27, anything],
  ['MSH', 28, anything],
];

/**
 * How closely a message asks to be held: the strictest of each repetition of each of its marks, in whatever segment of it.
 * @remarks Source: HL7 v2.9 §2.14.9 (MSH-26 to 28), §3.4.4 (PV2-22), §3.4.10 (PD1-12), §3.4.14 (ARV), §4.5.1 (ORC-28), §6.5.2 (DG1-18), §7.4.2 (OBX-13), §9.7.3 (TXA-18); tables 0136, 0177, 0272, 0717.
 */
export function heldAs({ segments }: Pick<Hl7Message, 'segments'>): AskedCloseness {
  return strictestOf(
    segments.flatMap((segment) => places.filter(([name]) => name === segment.name).flatMap((place) => marksAt(segment, place))),
  );
}

function marksAt(segment: Hl7Segment, [, field, codes]: (typeof places)[number]): readonly AskedCloseness[] {
  return segment
    .repetitions(field)
    .filter((repetition) => repetition !== '' && repetition !== '""')
    .map((repetition) => meaningOf(segment.component(repetition, 1).trim(), codes));
}

/** By a table of {@link places}, of another format too; what is not in it is not understood. */
function meaningOf(code: string, codes: Table): AskedCloseness {
  return (Object.hasOwn(codes, code) ? codes[code] : undefined) ?? MARK_NOT_UNDERSTOOD;
}

/** A code of v3-Confidentiality. */
export function meaningOfConfidentiality(code: string): AskedCloseness {
  return meaningOf(code, confidentialityCodes);
}
