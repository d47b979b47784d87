import { type DataCategory, type RecordClass } from '@lianyi/domain';
import { type Coding, codingsOf, isObject, isResource, itemsOf, type Resource } from './json-object';

/** HL7 v2 table 0074, diagnostic service sections. */
const V2_0074 = 'http://terminology.hl7.org/CodeSystem/v2-0074';
const LOINC = 'http://loinc.org';

function codesOf(system: string, recordClass: RecordClass, codes: string): [string, RecordClass][] {
  return codes.split(' ').map((code) => [`${system}|${code}`, recordClass]);
}

/** What a code of a category or a document type says about the coarse class; the ledger learns the class, never the code. */
const classOfCode: ReadonlyMap<string, RecordClass> = new Map([
  ...codesOf(V2_0074, 'laboratory-report', 'BG BLB CG CH CP GE HM IMM LAB MB MCB MYC OSL SP SR TX VR'),
  ...codesOf(V2_0074, 'imaging-report', 'CT CTH CUS NMR NMS OUS RAD RUS RX VUS XRC'),
  // LOINC parts and document types: laboratory, pathology, microbiology; radiology, imaging; summary; prescription; consent
  ...codesOf(LOINC, 'laboratory-report', 'LP29693-6 LP7839-6 LP7819-8 11502-2 26436-6 18725-2 60567-5'),
  ...codesOf(LOINC, 'imaging-report', 'LP29684-5 18748-4 18726-0 68604-8 18782-3 85430-7'),
  ...codesOf(LOINC, 'patient-summary', '60591-5'),
  ...codesOf(LOINC, 'prescription', '57833-6 57829-4'),
  ...codesOf(LOINC, 'consent-document', '59284-0'),
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

/** Resources that are a document by themselves; in a Bundle they decide, the others support them. */
const leadingTypes = new Set(['Composition', 'DiagnosticReport', 'DocumentReference', 'ImagingStudy', 'MedicationRequest', 'Consent']);

export type Classification = { recordClass: RecordClass; category: DataCategory };

/** Finds the coarse class and category of a checked resource. */
export function classify(resource: Resource): Classification {
  if (resource.resourceType === 'Bundle') return classifyBundle(resource);
  const known = classOfType.get(resource.resourceType) ?? { recordClass: 'other', category: 'medical-application' };
  if (known.recordClass !== 'clinical-document') return known;
  const recordClass = classByCode(resource) ?? known.recordClass;
  return { recordClass, category: recordClass === 'patient-summary' ? 'health-status' : known.category };
}

function classByCode(resource: Resource): RecordClass | undefined {
  const codings: Coding[] = [...codingsOf(resource['type']), ...codingsOf(resource['category']), ...codingsOf(resource['code'])];
  for (const { system, code } of codings) {
    const recordClass = classOfCode.get(`${system}|${code}`);
    if (recordClass !== undefined) return recordClass;
  }
  if (resource.resourceType !== 'DiagnosticReport') return undefined;
  if (resource['imagingStudy'] !== undefined) return 'imaging-report';
  return resource['specimen'] === undefined ? undefined : 'laboratory-report';
}

/** A document Bundle is what its Composition is; another is what all its leading resources are, or a history when they differ. */
function classifyBundle(bundle: Resource): Classification {
  const resources = itemsOf(bundle['entry'])
    .filter(isObject)
    .map((entry) => entry['resource'])
    .filter(isResource);
  const [first] = resources;
  if (first === undefined) return { recordClass: 'other', category: 'medical-application' };
  if (bundle['type'] === 'document') return classify(first);
  const leaders = resources.filter((resource) => leadingTypes.has(resource.resourceType));
  const classes = (leaders.length > 0 ? leaders : resources).map(classify);
  const [candidate = classify(first)] = classes;
  const isOneThing = classes.every(({ recordClass }) => recordClass === candidate.recordClass);
  return isOneThing ? candidate : { recordClass: 'history', category: 'medical-application' };
}
