import { checkDocument } from '@lianyi/documents';
import { classify, displayFitOf, leaderOf, profileOfClass } from '@lianyi/documents/displaying';
import { isResource, type Resource } from '@lianyi/documents/json-object';
import { type Known } from './page-of';

/** A document that can be shown, and what its own content says of how. */
export type ShownDocument = { readonly resource: Resource } & Pick<Known, 'recordClass' | 'displayProfile'>;

/**
 * Checks the bytes of a FHIR document and reads them, so that each number stays as it was written: `5.0` is not `5`.
 * @throws {@link DomainError} the refusals of `checkDocument`
 */
export function readForDisplay(bytes: Uint8Array): ShownDocument {
  const { class: recordClass, displayProfile } = checkDocument(bytes);
  const resource: unknown = JSON.parse(new TextDecoder().decode(bytes), numberAsWritten);
  // the check has found a resource in the same bytes
  if (!isResource(resource as Resource)) throw new Error('a document without resource type was checked');
  const document = resource as Resource;
  if (profileOfClass(recordClass) !== undefined) return { resource: document, recordClass, displayProfile };
  // a document of several classes is of the widest on the ledger, and written in the form of what leads it: a discharge summary with its medicines
  const form = classify(leaderOf({ root: document }).resource).recordClass;
  return { resource: document, recordClass: form, displayProfile: displayFitOf(document, form).displayProfile };
}

/** Since V8 11.4 a reviver is told how a value was written; TypeScript's library does not know it yet. */
function numberAsWritten(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined && context.source !== String(value) ? context.source : value;
}
