export { careMonthsOf } from './care-months';
export { checkDocument, type CheckedDocument } from './check-document';
export { classOfLoinc, classOfSection } from './classify';
export { type ProfileMisfit } from './display-profile';
export { looksLike } from './looks-like';
export { meantBy } from './meant-by';
