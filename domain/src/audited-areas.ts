import { z } from 'zod';
import { accessArea } from './access/transactions';
import { capacityArea } from './capacity/transactions';
import { type Area, merged } from './catalogue/area';
import { consentArea } from './consent/transactions';
import { copiesArea } from './copies/transactions';
import { prescriptionArea } from './prescription/transactions';
import { correctionArea } from './correction/transactions';
import { delegationArea } from './delegation/transactions';
import { deviceArea } from './device/transactions';
import { directoryArea } from './directory/transactions';
import { emergencyArea } from './emergency/transactions';
import { governanceArea } from './governance/transactions';
import { holdArea } from './hold/transactions';
import { keysArea } from './keys/transactions';
import { matchingArea } from './matching/transactions';
import { pinArea } from './pin/transactions';
import { pointerArea } from './pointer/transactions';
import { recognitionArea } from './recognition/transactions';
import { recordArea } from './record/transactions';
import { referralArea } from './referral/transactions';
import { recoveryArea } from './recovery/transactions';
import { registrarArea } from './registrar/transactions';
import { relationshipArea } from './relationship/transactions';
import { summaryArea } from './summary/transactions';

/**
 * The areas whose events may become lines of a patient's audit: all but the audit itself, which is made of their events. A new area is
 * one line here; {@link areas} and all registries are made from it.
 */
export const auditedAreas = {
  registrar: registrarArea,
  directory: directoryArea,
  relationship: relationshipArea,
  summary: summaryArea,
  device: deviceArea,
  record: recordArea,
  pointer: pointerArea,
  consent: consentArea,
  delegation: delegationArea,
  recovery: recoveryArea,
  pin: pinArea,
  capacity: capacityArea,
  access: accessArea,
  emergency: emergencyArea,
  keys: keysArea,
  copies: copiesArea,
  hold: holdArea,
  correction: correctionArea,
  prescription: prescriptionArea,
  referral: referralArea,
  recognition: recognitionArea,
  matching: matchingArea,
  governance: governanceArea,
};

/** The name of the one Fabric event a transaction may have; its payload is {@link eventsPayloadSchema}. */
export const FABRIC_EVENT_NAME = 'LianyiEvents';

/** Every domain event, past tense, with its fields: ids and versions only. */
export const eventFields = merged(auditedAreas, 'events');

export type EventName = keyof typeof eventFields;
/** Every event name. */
// Object.keys is typed string[]; the table is a constant, so its keys are exactly these
export const eventNames = Object.keys(eventFields) as readonly EventName[];
export const eventNameSchema = z.enum(eventNames);

/** What a transaction of the patient brings: where the patient is the actor it is no news to them. */
export const patientsOwnEvents: ReadonlySet<string> = new Set(
  Object.values<Area>(auditedAreas).flatMap(({ patientsOwn = [] }) => patientsOwn),
);

type FieldsOf<Name extends EventName> = z.output<z.ZodObject<(typeof eventFields)[Name], z.core.$strict>>;
/** One domain event. */
export type DomainEvent = { [Name in EventName]: { readonly name: Name } & FieldsOf<Name> }[EventName];

/** What a listener reads: the name it may switch on, and the ids. */
export const domainEventSchema = z.custom<DomainEvent>((value) => {
  const named = z.looseObject({ name: eventNameSchema }).safeParse(value);
  return named.success && z.strictObject({ name: z.literal(named.data.name), ...eventFields[named.data.name] }).safeParse(value).success;
}, 'not a domain event');
export const eventsPayloadSchema = z.strictObject({ events: z.array(domainEventSchema).min(1).max(64) });
