export { careMonthsOf } from './care-months';
export { checkDocument, type CheckedDocument } from './check-document';
