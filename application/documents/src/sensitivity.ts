import { confidentialities, type Confidentiality, type DataCategory, type DataLevel, type RecordClass } from '@lianyi/domain';
import { type Coding, codingsOf, type Resource, resourcesWithin } from './json-object';

const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

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

export type Sensitivity = { confidentiality: Confidentiality; dataLevel: DataLevel };

/**
 * Finds how closely a document must be held, from its security labels and its class.
 *
 * The strictest label anywhere inside holds for the whole, as HL7's high-water mark has it; without a label a document is
 * `N`, and only a label on the document itself may make it less.
 * @remarks Source: HL7 Healthcare Privacy and Security Classification System, "high water mark"; https://hl7.org/fhir/R4/security-labels.html.
 */
export function sensitivityOf(resource: Resource, recordClass: RecordClass, category: DataCategory): Sensitivity {
  const labels = [...resourcesWithin(resource)].flatMap(labelsOf);
  const own = strictest(labelsOf(resource)) ?? 'N';
  const within = strictest(labels) ?? own;
  const confidentiality = rank(within) > rank(own) ? within : own;
  return { confidentiality, dataLevel: levelOf(labels, confidentiality, recordClass, category) };
}

/** Levels of GB/T 39725-2020 §6.2: 5 may reach very few, 4 names a person and is for those who treat them, 2 is about the institution. */
function levelOf(labels: readonly Coding[], confidentiality: Confidentiality, recordClass: RecordClass, category: DataCategory): DataLevel {
  const isSensitive = labels.some(({ system, code }) => system === ACT_CODE && sensitiveCodes.has(code));
  if (isSensitive || confidentiality === 'V') return 5;
  if (recordClass === 'audit-document') return 3;
  return category === 'health-resource' || category === 'public-health' ? 2 : 4;
}

/** The labels a resource carries for itself; those in a Consent's provision are criteria, not labels. */
function labelsOf(resource: Resource): Coding[] {
  const { meta } = resource;
  const security = typeof meta === 'object' && meta !== null && 'security' in meta ? codingsOf(meta['security']) : [];
  // DocumentReference labels what it points at; a Composition's confidentiality is a bare code
  const bare = typeof resource['confidentiality'] === 'string' ? [{ system: CONFIDENTIALITY, code: resource['confidentiality'] }] : [];
  return [...security, ...codingsOf(resource['securityLabel']), ...bare];
}

function strictest(labels: readonly Coding[]): Confidentiality | undefined {
  const present = labels.filter(({ system }) => system === CONFIDENTIALITY).map(({ code }) => code);
  return confidentialities.findLast((confidentiality) => present.includes(confidentiality));
}

function rank(confidentiality: Confidentiality): number {
  return confidentialities.indexOf(confidentiality);
}
