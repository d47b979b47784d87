export { checkDocument, FHIR_CONTENT_TYPE, sizeBucketOf, type CheckedDocument } from './check-document';
export { MAX_DOCUMENT_BYTES } from './parse-document';
