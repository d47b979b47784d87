import { DomainError } from '@lianyi/domain';

/** Systems of identifiers and codes that only this house has; whoever does not know them must not read past them. */
export const OWN = {
  grantee: 'urn:lianyi:grantee',
  msp: 'urn:lianyi:msp',
  record: 'urn:lianyi:record',
  encounter: 'urn:lianyi:encounter',
  pseudonym: 'urn:lianyi:pseudonym',
  recordClass: 'urn:lianyi:record-class',
  /** The policy under which a Consent of ours is read: each of its inner provisions stands for itself, and a prohibition beats a permission. */
  policy: 'urn:lianyi:consent-policy',
} as const;
export const OWN_POLICY = 'access-decisions';
/** Conditions for which FHIR R4 has no element, as modifier extensions: a reader who does not know one has to refuse the whole. */
export const EXTENSION = {
  anchored: 'urn:lianyi:anchored-period',
  maxDataLevel: 'urn:lianyi:max-data-level',
  minDataLevel: 'urn:lianyi:min-data-level',
  /** What may be done with a copy: `view` or `store`; when it must be gone; whether it may be handed on. */
  handling: 'urn:lianyi:handling',
  eraseAt: 'urn:lianyi:erase-at',
  onward: 'urn:lianyi:onward',
  /** For how many permits of a record a permission is good. */
  uses: 'urn:lianyi:uses',
} as const;

/** Where the evidence of a consent stands: the wording's name and version after the first, the others as extensions. */
export const EVIDENCE = {
  wording: 'urn:lianyi:consent-wording:',
  formSha256: 'urn:lianyi:form-sha256',
  ceremony: 'urn:lianyi:ceremony',
} as const;

/** What cannot be said here or there; each is told in docs/fhir-consent.md. */
export type Inexpressible =
  | 'not-a-consent'
  | 'not-active'
  | 'no-effect'
  | 'element'
  | 'evidence'
  | 'purpose'
  | 'purpose-never-opens'
  | 'action'
  | 'copies'
  | 'uses'
  | 'label'
  | 'sensitivity'
  | 'class'
  | 'code'
  | 'time'
  | 'no-end'
  | 'nobody'
  | 'everybody'
  | 'excepted'
  | 'crossed'
  | 'role'
  | 'reference'
  | 'too-many'
  | 'several-kinds-of-data';

/** Names what cannot be said and where; never a value. */
export function inexpressible(what: Inexpressible, path: string): DomainError {
  return new DomainError('CONSENT_NOT_EXPRESSIBLE', undefined, { what, path });
}
