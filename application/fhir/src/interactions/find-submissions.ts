import { OWN } from '@lianyi/documents/consent';
import { type JsonObject } from '@lianyi/documents/json-object';
import { searchBundle } from '../asking/answer-pages';
import { patientParameters } from '../asking/patient-named';
import { alternativesOf, notTaken, type ParameterRules, tokenOf } from '../asking/question';
import { type ListedRecord } from '../resources/document-reference';
import { fhirIdOf } from '../resources/fhir-id';
import { askedPart, documentParameters } from './find-documents';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

const LIST_TYPES = 'https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes';
const SOURCE_ID = 'https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-sourceId';

const { date, identifier, status, _id, _count, _page } = documentParameters;
const listParameters = { ...patientParameters, code: { type: 'token' }, date, identifier, status, _id, _count, _page } as ParameterRules;

/** A record as the submission that brought it: the ledger keeps each by itself, and no submissions. */
function submissionOf(record: ListedRecord): JsonObject {
  const id = fhirIdOf(record.recordId);
  return {
    resourceType: 'List',
    id,
    meta: { versionId: String(record.version), lastUpdated: record.changedAt },
    extension: [{ url: SOURCE_ID, valueIdentifier: { system: OWN.msp, value: record.authorMspId } }],
    identifier: [{ system: OWN.record, value: record.recordId }],
    status: 'current',
    mode: 'working',
    code: { coding: [{ system: LIST_TYPES, code: 'submissionset' }] },
    subject: { reference: `Patient/${fhirIdOf(record.pseudonym)}` },
    date: record.anchoredAt,
    entry: [{ item: { reference: `DocumentReference/${id}` } }],
  };
}

async function find(call: FacadeCall): Promise<FacadeAnswer> {
  const codes = alternativesOf(call.question, 'code')?.map((text) => tokenOf('code', text));
  if (codes?.some(({ code, system }) => code === 'folder' || (system !== undefined && system !== LIST_TYPES)) === true)
    throw notTaken('code', 'submission sets only');
  const isWanted = codes === undefined || codes.some(({ code }) => code === 'submissionset');
  const { items, next } = isWanted ? await askedPart(call) : { items: [], next: undefined };
  return { resource: searchBundle(call.baseUrl, 'List', call.question, { resources: items.map(submissionOf), next }) };
}

const found: Omit<Interaction, 'method' | 'path'> = {
  ...{ name: 'ITI-66', type: 'List', does: { interaction: 'search-type' }, takesPurpose: true, takesBody: false },
  ...{ scope: { type: 'List', letter: 's' }, parameters: listParameters, run: find },
};

export const submissionInteractions: readonly Interaction[] = [
  { ...found, method: 'GET', path: '/List' },
  { ...found, method: 'POST', path: '/List/_search' },
];
