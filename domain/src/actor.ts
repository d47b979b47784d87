import { z } from 'zod';
import { sha256Schema } from './encoding/values';
import { delegationBasisSchema, delegationScopes, delegationScopesSchema, type Powers } from './delegated-acts';
import {
  actorTagSchema,
  delegationIdSchema,
  departmentSchema,
  mspIdSchema,
  pinIdSchema,
  type Pseudonym,
  pseudonymSchema,
  slotIdSchema,
} from './ids';
import { roleSchema } from './vocabulary';

/** Two staff members, in the order in which they have signed. */
const pairSchema = z.tuple([actorTagSchema, actorTagSchema]);

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
  z.strictObject({
    kind: z.literal('delegate'),
    pseudonym: pseudonymSchema,
    delegationId: delegationIdSchema,
    basis: delegationBasisSchema,
    scopes: delegationScopesSchema,
    carrierMspId: mspIdSchema,
  }),
  z.strictObject({ kind: z.literal('assisted'), pseudonym: pseudonymSchema, mspId: mspIdSchema, actorTags: pairSchema }),
  /** The owner of a summary slot, of whom nothing else is known; with the key that they announced. */
  z.strictObject({ kind: z.literal('slot'), slotId: slotIdSchema, nextKeyHash: sha256Schema, carrierMspId: mspIdSchema }),
  /** Whom a patient has named to vouch for them, known by a key made for this pseudonym alone. */
  z.strictObject({ kind: z.literal('guardian'), pseudonym: pseudonymSchema, keyHash: sha256Schema, carrierMspId: mspIdSchema }),
  /** Who has the recovery code of a PIN, or has guessed the PIN itself: which of the two, the key says. */
  z.strictObject({ kind: z.literal('pin'), pinId: pinIdSchema, keyHash: sha256Schema, carrierMspId: mspIdSchema }),
  z.strictObject({ kind: z.literal('administrator'), mspId: mspIdSchema, keyHash: sha256Schema }),
  z.strictObject({ kind: z.literal('member'), mspId: mspIdSchema }),
]);
export type Actor = z.output<typeof actorSchema>;
export type StaffActor = Extract<Actor, { kind: 'staff' }>;
export type PatientActor = Extract<Actor, { kind: 'patient' }>;
export type DelegateActor = Extract<Actor, { kind: 'delegate' }>;
/** Who stands on the patient's side of a request: the patient, or who acts for them. */
export type PatientSideActor = PatientActor | DelegateActor | Extract<Actor, { kind: 'assisted' }>;
export type SlotActor = Extract<Actor, { kind: 'slot' }>;
export type GuardianActor = Extract<Actor, { kind: 'guardian' }>;
export type PinActor = Extract<Actor, { kind: 'pin' }>;
export type AdministratorActor = Extract<Actor, { kind: 'administrator' }>;

/** An actor as the ledger remembers it: no roles, no carrier, so the same person is the same bytes. */
export const actorReferenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('staff'), mspId: mspIdSchema, actorTag: actorTagSchema }),
  z.strictObject({ kind: z.literal('patient'), pseudonym: pseudonymSchema }),
  z.strictObject({ kind: z.literal('delegate'), pseudonym: pseudonymSchema, delegationId: delegationIdSchema }),
  z.strictObject({ kind: z.literal('assisted'), pseudonym: pseudonymSchema, mspId: mspIdSchema, actorTags: pairSchema }),
  z.strictObject({ kind: z.literal('guardian'), pseudonym: pseudonymSchema, keyHash: sha256Schema }),
  z.strictObject({ kind: z.literal('pin'), pinId: pinIdSchema }),
  z.strictObject({ kind: z.literal('administrator'), mspId: mspIdSchema, keyHash: sha256Schema }),
]);
export type ActorReference = z.output<typeof actorReferenceSchema>;

/** Tells whether an actor speaks for a pseudonym: the patient, or who acts for them. What the latter may say, the catalogue has looked at. */
export function speaksFor(actor: Actor, pseudonym: Pseudonym): actor is PatientSideActor {
  return isPatientSide(actor) && actor.pseudonym === pseudonym;
}

export function isPatientSide(actor: Actor): actor is PatientSideActor {
  return actor.kind === 'patient' || actor.kind === 'delegate' || actor.kind === 'assisted';
}

/** What somebody may do for the patient; undefined of the patient, who may do all. */
export function powersOf(actor: PatientSideActor): Powers | undefined {
  if (actor.kind === 'patient') return undefined;
  return actor.kind === 'delegate' ? actor : { basis: 'assistance', scopes: delegationScopes };
}

/** Where an entity came from: the same request of the same actor again is the same answer, so that a client may ask again. */
export const originSchema = z.strictObject({ requestHash: sha256Schema, actor: actorReferenceSchema });
export type Origin = z.output<typeof originSchema>;
