export { checkDocument, type CheckedDocument } from './check-document';
export { FHIR_CONTENT_TYPE } from './media-type';
