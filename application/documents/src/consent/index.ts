export { type ConsentRemark } from './conditions-in';
export { consentIn, type ImportedConsent, type ImportedGrant, isGuardedBy } from './consent-in';
export { consentOut } from './consent-out';
export { consentMeaningsSchema } from './references-in';
export { OWN } from './own-systems';
