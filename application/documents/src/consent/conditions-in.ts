import {
  closedPurposes,
  type Confidentiality,
  confidentialitySchema,
  type ConsentPurpose,
  consentPurposeSchema,
  type DataLevel,
  type Json,
  type RecordClass,
  recordClassSchema,
} from '@lianyi/domain';
import { knownSystem } from '../code-systems';
import { type Coding, codingsOf, itemsOf } from '../json-object';
import { inexpressible, OWN } from './own-systems';
import { type Effect } from './time-of-consent';

/** What was said more narrowly of a permission, or more widely of a prohibition, than the Consent has it. Never the other way round. */
export type ConsentRemark =
  | 'purposes-left-out'
  | 'every-purpose-forbidden'
  | 'level-5-forbidden'
  | 'every-class-forbidden'
  | 'every-code-forbidden'
  | 'references-left-out'
  | 'exception-left-out';
/** Takes the remarks of one reading. */
export type Remarks = (remark: ConsentRemark) => void;

/** The purposes of a provision; left out means any. @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` */
export function purposesIn(value: Json | undefined, effect: Effect, { path, remark }: ReadingPlace): 'any' | ConsentPurpose[] {
  if (value === undefined) return 'any';
  const codes = codingsOf(value).map(purposeOf);
  const known = [...new Set(codes.filter((code) => code !== undefined && code !== 'closed'))];
  if (codes.length === itemsOf(value).length && known.length === codes.length && known.length > 0) return known;
  if (effect === 'deny') {
    const areAllKnown = codes.length === itemsOf(value).length && codes.every((code) => code !== undefined);
    if (areAllKnown && known.length > 0) return known;
    remark('every-purpose-forbidden');
    return 'any';
  }
  if (codes.includes('closed')) throw inexpressible('purpose-never-opens', path);
  if (known.length === 0) throw inexpressible('purpose', path);
  remark('purposes-left-out');
  return known;
}

export type ReadingPlace = { readonly path: string; readonly remark: Remarks };

function purposeOf({ system, code }: Coding): ConsentPurpose | 'closed' | undefined {
  if (closedPurposes.some((closed) => closed === code)) return 'closed';
  return knownSystem(system) === 'act-reason' ? consentPurposeSchema.safeParse(code).data : undefined;
}

/** One way to meet the labels of a provision: by label, or, for a prohibition, by the level that every sensitive record has. */
export type LabelScope = { readonly confidentiality?: Confidentiality[]; readonly minDataLevel?: DataLevel };

/** The labels of a provision, as alternatives. @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` */
export function labelsIn(value: Json | undefined, effect: Effect, { path, remark }: ReadingPlace): readonly LabelScope[] {
  if (value === undefined) return [{}];
  const codes = codingsOf(value);
  const labels = codes.map(({ system, code }) =>
    knownSystem(system) === 'confidentiality' ? confidentialitySchema.safeParse(code).data : undefined,
  );
  const known = [...new Set(labels.filter((label) => label !== undefined))];
  const byLabel: readonly LabelScope[] = known.length === 0 ? [] : [{ confidentiality: known }];
  if (known.length > 0 && labels.every((label) => label !== undefined) && codes.length === itemsOf(value).length) return byLabel;
  const isSensitivity = codes.some(({ system }) => knownSystem(system) === 'act-code');
  if (effect === 'permit') throw inexpressible(isSensitivity ? 'sensitivity' : 'label', path);
  remark('level-5-forbidden');
  return [...byLabel, { minDataLevel: 5 }];
}

/** The classes of a provision; undefined means every class. @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` */
export function classesIn(value: Json | undefined, effect: Effect, { path, remark }: ReadingPlace): RecordClass[] | undefined {
  if (value === undefined) return undefined;
  const classes = codingsOf(value).map(({ system, code }) =>
    system === OWN.recordClass ? recordClassSchema.safeParse(code).data : undefined,
  );
  const known = [...new Set(classes.filter((each) => each !== undefined))];
  if (known.length > 0 && classes.length === itemsOf(value).length && classes.every((each) => each !== undefined)) return known;
  if (effect === 'permit') throw inexpressible('class', path);
  remark('every-class-forbidden');
  return undefined;
}

const READING: ReadonlySet<string> = new Set(['access', 'use', 'disclose']);

/** A permission here is one to read: one that names nothing of that, or codes of contents, cannot be given. */
export function assertReading(action: Json | undefined, code: Json | undefined, effect: Effect, { path, remark }: ReadingPlace): void {
  if (effect === 'permit' && action !== undefined && !codingsOf(action).some((each) => READING.has(each.code)))
    throw inexpressible('action', `${path}.action`);
  if (code === undefined) return;
  if (effect === 'permit') throw inexpressible('code', `${path}.code`);
  remark('every-code-forbidden');
}
