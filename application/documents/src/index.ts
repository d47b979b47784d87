export { checkDocument, type CheckedDocument, FHIR_CONTENT_TYPE, sizeBucketOf } from './check-document';
