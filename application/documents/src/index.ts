export { checkDocument, type CheckedDocument } from './check-document';
