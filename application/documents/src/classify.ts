import { type DataCategory, type RecordClass } from '@lianyi/domain';
import { type KnownSystem, knownSystem } from './code-systems';
import { imagingLacks } from './imaging/imaging-facts';
import { codingsOf, isResource, itemsOf, isObject, type Resource, resourcesWithin } from './json-object';

function codesOf(system: KnownSystem, recordClass: RecordClass, codes: string): [string, RecordClass][] {
  return codes.split(' ').map((code) => [`${system}|${code}`, recordClass]);
}

/** What a code of a category or a document type says about the coarse class; the ledger learns the class, never the code. */
const classOfCode: ReadonlyMap<string, RecordClass> = new Map([
  ...codesOf('service-section', 'laboratory-report', 'BG BLB CG CH CP GE HM IMM LAB MB MCB MYC OSL SP SR TX VR'),
  ...codesOf('service-section', 'imaging-report', 'CT CTH CUS NMR NMS OUS RAD RUS RX VUS XRC'),
  // LOINC parts and document types: laboratory, pathology, microbiology; radiology, imaging; summary; prescription; consent
  ...codesOf('loinc', 'laboratory-report', 'LP29693-6 LP7839-6 LP7819-8 11502-2 26436-6 18725-2 60567-5'),
  ...codesOf('loinc', 'imaging-report', 'LP29684-5 18748-4 18726-0 68604-8 18782-3 85430-7'),
  ...codesOf('loinc', 'patient-summary', '60591-5'),
  ...codesOf('loinc', 'prescription', '57833-6 57829-4'),
  ...codesOf('loinc', 'consent-document', '59284-0'),
  // the parts of WS/T 500-2016: laboratory, examination, summary, prescriptions of Western and Chinese medicine
  ...codesOf('shared-document', 'laboratory-report', 'C0007'),
  ...codesOf('shared-document', 'imaging-report', 'C0006'),
  ...codesOf('shared-document', 'patient-summary', 'C0001'),
  ...codesOf('shared-document', 'prescription', 'C0004 C0005'),
]);

function typesOf(
  recordClass: RecordClass,
  category: DataCategory,
  types: string,
): [string, { recordClass: RecordClass; category: DataCategory }][] {
  return types.split(' ').map((type) => [type, { recordClass, category }]);
}

/** The class and the category of GB/T 39725-2020 §6.1 that a resource type has when nothing in it says more. */
const classOfType: ReadonlyMap<string, { recordClass: RecordClass; category: DataCategory }> = new Map([
  ...typesOf('imaging-report', 'medical-application', 'ImagingStudy Media'),
  ...typesOf('clinical-document', 'medical-application', 'DiagnosticReport Composition DocumentReference DocumentManifest'),
  ...typesOf(
    'clinical-document',
    'medical-application',
    'CarePlan CareTeam ClinicalImpression Communication Flag Goal List NutritionOrder Procedure',
  ),
  ...typesOf('clinical-document', 'medical-application', 'Questionnaire QuestionnaireResponse RequestGroup ServiceRequest Task'),
  ...typesOf(
    'clinical-document',
    'health-status',
    'AdverseEvent AllergyIntolerance Condition DetectedIssue FamilyMemberHistory Immunization RiskAssessment',
  ),
  ...typesOf(
    'prescription',
    'medical-application',
    'MedicationAdministration MedicationDispense MedicationRequest MedicationStatement VisionPrescription',
  ),
  ...typesOf('consent-document', 'medical-application', 'Consent'),
  ...typesOf('audit-document', 'health-resource', 'AuditEvent Provenance'),
  ...typesOf('observation', 'health-status', 'Observation MolecularSequence Specimen'),
  ...typesOf('administrative', 'personal-attribute', 'Patient Person RelatedPerson'),
  ...typesOf('administrative', 'medical-application', 'Appointment Encounter EpisodeOfCare'),
  ...typesOf('administrative', 'medical-payment', 'Account ChargeItem Claim ClaimResponse Coverage ExplanationOfBenefit Invoice'),
  ...typesOf(
    'administrative',
    'health-resource',
    'Device Group HealthcareService Location Medication Organization Practitioner PractitionerRole Schedule Slot',
  ),
  ...typesOf('administrative', 'public-health', 'MeasureReport ResearchStudy'),
]);

/** Who and where: resources that a document of any class may hold, because they say nothing of the patient's health. */
const contextTypes = new Set(
  'Patient Person RelatedPerson Practitioner PractitionerRole Organization OrganizationAffiliation Location HealthcareService Endpoint Device Provenance'.split(
    ' ',
  ),
);

