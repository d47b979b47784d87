import { canonicalJson, type Grant, hashOfJson, provisionIdSchema } from '@lianyi/domain';
import { newId } from '@lianyi/client';
import { consentIn, consentMeaningsSchema, consentOut } from '@lianyi/documents/consent';
import { isObject, type JsonObject } from '@lianyi/documents/json-object';
import { fhirIdOf } from './fhir-id';

type Said = Pick<Grant, 'pseudonym' | 'grantee'> & { readonly provisions: readonly { readonly provisionId: string }[] };

/** A grant as a Consent with an id: one Consent for each grantee of a patient, whose versions are the grant's. */
export function consentResourceOf(grant: Grant): JsonObject {
  const consent = consentOut(grant);
  if (!isObject(consent)) throw new Error('a Consent is an object');
  const id = fhirIdOf(`g${hashOfJson(['lianyi/fhir-consent/v1', grant.pseudonym, grant.grantee])}`);
  return { ...consent, id, meta: { versionId: String(grant.version), lastUpdated: grant.changedAt } };
}

/**
 * Whether a Consent says what was signed, to the letter but for the ids of provisions, and of one grantee.
 * @throws DomainError `CONSENT_NOT_EXPRESSIBLE` — it says what cannot be said here
 */
export function saysTheSame(consent: JsonObject, signed: Said): boolean {
  const { grants } = consentIn(consent, {
    meanings: consentMeaningsSchema.parse({}),
    newProvisionId: () => provisionIdSchema.parse(newId()),
  });
  const [grant] = grants;
  if (grant === undefined || grants.length > 1 || canonicalJson(grant.grantee) !== canonicalJson(signed.grantee)) return false;
  return canonicalJson(withoutIds(grant.provisions)) === canonicalJson(withoutIds(signed.provisions));
}

function withoutIds(provisions: readonly { readonly provisionId: string }[]): readonly object[] {
  return provisions.map(({ provisionId: _id, ...said }) => said);
}
