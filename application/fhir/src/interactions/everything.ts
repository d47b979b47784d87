import { DomainError } from '@lianyi/domain';
import { type JsonObject, textOf } from '@lianyi/documents/json-object';
import { knownPseudonym } from '../acting/find-patient';
import { openDocuments } from '../acting/open-documents';
import { permittedRecords } from '../acting/permitted-records';
import { countOf, type ParameterRules, soleValue } from '../asking/question';
import { urnOf } from '../resources/document-resources';
import { fhirIdOf } from '../resources/fhir-id';
import { documentReferenceOf } from '../resources/document-reference';
import { outcomeOfNotCome } from '../resources/not-come';
import { binaryOf, checkedTextOf, disagreementHeader, type FhirCheck, type OpenedBytes } from '../resources/opened-document';
import { patientResourceOf } from '../resources/patient-resource';
import { askerOf } from './asker-of';
import { patientOfPath } from './find-patients';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

const DEFINITION = 'http://hl7.org/fhir/OperationDefinition/Patient-everything';
/** As many as one decision takes: a page is one transaction. */
const MOST = 16;
const parameters: ParameterRules = { _count: { type: 'number', isOurs: true }, _page: { type: 'special', isOurs: true } };

/** A resource in an answer, as it goes out. */
export interface Part {
  readonly fullUrl: string;
  /** JSON as it goes out; a FHIR document's is its own, after a strict reader has taken it. */
  readonly text: string;
  /** Left out: a match. */
  readonly mode?: 'outcome';
}

/**
 * All of a patient that is opened to who asks, page by page: each page is asked for in one request, whose decisions are committed, and has the documents to the
 * byte as they were published: FHIR as it is, but for an id where it has none, anything else, and what only calls itself FHIR, in base64. What is denied in between is left out, and so is what is only to be viewed for who keeps it;
 * for what was permitted and does not come there is an OperationOutcome, since one hospital that is away must not close the others' records.
 *
 * @remarks Source: https://hl7.org/fhir/R4/patient-operation-everything.html.
 */
async function everything(call: FacadeCall): Promise<FacadeAnswer> {
  const { baseUrl, question, staff } = call;
  const pseudonym = patientOfPath(call);
  const asker = askerOf(call);
  const after = soleValue(question, '_page');
  const part = await permittedRecords(asker, pseudonym, {
    ...{ most: countOf(question, '_count', { most: MOST, otherwise: MOST }), after },
    passes: () => true,
  });
  const { documents, notCome } = await openDocuments(
    asker,
    pseudonym,
    part.items.map(({ recordId }) => recordId),
  );
  const known = after === undefined ? await knownPseudonym(staff, pseudonym) : undefined;
  if (after === undefined && known === undefined) throw new DomainError('NOT_FOUND');
  const opened: Part[] = [];
  for (const record of part.items) {
    const { recordId } = record;
    const document = documents.get(recordId);
    if (document === undefined && !notCome.has(recordId)) continue;
    const fullUrl = urnOf(recordId);
    opened.push(
      partOf(baseUrl, documentReferenceOf(record, baseUrl, document?.disagreement ?? 'none')),
      document === undefined
        ? { fullUrl, text: JSON.stringify(outcomeOfNotCome(recordId, notCome.get(recordId), call.language)), mode: 'outcome' }
        : { fullUrl, text: await resourceTextOf(document, call.checkFhir, recordId) },
    );
  }
  const parts = [...(known === undefined ? [] : [partOf(baseUrl, patientResourceOf(known))]), ...opened];
  const text = searchsetText(`${baseUrl}/Patient/${call.id}/$everything`, parts, { count: soleValue(question, '_count'), next: part.next });
  return { bytes: Buffer.from(text), headers: disagreementHeader(documents) };
}

/** The text of a resource as it is, with an id before all else if it has none: a result of a search has one (R4 bundle.html, searchset). */
async function resourceTextOf(document: OpenedBytes, check: FhirCheck, recordId: string): Promise<string> {
  const fhir = await checkedTextOf(document, check);
  const { text, hasId } = fhir ?? { text: JSON.stringify(binaryOf(document)), hasId: false };
  return hasId ? text : text.replace('{', () => `{"id":"${fhirIdOf(recordId)}",`);
}

function partOf(baseUrl: string, resource: JsonObject): Part {
  return { fullUrl: `${baseUrl}/${textOf(resource['resourceType'])}/${textOf(resource['id'])}`, text: JSON.stringify(resource) };
}

/** A searchset. Written by hand, so that no document is written anew on its way. */
export function searchsetText(
  address: string,
  parts: readonly Part[],
  {
    count,
    next,
    more = {},
  }: { readonly count: string | undefined; readonly next: string | undefined; readonly more?: Record<string, string> },
): string {
  const url = Object.keys(more).length === 0 ? address : `${address}?${new URLSearchParams(more).toString()}`;
  const at = (page: string): string =>
    `${address}?${new URLSearchParams({ ...more, ...(count === undefined ? {} : { _count: count }), _page: page }).toString()}`;
  const link = JSON.stringify([{ relation: 'self', url }, ...(next === undefined ? [] : [{ relation: 'next', url: at(next) }])]);
  const entry = parts.map(
    ({ fullUrl, text, mode = 'match' }) => `{"fullUrl":${JSON.stringify(fullUrl)},"resource":${text},"search":{"mode":"${mode}"}}`,
  );
  return `{"resourceType":"Bundle","type":"searchset","link":${link}${entry.length === 0 ? '' : `,"entry":[${entry.join(',')}]`}}`;
}

export const everythingInteractions: readonly Interaction[] = [
  {
    ...{
      name: '$everything',
      method: 'GET',
      path: '/Patient/:id/$everything',
      type: 'Patient',
      does: { operation: 'everything', definition: DEFINITION },
    },
    ...{ scope: { type: 'Patient', letter: 'r' }, takesPurpose: true, gives: 'json', takesBody: false, parameters, run: everything },
  },
];
