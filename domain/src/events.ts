import { z } from 'zod';
import { auditedAreas } from './audited-areas';
import { merged } from './catalogue/area';

/** The name of the one Fabric event a transaction may have; its payload is {@link eventsPayloadSchema}. */
export const FABRIC_EVENT_NAME = 'LianyiEvents';

/** Every domain event, past tense, with its fields: ids and versions only. */
export const eventFields = merged(auditedAreas, 'events');

export type EventName = keyof typeof eventFields;
/** Every event name. */
// Object.keys is typed string[]; the table is a constant, so its keys are exactly these
export const eventNames = Object.keys(eventFields) as readonly EventName[];
export const eventNameSchema = z.enum(eventNames);

type FieldsOf<Name extends EventName> = z.output<z.ZodObject<(typeof eventFields)[Name], z.core.$strict>>;
/** One domain event. */
export type DomainEvent = { [Name in EventName]: { readonly name: Name } & FieldsOf<Name> }[EventName];

/** What a listener reads: the name it may switch on, and the ids. */
export const domainEventSchema = z.custom<DomainEvent>((value) => {
  const named = z.looseObject({ name: eventNameSchema }).safeParse(value);
  return named.success && z.strictObject({ name: z.literal(named.data.name), ...eventFields[named.data.name] }).safeParse(value).success;
}, 'not a domain event');
export const eventsPayloadSchema = z.strictObject({ events: z.array(domainEventSchema).min(1).max(64) });
