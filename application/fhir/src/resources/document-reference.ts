import { type Disagreement } from '@lianyi/client';
import { type Output, type transactions } from '@lianyi/domain';
import { OWN } from '@lianyi/documents/consent';
import { type JsonObject } from '@lianyi/documents/json-object';
import { fhirIdOf } from './fhir-id';
import { mediaTypeOf } from './opened-document';

/** What the ledger says of a record that may be asked for. */
export type ListedRecord = Output<typeof transactions.ListPermitted>['items'][number];

/** That the patient disagrees with what the document says (`stated`), or may (`unreadable`). No modifier: the document is what it was. */
const DISAGREEMENT_EXTENSION = 'urn:lianyi:patient-disagreement';

/** What a masterIdentifier of MHD says that it is. */
const UNIQUE_ID = { system: 'https://profiles.ihe.net/ITI/MHD/CodeSystem/IHE.MHD.MHDIdentifierType', code: 'uniqueId' };
export const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';

/**
 * A record as MHD has it: what the ledger says of it, and where its document is. Nothing of it is clinical, and nothing of it is of this reading, so that
 * the same record is the same bytes.
 *
 * @remarks Source: IHE ITI MHD 4.2 §3.67; the ledger's words are coarse (docs/what-members-learn.md).
 */
export function documentReferenceOf(record: ListedRecord, baseUrl: string, disagreement: Disagreement): JsonObject {
  const { recordId, pseudonym, version, careMonths, encounter } = record;
  const context = {
    ...(encounter === undefined ? {} : { encounter: [{ identifier: { system: OWN.encounter, value: encounter } }] }),
    ...(careMonths === undefined ? {} : { period: { start: careMonths.first, end: careMonths.last } }),
  };
  return {
    resourceType: 'DocumentReference',
    ...(disagreement === 'none' ? {} : { extension: [{ url: DISAGREEMENT_EXTENSION, valueCode: disagreement }] }),
    id: fhirIdOf(recordId),
    meta: { versionId: String(version), lastUpdated: record.changedAt },
    masterIdentifier: { type: { coding: [UNIQUE_ID] }, system: OWN.record, value: recordId },
    status: 'current',
    type: { coding: [{ system: OWN.recordClass, code: record.class }] },
    category: [{ coding: [{ system: OWN.recordClass, code: record.class }] }],
    subject: { reference: `Patient/${fhirIdOf(pseudonym)}`, identifier: { system: OWN.pseudonym, value: pseudonym } },
    date: record.anchoredAt,
    author: [authorOf(record)],
    custodian: { identifier: { system: OWN.msp, value: record.custodianMspId } },
    securityLabel: [{ coding: [{ system: CONFIDENTIALITY, code: record.confidentiality }] }],
    content: [{ attachment: { contentType: mediaTypeOf(record.format), url: documentUrlOf(record, baseUrl), creation: record.changedAt } }],
    ...(Object.keys(context).length === 0 ? {} : { context }),
  };
}

/** The patient, of what they have contributed themselves: no hospital's word. */
function authorOf({ contributed, pseudonym, authorMspId }: ListedRecord): JsonObject {
  return contributed === undefined
    ? { identifier: { system: OWN.msp, value: authorMspId } }
    : { reference: `Patient/${fhirIdOf(pseudonym)}` };
}

/** Where the document of a record is fetched: the patient is named, for a record's key on the ledger begins with them. */
function documentUrlOf({ recordId, pseudonym }: ListedRecord, baseUrl: string): string {
  return `${baseUrl}/Binary/${fhirIdOf(recordId)}?patient=${fhirIdOf(pseudonym)}`;
}
