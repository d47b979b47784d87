import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { sha256Schema } from '../encoding/values';
import { type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';

export const incapacityStateSchema = z.enum(['declared', 'confirmed']);
export const deathStateSchema = z.enum(['proposed', 'recorded', 'disputed', 'revoked']);

/** That a patient cannot decide. It is over as soon as the patient speaks by their own key, for which nothing is written here. */
export const incapacitySchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  state: incapacityStateSchema,
  /** Salted hash of what the two clinicians have found, see {@link capacityCommitment}. */
  evidence: sha256Schema,
  /** The hash of the patient's last statement when it was declared; absent where there was none. */
  after: sha256Schema.exactOptional(),
  /** Since it was declared last. */
  confirmedBy: actorReferenceSchema.exactOptional(),
  /** Who has confirmed it once more. */
  confirmedAgainBy: z.array(actorReferenceSchema).exactOptional(),
  declaredAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

/** That a patient has died, as registrars of two hospitals say, or that two others have found this wrong. */
export const deathSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  state: deathStateSchema,
  /** Salted hash of what the registrars were shown, see {@link capacityCommitment}. */
  evidence: sha256Schema,
  proposedBy: actorReferenceSchema,
  confirmedBy: actorReferenceSchema.exactOptional(),
  /** Who has recorded it once more ({@link saidOnceMore}): each of them takes it back no more. */
  confirmedAgainBy: z.array(actorReferenceSchema).exactOptional(),
  /** The same of those who have found it wrong. */
  counterEvidence: sha256Schema.exactOptional(),
  disputedBy: actorReferenceSchema.exactOptional(),
  revokedBy: actorReferenceSchema.exactOptional(),
  /** Who has taken it back once more. */
  revokedAgainBy: z.array(actorReferenceSchema).exactOptional(),
  /** What was said before takes back another record, and not this one. */
  proposedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

export type Incapacity = z.output<typeof incapacitySchema>;
export type IncapacityState = Incapacity['state'];
export type Death = z.output<typeof deathSchema>;
export type DeathState = Death['state'];

/** What the area keeps, under the names of its repositories. */
export const capacityEntities = {
  incapacities: defineEntity({
    objectType: 'incapacity',
    summary: 'That a patient cannot decide, as clinicians of two hospitals say, until the patient speaks by their own key.',
    schema: incapacitySchema,
    key: [idPart<Pseudonym>('pseudonym')],
    keyOf: ({ pseudonym }) => [pseudonym],
    endorsement: 'channel',
  }),
  deaths: defineEntity({
    objectType: 'death',
    summary: 'That a patient has died, as registrars of two hospitals say, unless two others have found this wrong.',
    schema: deathSchema,
    key: [idPart<Pseudonym>('pseudonym')],
    keyOf: ({ pseudonym }) => [pseudonym],
    endorsement: 'channel',
  }),
};
