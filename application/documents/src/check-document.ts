import { FHIR_CONTENT_TYPE } from './media-type';
import { type Confidentiality, type DataCategory, type DataLevel, type RecordClass } from '@lianyi/domain';
import { classify } from './classify';
import { displayProfileOf } from './display-profile';
import { assertFhirResource } from './fhir-structure';
import { MAX_DOCUMENT_BYTES, parseDocument } from './parse-document';
import { sensitivityOf } from './sensitivity';

/** A document that may be published: its own bytes, untouched, and the coarse labels the ledger will hold. */
export type CheckedDocument = {
  /** The very bytes that were given; they are sealed and come back as they are. */
  readonly bytes: Uint8Array;
  readonly contentType: typeof FHIR_CONTENT_TYPE;
  /** Stays inside the member node: the ledger holds the class only. */
  readonly resourceType: string;
  readonly class: RecordClass;
  readonly category: DataCategory;
  readonly dataLevel: DataLevel;
  readonly confidentiality: Confidentiality;
  readonly format: 'fhir-r4-json';
  readonly displayProfile: string;
};

/**
 * Checks a document's bytes and finds its labels.
 *
 * @throws {@link DomainError} `DOCUMENT_EMPTY` · `DOCUMENT_TOO_LARGE` · `DOCUMENT_NOT_UTF8` · `DOCUMENT_NOT_JSON` ·
 * `DOCUMENT_DUPLICATE_KEY` · `DOCUMENT_TOO_DEEP` · `DOCUMENT_NOT_FHIR`; neither message nor details quote the document.
 */
export function checkDocument(bytes: Uint8Array, maxBytes: number = MAX_DOCUMENT_BYTES): CheckedDocument {
  const resource = parseDocument(bytes, maxBytes);
  assertFhirResource(resource);
  const { recordClass, category } = classify(resource);
  return {
    bytes,
    contentType: FHIR_CONTENT_TYPE,
    resourceType: resource.resourceType,
    class: recordClass,
    category,
    ...sensitivityOf(resource),
    format: 'fhir-r4-json',
    displayProfile: displayProfileOf(resource, recordClass),
  };
}
