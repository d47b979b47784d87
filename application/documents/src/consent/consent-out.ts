import { type CopyTerms, type Grant, type Json } from '@lianyi/domain';
import { evidenceOut } from './evidence';
import { EXTENSION, inexpressible, OWN, OWN_POLICY } from './own-systems';
import { lastBefore, periodOf } from './time-of-consent';

const V3 = 'http://terminology.hl7.org/CodeSystem/v3-';
type Provision = Grant['provisions'][number];

/**
 * A grant as a FHIR R4 Consent, whose inner provisions are the grant's, under a policy of this house: {@link consentIn} reads the same again.
 *
 * What FHIR has no element for is a modifier extension, so that who does not know it refuses the whole.
 * @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` — details name what and where
 */
export function consentOut({ pseudonym, grantee, state, changedAt, provisions, evidence }: Grant): Json {
  const spelled = `${grantee.kind}:${grantee.mspId}:${grantee.name}`;
  return {
    resourceType: 'Consent',
    status: state === 'active' ? 'active' : 'inactive',
    scope: concept('http://terminology.hl7.org/CodeSystem/consentscope', 'patient-privacy'),
    category: [concept('http://loinc.org', '59284-0')],
    patient: { identifier: { system: OWN.pseudonym, value: pseudonym } },
    dateTime: changedAt,
    ...(evidence === undefined ? {} : evidenceOut(evidence, changedAt)),
    policyRule: concept(OWN.policy, OWN_POLICY),
    provision: {
      actor: [
        {
          role: concept(`${V3}ParticipationType`, 'IRCP'),
          reference: { identifier: { system: OWN.grantee, value: spelled } },
        },
      ],
      provision: provisions.map((provision, at) => provisionOut(provision, `provisions.${at}`)),
    },
  };
}

function provisionOut(provision: Provision, path: string): Json {
  const { effect, purposes, classes, confidentiality, careMonths, validFrom, validUntil } = provision;
  assertAllKnown(provision, path);
  const extensions = extensionsOut(provision);
  return {
    type: effect,
    period: { start: validFrom, ...(validUntil === undefined ? {} : { end: lastBefore(validUntil) }) },
    action: [concept('http://terminology.hl7.org/CodeSystem/consentaction', 'access')],
    ...(confidentiality === undefined ? {} : { securityLabel: confidentiality.map((code) => coding(`${V3}Confidentiality`, code)) }),
    ...(purposes === 'any' ? {} : { purpose: purposes.map((code) => coding(`${V3}ActReason`, code)) }),
    ...(classes === undefined ? {} : { class: classes.map((code) => coding(OWN.recordClass, code)) }),
    ...(careMonths === undefined ? {} : { dataPeriod: periodOf(careMonths) }),
    ...dataOut(provision, path),
    ...(extensions.length === 0 ? {} : { modifierExtension: extensions }),
  };
}

const KNOWN: ReadonlySet<string> = new Set([
  ...['effect', 'provisionId', 'purposes', 'classes', 'confidentiality', 'authorMspIds', 'recordIds', 'recordPeriod', 'careMonths'],
  ...['encounters', 'validFrom', 'validUntil', 'maxDataLevel', 'minDataLevel', 'handling', 'eraseAt', 'onward', 'uses'],
]);

/** A condition that is not written down would be lost, and more be read than is permitted. */
function assertAllKnown(provision: Provision, path: string): void {
  const unknown = Object.keys(provision).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw inexpressible('element', `${path}.${unknown}`);
}

/** FHIR's list is one of alternatives, so that of author, record and encounter only one can be a condition. */
function dataOut({ authorMspIds = [], recordIds = [], encounters = [] }: Provision, path: string): { readonly data?: Json } {
  const data = [
    ...authorMspIds.map((value) => datum('authoredby', OWN.msp, value)),
    ...recordIds.map((value) => datum('instance', OWN.record, value)),
    ...encounters.map((value) => datum('instance', OWN.encounter, value)),
  ];
  const kinds = [authorMspIds, recordIds, encounters].filter((each) => each.length > 0);
  if (kinds.length > 1) throw inexpressible('several-kinds-of-data', path);
  return data.length === 0 ? {} : { data };
}

function datum(meaning: string, system: string, value: string): Json {
  return { meaning, reference: { identifier: { system, value } } };
}

function extensionsOut(provision: Provision): readonly Json[] {
  const { recordPeriod } = provision;
  const anchored = recordPeriod && { start: recordPeriod.from, end: lastBefore(recordPeriod.until) };
  const most = provision.effect === 'permit' ? provision.maxDataLevel : undefined;
  const least = provision.effect === 'deny' ? provision.minDataLevel : undefined;
  return [
    ...(anchored === undefined ? [] : [{ url: EXTENSION.anchored, valuePeriod: anchored }]),
    ...(most === undefined ? [] : [{ url: EXTENSION.maxDataLevel, valueInteger: most }]),
    ...(least === undefined ? [] : [{ url: EXTENSION.minDataLevel, valueInteger: least }]),
    ...(provision.effect === 'permit' ? [...copiesOut(provision), ...usesOut(provision)] : []),
  ];
}

function copiesOut({ handling, eraseAt, onward }: Partial<CopyTerms>): readonly Json[] {
  return [
    ...(handling === undefined ? [] : [{ url: EXTENSION.handling, valueCode: handling }]),
    ...(eraseAt === undefined ? [] : [{ url: EXTENSION.eraseAt, valueInstant: eraseAt }]),
    ...(onward === undefined ? [] : [{ url: EXTENSION.onward, valueBoolean: onward }]),
  ];
}

function usesOut({ uses }: { readonly uses?: number }): readonly Json[] {
  return uses === undefined ? [] : [{ url: EXTENSION.uses, valuePositiveInt: uses }];
}

function coding(system: string, code: string): { readonly system: string; readonly code: string } {
  return { system, code };
}

function concept(system: string, code: string): { readonly coding: readonly Json[] } {
  return { coding: [coding(system, code)] };
}
