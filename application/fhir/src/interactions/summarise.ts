import { type Disagreement } from '@lianyi/client';
import { DomainError, type Pseudonym, type RecordId } from '@lianyi/domain';
import { type JsonObject } from '@lianyi/documents/json-object';
import { knownPseudonym } from '../acting/find-patient';
import { openDocuments } from '../acting/open-documents';
import { permittedRecords } from '../acting/permitted-records';
import { type ListedRecord } from '../resources/document-reference';
import { exactJson, exactText } from '../resources/exact-json';
import { disagreementHeader, fhirTextOf } from '../resources/opened-document';
import { namingNotCome } from '../resources/not-come';
import { patientResourceOf } from '../resources/patient-resource';
import { type OpenedSource, patientSummaryOf } from '../resources/patient-summary';
import { askerOf } from './asker-of';
import { patientOfPath } from './find-patients';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

const DEFINITION = 'http://hl7.org/fhir/uv/ips/OperationDefinition/summary';
/** The newest that one decision takes. */
const MOST_SOURCES = 16;
const MOST_LISTED = 2_000;

type Source = OpenedSource & { readonly text: string; readonly disagreement: Disagreement };

/**
 * A summary of what is opened to who asks: the newest one that somebody has published, to the byte; without one, a new one of the newest documents. What is no
 * FHIR is in no summary, whatever its hospital calls it; and what says of itself where a next page of it would be is nobody's summary.
 *
 * @remarks Source: https://hl7.org/fhir/uv/ips/OperationDefinition-summary.html.
 */
async function summarise(call: FacadeCall): Promise<FacadeAnswer> {
  const pseudonym = patientOfPath(call);
  const asker = askerOf(call);
  const known = await knownPseudonym(call.staff, pseudonym);
  if (known === undefined) throw new DomainError('NOT_FOUND');
  const { items } = await permittedRecords(asker, pseudonym, { most: MOST_LISTED, after: undefined, passes: () => true });
  const newest = items.toSorted((one, other) => other.changedAt.localeCompare(one.changedAt));
  const published = newest.find((record) => record.class === 'patient-summary');
  const [whole] = published === undefined ? [] : (await openedIn(call, pseudonym, [published])).sources;
  if (whole !== undefined && isSummary(whole.resource)) return { bytes: Buffer.from(whole.text), headers: headersOf([whole]) };
  const { sources, notCome } = await openedIn(call, pseudonym, newest.slice(0, MOST_SOURCES));
  const summary = patientSummaryOf(sources, { patient: patientResourceOf(known), mspId: call.staff.mspId, now: new Date() });
  return { bytes: Buffer.from(exactText(namingNotCome(summary, notCome, call.language))), headers: headersOf(sources) };
}

function headersOf(sources: readonly Source[]): Readonly<Record<string, string>> {
  return disagreementHeader(sources.map((source) => [source.recordId, source]));
}

interface Sources {
  readonly sources: readonly Source[];
  readonly notCome: readonly RecordId[];
}

/** The FHIR of what is opened, and what was permitted and did not come; the rest is left out. */
async function openedIn(call: FacadeCall, pseudonym: Pseudonym, records: readonly ListedRecord[]): Promise<Sources> {
  const ids = records.map(({ recordId }) => recordId);
  const { documents, notCome } = await openDocuments(askerOf(call), pseudonym, ids);
  const sources: Source[] = [];
  for (const [recordId, document] of documents) {
    const text = await fhirTextOf(document, call.checkFhir);
    if (text !== undefined) sources.push({ recordId, text, resource: exactJson(text), disagreement: document.disagreement });
  }
  return { sources, notCome: [...notCome.keys()] };
}

function isSummary({ resourceType, type, link, entry }: JsonObject): boolean {
  return resourceType === 'Bundle' && type === 'document' && link === undefined && entry !== undefined;
}

export const summaryInteractions: readonly Interaction[] = [
  {
    ...{
      name: '$summary',
      method: 'GET',
      path: '/Patient/:id/$summary',
      type: 'Patient',
      does: { operation: 'summary', definition: DEFINITION },
    },
    ...{ scope: { type: 'Patient', letter: 'r' }, takesPurpose: true, gives: 'json', takesBody: false, parameters: {}, run: summarise },
  },
];
