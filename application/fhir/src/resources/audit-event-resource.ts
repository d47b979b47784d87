import { type AccessEvent, hashOfJson, type MspId } from '@lianyi/domain';
import { OWN } from '@lianyi/documents/consent';
import { type JsonObject } from '@lianyi/documents/json-object';
import { fhirIdOf } from './fhir-id';

const DCM = 'http://dicom.nema.org/resources/ontology/DCM';
const V3 = 'http://terminology.hl7.org/CodeSystem/v3-';
const ENTITY = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
const EVENT = 'urn:lianyi:event';
const STAFF = 'urn:lianyi:staff';
const RESOURCE_TYPES = 'http://hl7.org/fhir/resource-types';
/** An element that a profile demands and the ledger has not. */
const UNKNOWN: JsonObject = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };

type Kind = Pick<JsonObject, 'type' | 'action'> & { readonly subtype: readonly JsonObject[]; readonly profile: readonly string[] };

/** A decision about somebody of an organisation: what BALP's AuthZconsent is about, with neither another subtype nor another entity. */
function isDecided({ decision, actor }: AccessEvent): boolean {
  return decision !== undefined && 'mspId' in actor;
}

/** A decision, a disclosure, or something else that is told by its name. @remarks Source: IHE ITI BALP 1.1: AuthZconsent, PrivacyDisclosure. */
function kindOf(line: AccessEvent): Kind {
  const { event } = line;
  const own = { system: EVENT, code: event };
  if (isDecided(line))
    return {
      type: { system: DCM, code: '110113', display: 'Security Alert' },
      subtype: [{ system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType', code: 'AuthZ-Consent' }],
      action: 'E',
      profile: ['https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.AuthZconsent'],
    };
  if (event === 'KeyReleased')
    return {
      type: { system: DCM, code: '110106', display: 'Export' },
      subtype: [{ system: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle', code: 'disclose' }, own],
      action: 'R',
      profile: [],
    };
  const type = { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' };
  return { type, subtype: [own], action: 'E', profile: [] };
}

/** A line of a patient's audit as IHE's Basic Audit Log Patterns have it; what the ledger has not (addresses, names) is not there. */
export function auditEventOf(line: AccessEvent, observer: MspId): JsonObject {
  const { type, subtype, action, profile } = kindOf(line);
  return {
    resourceType: 'AuditEvent',
    id: fhirIdOf(`a${hashOfJson([line.txId, line.n])}`),
    ...(profile.length === 0 ? {} : { meta: { profile } }),
    ...{ type, subtype, action },
    recorded: line.at,
    // 8: BALP's own example of a denial by consent
    outcome: line.decision === 'deny' ? '8' : '0',
    ...(line.reasons === undefined || line.reasons.length === 0 ? {} : { outcomeDesc: line.reasons.join(', ') }),
    agent: [...agentsOf(line), ...(isDecided(line) ? decidersOf(observer) : [])],
    source: {
      observer: { identifier: { system: OWN.msp, value: observer } },
      type: [{ system: 'http://terminology.hl7.org/CodeSystem/security-source-type', code: '6' }],
    },
    entity: isDecided(line) ? decidedEntitiesOf(line) : entitiesOf(line),
  };
}

function agentsOf({ actor, purpose }: AccessEvent): readonly JsonObject[] {
  const who =
    actor.kind === 'staff'
      ? { system: STAFF, value: `${actor.mspId}:${actor.actorTag}` }
      : { system: `urn:lianyi:${actor.kind}`, value: nameOf(actor) };
  const person = {
    type: { coding: [{ system: `${V3}ParticipationType`, code: 'IRCP' }] },
    who: { identifier: who },
    requestor: true,
    ...(purpose === undefined ? {} : { purposeOfUse: [{ coding: [{ system: `${V3}ActReason`, code: purpose }] }] }),
  };
  if (!('mspId' in actor)) return [person];
  const organisation = {
    type: { coding: [{ system: `${V3}RoleClass`, code: 'PROV' }] },
    who: { identifier: { system: OWN.msp, value: actor.mspId } },
    requestor: false,
  };
  return [person, organisation];
}

/** The program that asked, of which the ledger knows neither name nor address, and who decided. */
function decidersOf(observer: MspId): readonly JsonObject[] {
  const client = { type: { coding: [{ system: DCM, code: '110150' }] }, who: UNKNOWN, requestor: false, network: UNKNOWN };
  const authserver = { system: 'http://terminology.hl7.org/CodeSystem/extra-security-role-type', code: 'authserver' };
  const who = { identifier: { system: OWN.msp, value: observer } };
  return [client, { type: { coding: [authserver] }, who, requestor: false }];
}

/** Patient and consent alone; what else the ledger says of the decision stands in the details of the consent. */
function decidedEntitiesOf(line: AccessEvent): readonly JsonObject[] {
  const { event, recordIds = [], ticketId, grantee, txId } = line;
  const said: readonly (readonly [string, string])[] = [
    ['event', event],
    ...recordIds.map((recordId): [string, string] => ['record', `DocumentReference/${fhirIdOf(recordId)}`]),
    ...(ticketId === undefined ? [] : [['ticket', ticketId] as const]),
    ['transaction', txId],
  ];
  const consent = {
    type: { system: RESOURCE_TYPES, code: 'Consent' },
    what: grantee === undefined ? UNKNOWN : granteeNamed(grantee),
    detail: said.map(([type, valueString]) => ({ type, valueString })),
  };
  return [patientEntity(line), consent];
}

function granteeNamed({ kind, mspId, name }: NonNullable<AccessEvent['grantee']>): JsonObject {
  return { identifier: { system: OWN.grantee, value: `${kind}:${mspId}:${name}` } };
}

function patientEntity({ pseudonym }: AccessEvent): JsonObject {
  return {
    type: { system: ENTITY, code: '1' },
    role: { system: ROLE, code: '1' },
    what: { reference: `Patient/${fhirIdOf(pseudonym)}` },
  };
}

function nameOf(actor: Exclude<AccessEvent['actor'], { kind: 'staff' }>): string {
  if ('delegationId' in actor) return actor.delegationId;
  if ('pseudonym' in actor) return actor.pseudonym;
  return 'pinId' in actor ? actor.pinId : actor.mspId;
}

function entitiesOf(line: AccessEvent): readonly JsonObject[] {
  const { recordIds = [], ticketId, grantee, txId } = line;
  const records = recordIds.map((recordId) => ({
    ...{ type: { system: ENTITY, code: '2' }, role: { system: ROLE, code: '3' } },
    what: { reference: `DocumentReference/${fhirIdOf(recordId)}` },
  }));
  const consent = grantee === undefined ? [] : [{ type: { system: RESOURCE_TYPES, code: 'Consent' }, what: granteeNamed(grantee) }];
  const ticket =
    ticketId === undefined
      ? []
      : [{ type: { system: ENTITY, code: '4' }, what: { identifier: { system: 'urn:lianyi:ticket', value: ticketId } } }];
  return [
    patientEntity(line),
    ...records,
    ...consent,
    ...ticket,
    { type: { system: ENTITY, code: '4' }, what: { identifier: { system: 'urn:lianyi:transaction', value: txId } } },
  ];
}
