import { type Hl7Segment, invalid } from '@lianyi/documents/hl7-v2';
import { type Identifier, spellIdentifier } from '@lianyi/domain';

/** Which of a message's identifiers is which number here. */
export interface NumberRule {
  /** CX.4.1; undefined: whoever gave it. */
  readonly authority?: string | undefined;
  /** CX.5, of HL7 table 0203. */
  readonly type: string;
  /** As `lianyi identifier link` names it. */
  readonly system: string;
}

/**
 * The numbers of a field of data type CX that the hospital links, in the order in which they stand.
 * @throws {@link DomainError} `HL7_MESSAGE_INVALID` — there is none; `IDENTIFIER_INVALID`
 */
export function numbersIn(segment: Hl7Segment, field: number, rules: readonly NumberRule[]): readonly Identifier[] {
  const found = segment.repetitions(field).flatMap((repetition) => {
    const [value, authority, type] = [1, 4, 5].map((component) => segment.component(repetition, component));
    const rule = rules.find((each) => each.type === type && (each.authority === undefined || each.authority === authority));
    return rule === undefined || value === undefined || value === '' ? [] : [spellIdentifier({ system: rule.system, value })];
  });
  if (found.length === 0) throw invalid('no-known-number', { segment: segment.name, field });
  return found;
}