/** What a document of a class may hold besides resources of that class. A class that is not here holds only its like. */
const partsOf: Readonly<Partial<Record<RecordClass, ReadonlySet<string>>>> = {
  'laboratory-report': new Set(['Observation', 'Specimen', 'ServiceRequest', 'Substance', 'MolecularSequence']),
  'imaging-report': new Set(['Observation', 'ServiceRequest', 'BodyStructure', 'ImagingStudy']),
  observation: new Set(['Specimen']),
  prescription: new Set(['Medication', 'Substance']),
  'clinical-document': new Set(['Observation', 'Specimen', 'Encounter', 'EpisodeOfCare', 'Medication', 'Substance', 'BodyStructure']),
  // the International Patient Summary holds medication, results and studies by its definition
  'patient-summary': new Set(
    `AllergyIntolerance CarePlan ClinicalImpression Condition DeviceUseStatement DiagnosticReport Encounter Flag Immunization ImagingStudy
    Media Medication MedicationAdministration MedicationDispense MedicationRequest MedicationStatement Observation Procedure Specimen
    Substance DocumentReference FamilyMemberHistory Goal`.split(/\s+/),
  ),
  administrative: new Set(['Medication']),
};

export type Classification = { recordClass: RecordClass; category: DataCategory };

/** The widest class: it may hold anything, and only a permission that names it, or none at all, opens it. */
const WIDEST: Classification = { recordClass: 'history', category: 'medical-application' };
const NOTHING_INSIDE: Classification = { recordClass: 'other', category: 'medical-application' };

/**
 * Finds the coarse class and category of a checked resource: what all that is inside it fits, else the widest class (ADR 0029).
 *
 * Only a resource, or a document Bundle by its Composition, has a class of its own. Any other Bundle is a collection of whatever somebody
 * put together, and never of a narrow class.
 */
export function classify(resource: Resource): Classification {
  if (resource.resourceType === 'Bundle' && itemsOf(resource['entry']).length === 0) return NOTHING_INSIDE;
  const leader = leaderOf(resource);
  if (leader === undefined) return WIDEST;
  const own = classOfOne(leader);
  const others = [...resourcesWithin(resource)].filter((inner) => inner !== resource && inner !== leader);
  return others.every((inner) => fits(inner, own.recordClass)) ? own : WIDEST;
}

/** The category of what has no resource type to go by. */
export function categoryOfClass(recordClass: RecordClass): DataCategory {
  return categories[recordClass] ?? 'medical-application';
}
const categories: Readonly<Partial<Record<RecordClass, DataCategory>>> = {
  observation: 'health-status',
  'patient-summary': 'health-status',
  'audit-document': 'health-resource',
};

/** The class that a diagnostic service section of HL7 table 0074 names; undefined: none. */
export function classOfSection(code: string): RecordClass | undefined {
  return classOfCode.get(`service-section|${code.trim().toUpperCase()}`);
}

/** The class that a LOINC document type names; undefined: none. */
export function classOfLoinc(code: string): RecordClass | undefined {
  return classOfCode.get(`loinc|${code.trim().toUpperCase()}`);
}

/** The category of a resource by its type. */
export function categoryOf(resource: Resource): DataCategory {
  return classOfOne(resource).category;
}

/** What says which class the whole has: the resource itself, or a document's Composition. */
function leaderOf(resource: Resource): Resource | undefined {
  if (resource.resourceType !== 'Bundle') return resource;
  if (resource['type'] !== 'document') return undefined;
  const first = itemsOf(resource['entry'])[0];
  const composition = isObject(first) ? first['resource'] : undefined;
  return isResource(composition) ? composition : undefined;
}

function fits(inner: Resource, recordClass: RecordClass): boolean {
  const { resourceType } = inner;
  if (contextTypes.has(resourceType) || partsOf[recordClass]?.has(resourceType) === true) return true;
  return resourceType !== 'Bundle' && classOfOne(inner).recordClass === recordClass;
}

/** The class of a resource by itself, whatever is inside it. */
function classOfOne(resource: Resource): Classification {
  const known = classOfType.get(resource.resourceType) ?? NOTHING_INSIDE;
  if (resource.resourceType === 'ImagingStudy' && imagingLacks(resource).length === 0) return { ...known, recordClass: 'imaging-index' };
  if (known.recordClass !== 'clinical-document') return known;
  const recordClass = classByCode(resource) ?? known.recordClass;
  return { recordClass, category: recordClass === 'patient-summary' ? 'health-status' : known.category };
}

function classByCode(resource: Resource): RecordClass | undefined {
  const named = new Set(
    [...codingsOf(resource['type']), ...codingsOf(resource['category']), ...codingsOf(resource['code'])].flatMap(({ system, code }) => {
      const recordClass = classOfCode.get(`${knownSystem(system) ?? ''}|${code.trim().toUpperCase()}`);
      return recordClass === undefined ? [] : [recordClass];
    }),
  );
  if (resource.resourceType === 'DiagnosticReport') {
    if (resource['imagingStudy'] !== undefined) named.add('imaging-report');
    if (resource['specimen'] !== undefined) named.add('laboratory-report');
  }
  // codes that name several kinds name none
  const [only] = named;
  return named.size > 1 ? 'history' : only;
}
