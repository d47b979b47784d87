// `@lianyi/client/matching`: how two hospitals find that they know one person. Apart from the rest of the client, for registrars and nodes.
export { confirmMergeOfCase, mergedWith, type OpenedCase, proposeMergeOfCase, readCase } from './duplicate-cases';
export { type DuplicateNote, newestKeyOf, type NoteStep, openDuplicateNote, sealDuplicateNote } from './duplicate-note';
export { findDuplicates } from './find-duplicates';
export { claimOfNote, isProofOfMatch, type MatchClaim, pairSecret, pairTag, proofOfMatch } from './match-tag';
export { assertRegisteredKeys } from './registered-keys';
export { type ComparingRegistrar } from './registrar';
export { openMessage, sealMessage } from './sealed-message';
export { type AnsweredPart, type DealtKey, isPartOfHolder, placeOfHolder, publicShareOfHolder } from './shared-evaluation';
