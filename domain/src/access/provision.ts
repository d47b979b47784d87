import { type Provision } from '../consent/entities';
import { isWithin } from '../instant';
import { areAllWithin, haveCommonMonth } from '../instant';
import { type Confidentiality, type DataLevel, type RecordClass } from '../vocabulary';
import { type DenyReason } from '../errors/table';
import { type KnownQuestion } from './question';

/** Level 5 opens only to a permission that names it. */
const MAX_LEVEL_UNSAID: DataLevel = 4;
/** Classes that do not say what is inside. A summary holds medication, results and studies by its definition. */
const CLASSES_OF_ANYTHING: readonly RecordClass[] = ['history', 'other', 'patient-summary'];
/** What a record of the other classes may hold besides its own: what the classifier of documents lets into them. */
const PARTS: Readonly<Partial<Record<RecordClass, readonly RecordClass[]>>> = {
  'laboratory-report': ['observation'],
  'imaging-report': ['observation', 'imaging-index'],
  // what was forbidden of studies before the index had a class of its own stays forbidden
  'imaging-index': ['imaging-report'],
  'clinical-document': ['observation'],
};
/** Restricted and very restricted records open only to a permission that names the label. */
export const LABELS_UNSAID: readonly Confidentiality[] = ['U', 'L', 'M', 'N'];

/** What a permission must name to open a record; nothing of what an ordinary one reaches. */
export type NamedNeeds = { readonly confidentiality?: Confidentiality; readonly maxDataLevel?: DataLevel };

/** What a permission for a record must name, so that those who ask and those who are asked can be told. */
export function needsNamed({ confidentiality, dataLevel }: Pick<KnownQuestion['record'], 'confidentiality' | 'dataLevel'>): NamedNeeds {
  return {
    ...(LABELS_UNSAID.includes(confidentiality) ? {} : { confidentiality }),
    ...(dataLevel <= MAX_LEVEL_UNSAID ? {} : { maxDataLevel: dataLevel }),
  };
}

/** Why a provision is not about the question; empty when it is. */
export function shortfallsOf(provision: Provision, question: KnownQuestion): DenyReason[] {
  return [...untimeliness(provision, question), ...outOfScope(provision, question)];
}

/** Tells whether a provision would be about the question if it were asked at the right time. */
export function coversApartFromTime(provision: Provision, question: KnownQuestion): boolean {
  return outOfScope(provision, question).length === 0;
}

function untimeliness({ validFrom, validUntil }: Provision, { at }: KnownQuestion): DenyReason[] {
  if (at < validFrom) return ['NOT_YET_VALID'];
  return validUntil !== undefined && at >= validUntil ? ['EXPIRED'] : [];
}

function outOfScope(provision: Provision, { purpose, record }: KnownQuestion): DenyReason[] {
  const checks: readonly (readonly [boolean, DenyReason])[] = [
    [provision.purposes === 'any' || provision.purposes.some((each) => each === purpose), 'PURPOSE_NOT_ALLOWED'],
    [coversClass(provision, record.class), 'CLASS_NOT_COVERED'],
    [coversLevel(provision, record.dataLevel), 'LEVEL_NEEDS_APPROVAL'],
    [coversLabel(provision, record.confidentiality), 'LABEL_NOT_COVERED'],
    [coversRecord(provision, record), 'RECORD_NOT_COVERED'],
  ];
  return checks.filter(([covered]) => !covered).map(([, reason]) => reason);
}

/**
 * Tells whether a record of a class may have inside what is of another class by itself. Who, where, what for and with what is not counted:
 * it is in every document.
 */
export function mayHold(recordClass: RecordClass, part: RecordClass): boolean {
  return recordClass === part || CLASSES_OF_ANYTHING.includes(recordClass) || (PARTS[recordClass]?.includes(part) ?? false);
}

/** A permission names the record's class. A prohibition also reaches records that may hold what is forbidden. */
function coversClass({ effect, classes }: Provision, recordClass: RecordClass): boolean {
  if (classes === undefined || classes.includes(recordClass)) return true;
  return effect === 'deny' && classes.some((forbidden) => mayHold(recordClass, forbidden));
}

function coversLevel(provision: Provision, level: DataLevel): boolean {
  if (provision.effect === 'permit') return level <= (provision.maxDataLevel ?? MAX_LEVEL_UNSAID);
  return level >= (provision.minDataLevel ?? 1);
}

function coversLabel(provision: Provision, label: Confidentiality): boolean {
  if (provision.confidentiality !== undefined) return provision.confidentiality.includes(label);
  return provision.effect === 'deny' || LABELS_UNSAID.includes(label);
}

function coversRecord(provision: Provision, record: KnownQuestion['record']): boolean {
  return (
    (provision.authorMspIds?.includes(record.authorMspId) ?? true) &&
    (provision.recordIds?.includes(record.recordId) ?? true) &&
    (provision.recordPeriod === undefined || isWithin(record.anchoredAt, provision.recordPeriod)) &&
    coversTimeOfCare(provision, record) &&
    coversEncounter(provision, record)
  );
}

/** A permission reaches what is all of its months, a prohibition what has any of them; what does not say its time may be of any. */
function coversTimeOfCare({ effect, careMonths }: Provision, record: KnownQuestion['record']): boolean {
  if (careMonths === undefined) return true;
  if (record.careMonths === undefined) return effect === 'deny';
  return effect === 'deny' ? haveCommonMonth(record.careMonths, careMonths) : areAllWithin(record.careMonths, careMonths);
}

/** What does not say of which encounter it is may be of any: a prohibition reaches it, and a permission does not. */
function coversEncounter({ effect, encounters }: Provision, { encounter }: KnownQuestion['record']): boolean {
  if (encounters === undefined) return true;
  return encounter === undefined ? effect === 'deny' : encounters.includes(encounter);
}
