import { type RecordClass } from '@lianyi/domain';
import { mayHold } from '@lianyi/domain/deciding';
import { classify } from './classify';
import { resourceTypes } from './fhir-r4';

/** A prohibition by class is read by what a class may hold, so the ledger's table must say at least what the classifier lets in. */

/** Who, where, what for and with what: of every document, and no content by itself. */
const CONTEXT = new Set(
  `Patient Person RelatedPerson Practitioner PractitionerRole Organization OrganizationAffiliation Location HealthcareService Endpoint Device
  Provenance Encounter EpisodeOfCare ServiceRequest Medication Substance BodyStructure Specimen`.split(/\s+/),
);
const LOINC = 'http://loinc.org';
const coded = (code: string, system = LOINC): object => ({ coding: [{ system, code }] });
const section = 'http://terminology.hl7.org/CodeSystem/v2-0074';

type Fields = { readonly resourceType: string };
const documentOf =
  (type: object) =>
  (inner: Fields): Fields => {
    const entry = [{ resource: { resourceType: 'Composition', type } }, { resource: inner }];
    return { resourceType: 'Bundle', ...{ type: 'document', entry } };
  };
const around =
  (outer: Fields) =>
  (inner: Fields): Fields => ({ ...outer, ...{ contained: [inner] } });

/** Documents that have something inside, by the class they have if it fits. */
const holders: readonly (readonly [RecordClass, (inner: Fields) => Fields])[] = [
  ['laboratory-report', documentOf(coded('11502-2'))],
  ['imaging-report', documentOf(coded('18748-4'))],
  ['patient-summary', documentOf(coded('60591-5'))],
  ['prescription', documentOf(coded('57833-6'))],
  ['consent-document', documentOf(coded('59284-0'))],
  ['clinical-document', documentOf({ text: 'discharge letter' })],
  ['observation', around({ resourceType: 'Observation' })],
  ['prescription', around({ resourceType: 'MedicationRequest' })],
  ['clinical-document', around({ resourceType: 'DiagnosticReport' })],
  ['administrative', around({ resourceType: 'Claim' })],
  ['audit-document', around({ resourceType: 'AuditEvent' })],
];
/** Every resource type, and reports whose code says which kind they are. */
const parts: readonly Fields[] = [
  ...[...resourceTypes].map((resourceType) => ({ resourceType })),
  ...['LAB', 'RAD'].map((code) => ({ resourceType: 'DiagnosticReport', category: [coded(code, section)] })),
  ...['57833-6', '59284-0', '60591-5'].map((code) => ({ resourceType: 'DocumentReference', type: coded(code) })),
];

describe('what the classifier lets into a document of a class', () => {
  it.each(holders)('is what the ledger says that one may hold: %s', (recordClass, holding) => {
    const within = parts.filter((part) => !CONTEXT.has(part.resourceType) && classify(holding(part)).recordClass === recordClass);
    expect(within).not.toEqual([]);
    const unsaid = within.filter((part) => !mayHold(recordClass, classify(part).recordClass));
    expect(unsaid).toEqual([]);
  });
});
