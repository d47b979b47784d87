export { careMonthsOf } from './care-months';
export { checkDocument, type CheckedDocument } from './check-document';
export { classOfLoinc, classOfSection } from './classify';
export { looksLike } from './looks-like';
export { meantBy } from './meant-by';
