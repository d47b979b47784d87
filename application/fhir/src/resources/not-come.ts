import { type RecordId } from '@lianyi/domain';
import { type Language } from '@lianyi/domain/errors';
import { isObject, itemsOf, type JsonObject } from '@lianyi/documents/json-object';
import { fhirIdOf } from './fhir-id';
import { jsonOfOutcome, outcomeOfFailure } from './outcome-of-failure';

/** What stands in an answer for a document that was permitted and did not come: which, and why, by the one table. */
export function outcomeOfNotCome(recordId: RecordId, error: unknown, language: Language): JsonObject {
  return { resourceType: 'OperationOutcome', id: fhirIdOf(recordId), ...jsonOfOutcome(outcomeOfFailure(error, language).outcome) };
}

const TITLE = { en: 'Documents that did not come', zh: '未能取得的文档' } as const;

/** A summary that names the documents that it would have been made of and was not. */
export function namingNotCome(summary: JsonObject, recordIds: readonly RecordId[], language: Language): JsonObject {
  const [head, ...entries] = itemsOf(summary['entry']);
  if (recordIds.length === 0 || !isObject(head) || !isObject(head['resource'])) return summary;
  const title = TITLE[language];
  const items = recordIds.map((recordId) => `<li>DocumentReference/${fhirIdOf(recordId)}</li>`).join('');
  const section = {
    title,
    code: { coding: [{ system: 'urn:lianyi:summary-section', code: 'not-come' }] },
    text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${title}</p><ul>${items}</ul></div>` },
    emptyReason: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code: 'unavailable' }] },
  };
  const resource = { ...head['resource'], section: [...itemsOf(head['resource']['section']), section] };
  return { ...summary, entry: [{ ...head, resource }, ...entries] };
}
