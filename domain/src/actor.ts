import { z } from 'zod';
import { sha256Schema } from './encoding/values';
import { actorTagSchema, departmentSchema, mspIdSchema, pseudonymSchema, slotIdSchema } from './ids';
import { roleSchema } from './vocabulary';

/** Who asks, as the chaincode established it from a proof or a certificate; never from a field of the request. */
export const actorSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('staff'),
    mspId: mspIdSchema,
    actorTag: actorTagSchema,
    roles: z.array(roleSchema),
    departments: z.array(departmentSchema),
  }),
  z.strictObject({ kind: z.literal('patient'), pseudonym: pseudonymSchema, carrierMspId: mspIdSchema }),
  /** The owner of a summary slot, of whom nothing else is known; with the key that they announced. */
  z.strictObject({ kind: z.literal('slot'), slotId: slotIdSchema, nextKeyHash: sha256Schema, carrierMspId: mspIdSchema }),
  z.strictObject({ kind: z.literal('administrator'), mspId: mspIdSchema, keyHash: sha256Schema }),
  z.strictObject({ kind: z.literal('member'), mspId: mspIdSchema }),
]);
export type Actor = z.output<typeof actorSchema>;
export type StaffActor = Extract<Actor, { kind: 'staff' }>;
export type PatientActor = Extract<Actor, { kind: 'patient' }>;
export type SlotActor = Extract<Actor, { kind: 'slot' }>;
export type AdministratorActor = Extract<Actor, { kind: 'administrator' }>;

/** An actor as the ledger remembers it: no roles, no carrier, so the same person is the same bytes. */
export const actorReferenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('staff'), mspId: mspIdSchema, actorTag: actorTagSchema }),
  z.strictObject({ kind: z.literal('patient'), pseudonym: pseudonymSchema }),
  z.strictObject({ kind: z.literal('administrator'), mspId: mspIdSchema, keyHash: sha256Schema }),
]);
export type ActorReference = z.output<typeof actorReferenceSchema>;

/** Where an entity came from: the same request of the same actor again is the same answer, so that a client may ask again. */
export const originSchema = z.strictObject({ requestHash: sha256Schema, actor: actorReferenceSchema });
export type Origin = z.output<typeof originSchema>;
