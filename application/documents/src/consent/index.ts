export { type ConsentRemark } from './conditions-in';
export { consentIn, type ImportedConsent } from './consent-in';
export { consentOut } from './consent-out';
export { consentMeaningsSchema } from './references-in';
