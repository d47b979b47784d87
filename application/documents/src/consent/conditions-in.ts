import {
  closedPurposes,
  confidentialities,
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
import { type Coding, codingsOf, isObject, itemsOf } from '../json-object';
import { inexpressible, OWN } from './own-systems';
import { type Effect } from './time-of-consent';

/** What was said more narrowly of a permission, or more widely of a prohibition, than the Consent has it. Never the other way round. */
export type ConsentRemark =
  | 'purposes-left-out'
  | 'every-purpose-forbidden'
  | 'level-5-forbidden'
  | 'stricter-labels-forbidden'
  | 'every-class-forbidden'
  | 'every-code-forbidden'
  | 'references-left-out'
  | 'exception-left-out';
/** Takes the remarks of one reading. */
export type Remarks = (remark: ConsentRemark) => void;

/** The purposes of a provision; left out means any. @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` */
export function purposesIn(value: Json | undefined, effect: Effect, { path, remark }: ReadingPlace): 'any' | ConsentPurpose[] {
  if (value === undefined) return 'any';
  const codes = codesOf(value).map((coding) => coding && purposeOf(coding));
  const known = [...new Set(codes.filter((code) => code !== undefined && code !== 'closed'))];
  if (known.length === codes.length && known.length > 0) return known;
  if (effect === 'deny') {
    if (codes.every((code) => code !== undefined) && known.length > 0) return known;
    remark('every-purpose-forbidden');
    return 'any';
  }
  if (codes.includes('closed')) throw inexpressible('purpose-never-opens', path);
  if (known.length === 0) throw inexpressible('purpose', path);
  remark('purposes-left-out');
  return known;
}

export type ReadingPlace = {
  readonly path: string;
  readonly remark: Remarks;
  /** Whether the Consent is one of ours, whose words mean what ours do. */
  readonly isOwn: boolean;
};

/** The code of each item of a list of Codings, so that none counts for another: undefined for one that has none, or that is no Coding. */
function codesOf(value: Json): readonly (Coding | undefined)[] {
  return itemsOf(value).map((item) => (isObject(item) && item['coding'] === undefined ? codingsOf(item)[0] : undefined));
}

function purposeOf({ system, code }: Coding): ConsentPurpose | 'closed' | undefined {
  if (closedPurposes.some((closed) => closed === code)) return 'closed';
  return knownSystem(system) === 'act-reason' ? consentPurposeSchema.safeParse(code).data : undefined;
}

/** One way to meet the labels of a provision: by label, or, for a prohibition, by the level that every sensitive record has. */
export type LabelScope = { readonly confidentiality?: Confidentiality[]; readonly minDataLevel?: DataLevel };

/** The labels of a provision, as alternatives. @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` */
export function labelsIn(value: Json | undefined, effect: Effect, place: ReadingPlace): readonly LabelScope[] {
  if (value === undefined) return [{}];
  const codes = codesOf(value);
  const labels = codes.map((coding) =>
    coding !== undefined && knownSystem(coding.system) === 'confidentiality'
      ? confidentialitySchema.safeParse(coding.code).data
      : undefined,
  );
  const known = [...new Set(labels.filter((label) => label !== undefined))];
  const byLabel: readonly LabelScope[] =
    known.length === 0 ? [] : [{ confidentiality: effect === 'permit' ? known : orStricter(known, place) }];
  if (known.length > 0 && labels.every((label) => label !== undefined)) return byLabel;
  const systems = codes.map((coding) => coding && knownSystem(coding.system));
  if (effect === 'permit') throw inexpressible(systems.includes('act-code') ? 'sensitivity' : 'label', place.path);
  // of these some raise no level, so that records that bear them are of any
  if (systems.some((system) => system === 'act-reason' || system === 'observation-value')) throw inexpressible('label', place.path);
  place.remark('level-5-forbidden');
  return [...byLabel, { minDataLevel: 5 }];
}

/** In a prohibition of others a label of Confidentiality is a high-water mark: who forbids what is normal forbids what is restricted. */
function orStricter(known: readonly Confidentiality[], { isOwn, remark }: ReadingPlace): Confidentiality[] {
  if (isOwn) return [...known];
  const meant = confidentialities.slice(Math.min(...known.map((label) => confidentialities.indexOf(label))));
  if (meant.length > known.length) remark('stricter-labels-forbidden');
  return [...meant];
}

/** The classes of a provision; undefined means every class. @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` */
export function classesIn(value: Json | undefined, effect: Effect, { path, remark }: ReadingPlace): RecordClass[] | undefined {
  if (value === undefined) return undefined;
  const classes = codesOf(value).map((coding) =>
    coding?.system === OWN.recordClass ? recordClassSchema.safeParse(coding.code).data : undefined,
  );
  const known = [...new Set(classes.filter((each) => each !== undefined))];
  if (known.length > 0 && classes.every((each) => each !== undefined)) return known;
  if (effect === 'permit') throw inexpressible('class', path);
  remark('every-class-forbidden');
  return undefined;
}

const READING: ReadonlySet<string> = new Set(['access', 'use', 'disclose']);

/** Whatever a concept is called besides, it has to be reading by each of its codes. */
function isReading(action: Json): boolean {
  const codes = codingsOf(action);
  return codes.length > 0 && codes.every(({ code }) => READING.has(code));
}

/** A permission here is one to read: one that names nothing of that, or codes of contents, cannot be given. */
export function assertReading(action: Json | undefined, code: Json | undefined, effect: Effect, { path, remark }: ReadingPlace): void {
  if (effect === 'permit' && action !== undefined && !itemsOf(action).some(isReading)) throw inexpressible('action', `${path}.action`);
  if (code === undefined) return;
  if (effect === 'permit') throw inexpressible('code', `${path}.code`);
  remark('every-code-forbidden');
}
