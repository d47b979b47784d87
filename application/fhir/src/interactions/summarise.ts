import { DomainError } from '@lianyi/domain';
import { knownPseudonym } from '../acting/find-patient';
import { openDocuments } from '../acting/open-documents';
import { permittedRecords } from '../acting/permitted-records';
import { type ListedRecord } from '../resources/document-reference';
import { exactJson, exactText } from '../resources/exact-json';
import { patientResourceOf } from '../resources/patient-resource';
import { patientSummaryOf } from '../resources/patient-summary';
import { askerOf } from './asker-of';
import { patientOfPath } from './find-patients';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

const DEFINITION = 'http://hl7.org/fhir/uv/ips/OperationDefinition/summary';
/** The newest that one decision takes. */
const MOST_SOURCES = 16;
const MOST_LISTED = 2_000;

/**
 * A summary of what is opened to who asks: the newest one that somebody has published, to the byte; without one, a new one of the newest documents.
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
  const wanted: readonly ListedRecord[] = published === undefined ? newest.slice(0, MOST_SOURCES) : [published];
  const { documents } =
    wanted.length === 0
      ? { documents: new Map<string, Uint8Array>() }
      : await openDocuments(
          asker,
          pseudonym,
          wanted.map(({ recordId }) => recordId),
        );
  const opened = wanted.flatMap(({ recordId }) => {
    const bytes = documents.get(recordId);
    return bytes === undefined ? [] : [{ recordId, bytes }];
  });
  if (published !== undefined && opened[0] !== undefined) return { bytes: opened[0].bytes };
  const sources = opened.map(({ recordId, bytes }) => ({ recordId, resource: exactJson(Buffer.from(bytes).toString('utf8')) }));
  const summary = patientSummaryOf(sources, { patient: patientResourceOf(known), mspId: call.staff.mspId, now: new Date() });
  return { bytes: Buffer.from(exactText(summary)) };
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
