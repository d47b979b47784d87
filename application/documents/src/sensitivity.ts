import { confidentialities, type Confidentiality, type DataCategory, type DataLevel, type Json } from '@lianyi/domain';
import { categoryOf } from './classify';
import { knownSystem } from './code-systems';
import { isObject, itemsOf, type Resource, resourcesWithin } from './json-object';
import { ownLabelsOf, type SecurityLabel } from './security-labels';

/**
 * Labels of information that harms most when it leaks: addiction, mental and sexual health, infections, genetics, violence.
 *
 * @remarks Source: HL7 v3 ActCode, value set InformationSensitivityPolicy.
 */
const sensitiveCodes = new Set(
  'ADOL BH COGN DVD EMOTDIS ETH ETHUD GDIS HIV MH MST OPIOIDUD PREGNANT PSY PSYTHPN REPRO SCA SDV SEX SICKLE SPI STD SUD SUICIDE TBOO VIO'.split(
    ' ',
  ),
);
/** Labels that restrict nothing: test data; how the content was altered (v3 SecurityAlterationIntegrityObservationValue). */
const neutralCodes: Readonly<Partial<Record<string, ReadonlySet<string>>>> = {
  'act-reason': new Set(['HTEST']),
  'observation-value': new Set('ABSTRED AGGRED ANONYED MAPPED MASKED PSEUDED REDACTED SUBSETTED SYNTAC TRSLT VERSIONED'.split(' ')),
};

export type Sensitivity = { confidentiality: Confidentiality; dataLevel: DataLevel };
/** What a label asks for at least. */
type Demand = { readonly confidentiality?: Confidentiality; readonly dataLevel?: DataLevel };

/** What is not understood may mean anything: read by very few, and only by a permission that names the label. */
const NOT_UNDERSTOOD: Demand = { confidentiality: 'R', dataLevel: 5 };

/**
 * Finds how closely a document must be held, from the security labels and the content of everything inside it.
 *
 * The strictest label anywhere inside holds for the whole, as HL7's high-water mark has it; so does the highest level. Without a label a
 * document is `N`, and only a label on the document itself may make it less.
 * @remarks Source: HL7 Healthcare Privacy and Security Classification System, "high water mark"; https://hl7.org/fhir/R4/security-labels.html;
 * ADR 0029.
 */
export function sensitivityOf(resource: Resource): Sensitivity {
  const resources = [...resourcesWithin(resource)];
  const own = ownLabelsOf(resource).map(demandOf);
  const all = resources.flatMap(ownLabelsOf).map(demandOf);
  const base = strictest(own) ?? 'N';
  const within = strictest(all) ?? base;
  const confidentiality = rank(within) > rank(base) ? within : base;
  const levels = [...all.map(({ dataLevel }) => dataLevel ?? 1), ...resources.map(levelOfContent)];
  return { confidentiality, dataLevel: highest(levels) };
}

/** What is found, or what is asked besides where that is more; what is asked of anything is no more than is usual. */
export function atLeast(found: Sensitivity, asked: Sensitivity): Sensitivity {
  return {
    confidentiality:
      asked.confidentiality !== 'N' && rank(asked.confidentiality) > rank(found.confidentiality)
        ? asked.confidentiality
        : found.confidentiality,
    dataLevel: asked.dataLevel === 5 ? 5 : found.dataLevel,
  };
}

/** What a label asks for; one that is not understood asks for {@link NOT_UNDERSTOOD}. */
function demandOf({ system, code }: SecurityLabel): Demand {
  const known = system === '' ? undefined : knownSystem(system);
  if (known === 'confidentiality') return ofConfidentiality(code);
  if (known === 'act-code' && sensitiveCodes.has(code)) return { dataLevel: 5 };
  if (known !== undefined && neutralCodes[known]?.has(code) === true) return {};
  return notUnderstood(code);
}

/** The system may be missing, or the case slipped: what the code looks like counts where that is stricter still. */
function notUnderstood(code: string): Demand {
  return code.trim().toUpperCase() === 'V' ? { ...NOT_UNDERSTOOD, confidentiality: 'V' } : NOT_UNDERSTOOD;
}

function ofConfidentiality(code: string): Demand {
  const confidentiality = confidentialities.find((each) => each === code);
  if (confidentiality === undefined) return notUnderstood(code);
  return { confidentiality, ...(confidentiality === 'V' ? { dataLevel: 5 } : {}) };
}

/** Levels of GB/T 39725-2020 §6.2: 4 names a person and is for those who treat them, 3 is a trace of use, 2 is about the institution. */
function levelOfContent(resource: Resource): DataLevel {
  // an empty Bundle says nothing: who wraps nothing is told to hold it like anything
  if (resource.resourceType === 'Bundle' && itemsOf(resource['entry']).length > 0) return 1;
  if (resource.resourceType === 'AuditEvent' || resource.resourceType === 'Provenance') return 3;
  return isAboutInstitution(categoryOf(resource)) && !namesPerson(resource) ? 2 : 4;
}

function isAboutInstitution(category: DataCategory): boolean {
  return category === 'health-resource' || category === 'public-health';
}

/** Elements that tie an institution's resource to somebody: whose device it is, who is in the group, whose appointment. */
const PERSONAL_ELEMENTS = ['patient', 'subject', 'member', 'individual', 'actor'];
const PERSONAL_REFERENCE = /(?:^|\/)(?:Patient|Person|RelatedPerson)\//;

function namesPerson(resource: Resource): boolean {
  return PERSONAL_ELEMENTS.some((element) => resource[element] !== undefined) || refersToPerson(resource);
}

function refersToPerson(value: Json): boolean {
  if (Array.isArray(value)) return itemsOf(value).some(refersToPerson);
  if (!isObject(value)) return false;
  const { reference } = value;
  if (typeof reference === 'string' && PERSONAL_REFERENCE.test(reference)) return true;
  return Object.values(value).some(refersToPerson);
}

function highest(levels: readonly DataLevel[]): DataLevel {
  return levels.reduce((most, level) => (level > most ? level : most), 1);
}

function strictest(demands: readonly Demand[]): Confidentiality | undefined {
  return confidentialities.findLast((each) => demands.some(({ confidentiality }) => confidentiality === each));
}

function rank(confidentiality: Confidentiality): number {
  return confidentialities.indexOf(confidentiality);
}
