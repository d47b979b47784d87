import { openDocuments } from '../acting/open-documents';
import { permittedRecords } from '../acting/permitted-records';
import { patientNamed, patientParameters } from '../asking/patient-named';
import { countOf, type ParameterRules, soleValue } from '../asking/question';
import { urnOf } from '../resources/document-resources';
import { exactJson } from '../resources/exact-json';
import { fhirIdOf } from '../resources/fhir-id';
import { disagreementHeader, fhirTextOf } from '../resources/opened-document';
import { askerOf } from './asker-of';
import { type Part, searchsetText } from './everything';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

/** As many as one decision takes: a page is one transaction. */
const MOST = 16;
const parameters: ParameterRules = {
  ...patientParameters,
  _count: { type: 'number', isOurs: true },
  _page: { type: 'special', isOurs: true },
};

/**
 * The entries of the index of imaging studies that are opened to who asks, with what they say: which study, of when, made how, of which part of the body, by
 * whom, and where its images are. Of that the ledger has nothing, so each entry is a document that is opened, by a decision that is committed; it filters by
 * nothing of it, since what was filtered out would have been opened too.
 */
async function find(call: FacadeCall): Promise<FacadeAnswer> {
  const { baseUrl, question } = call;
  const pseudonym = patientNamed(question, baseUrl);
  const asker = askerOf(call);
  const { items, next } = await permittedRecords(asker, pseudonym, {
    ...{ most: countOf(question, '_count', { most: MOST, otherwise: MOST }), after: soleValue(question, '_page') },
    passes: (record) => record.class === 'imaging-index',
  });
  const { documents } = await openDocuments(
    asker,
    pseudonym,
    items.map(({ recordId }) => recordId),
  );
  const parts: Part[] = [];
  for (const [recordId, document] of documents) {
    const text = await fhirTextOf(document, call.checkFhir);
    // its custodian says that it is an entry of the index; what is another resource is none
    if (text !== undefined && exactJson(text)['resourceType'] === 'ImagingStudy') parts.push({ fullUrl: urnOf(recordId), text });
  }
  const page = { count: soleValue(question, '_count'), next, more: { patient: fhirIdOf(pseudonym) } };
  return { bytes: Buffer.from(searchsetText(`${baseUrl}/ImagingStudy`, parts, page)), headers: disagreementHeader(documents) };
}

const found: Omit<Interaction, 'method' | 'path'> = {
  ...{ name: 'search', type: 'ImagingStudy', does: { interaction: 'search-type' }, takesPurpose: true, takesBody: false, gives: 'json' },
  ...{ scope: { type: 'ImagingStudy', letter: 's' }, parameters, run: find },
};

export const imagingInteractions: readonly Interaction[] = [
  { ...found, method: 'GET', path: '/ImagingStudy' },
  { ...found, method: 'POST', path: '/ImagingStudy/_search' },
];
