export { checkDocument, type CheckedDocument, sizeBucketOf } from './check-document';
export { FHIR_CONTENT_TYPE } from './media-type';
