import { canonicalJson, type Grant, hashOfJson, type MspId, provisionIdSchema } from '@lianyi/domain';
import { newId } from '@lianyi/client';
import { consentIn, consentMeaningsSchema, consentOut, OWN } from '@lianyi/documents/consent';
import { isObject, type JsonObject } from '@lianyi/documents/json-object';
import { fhirIdOf } from './fhir-id';

/** The version of a grant on the ledger, which the patient has signed. */
const SIGNED = 'urn:lianyi:grant-version';

type Said = Pick<Grant, 'pseudonym' | 'grantee'> & { readonly provisions: readonly { readonly provisionId: string }[] };

/**
 * A grant as a Consent with an id: one Consent for each grantee of a patient, whose versions are the grant's.
 *
 * @param mspId - the patient's hospital, which enforces it
 * @remarks Source: IHE ITI PCF 1.1, consentAdvanced: who has agreed, who enforces, what was signed, and what holds where nothing is permitted.
 */
export function consentResourceOf(grant: Grant, mspId: MspId): JsonObject {
  const consent = consentOut(grant);
  if (!isObject(consent) || !isObject(consent['provision'])) throw new Error('a Consent is an object with a provision');
  const signed = {
    identifier: { system: SIGNED, value: hashOfJson(['lianyi/fhir-consent/v1', grant.pseudonym, grant.grantee, grant.version]) },
  };
  const agreed = {
    performer: [{ identifier: { system: OWN.pseudonym, value: grant.pseudonym } }],
    organization: [{ identifier: { system: OWN.msp, value: mspId } }],
    ...(consent['sourceAttachment'] === undefined ? { sourceReference: signed } : {}),
    provision: { type: 'deny', ...consent['provision'] },
  };
  const id = fhirIdOf(`g${hashOfJson(['lianyi/fhir-consent/v1', grant.pseudonym, grant.grantee])}`);
  return { ...consent, ...agreed, id, meta: { versionId: String(grant.version), lastUpdated: grant.changedAt } };
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
