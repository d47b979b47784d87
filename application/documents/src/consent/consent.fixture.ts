import { instantSchema, type Json, provisionIdSchema } from '@lianyi/domain';
import { consentIn, consentMeaningsSchema, type ImportedConsent } from './index';

const ACT_REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
export const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
export const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
export const cardiology = { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' };

export const purposesOf = (...codes: readonly string[]): Json => codes.map((code) => ({ system: ACT_REASON, code }));

/** Who is to receive something, as R4 says it. */
export const actorsOf = (...references: readonly string[]): Json =>
  references.map((reference) => ({ role: { coding: [{ code: 'IRCP' }] }, reference: { reference } }));

/** A Consent in force with this root provision. */
export function consentOf(provision: Json, changes: { readonly [name: string]: Json } = {}): Json {
  const scope = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] };
  return { resourceType: 'Consent', status: 'active', scope, provision, ...changes };
}

/** Reads a Consent for cardiology, with two members and a few references, until the end of 2030; with an empty end without one. */
export function read(consent: Json, meanings: object = {}, until = '2031-01-01T00:00:00.000Z'): ImportedConsent {
  let count = 0;
  return consentIn(consent, {
    meanings: consentMeaningsSchema.parse({
      grantees: [cardiology],
      members: ['HospitalAMSP', 'HospitalBMSP'],
      references: {
        'Observation/1': { records: ['rec-1'] },
        'Encounter/1': { encounter: 'enc-1' },
        'Organization/1': { mspId: 'HospitalAMSP' },
        'Group/1': { grantee: cardiology },
        'Practitioner/1': { grantee: { kind: 'person', mspId: 'HospitalBMSP', name: 'dr-wu' } },
      },
      ...meanings,
    }),
    newProvisionId: () => provisionIdSchema.parse(`p${(count += 1)}`),
    ...(until === '' ? {} : { until: instantSchema.parse(until) }),
  });
}
