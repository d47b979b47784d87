import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { sha256Schema } from '../encoding/values';
import { type DelegationId, delegationIdSchema, type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';
import { lastCommandSchema } from '../registrar/entities';
import { delegationBasisSchema, delegationScopesSchema } from '../delegated-acts';

export const delegationStateSchema = z.enum(['proposed', 'active', 'ended']);

/** That somebody acts for a patient: what they may do, until when, and the key of their next command. */
export const delegationSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  delegationId: delegationIdSchema,
  basis: delegationBasisSchema,
  scopes: delegationScopesSchema,
  state: delegationStateSchema,
  /** Of a proxy who acts only while the patient cannot decide, as the patient has said beforehand. */
  onIncapacity: z.literal(true).exactOptional(),
  /** The end, excluded. Nothing is written when it comes. */
  validUntil: instantSchema,
  nextKeyHash: sha256Schema,
  /** Absent until the delegate's first command. */
  lastCommand: lastCommandSchema.exactOptional(),
  /** Salted hash of what the registrars were shown, see {@link evidenceCommitment} and {@link capacityCommitment}; of a parent's or a court's delegation and no other. */
  evidence: sha256Schema.exactOptional(),
  /** The second registrar; of a parent's or a court's delegation and no other. */
  confirmedBy: actorReferenceSchema.exactOptional(),
  /** Who has confirmed a court's once more. */
  confirmedAgainBy: z.array(actorReferenceSchema).exactOptional(),
  createdAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

export type Delegation = z.output<typeof delegationSchema>;
export type DelegationState = Delegation['state'];

/** What the area keeps, under the names of its repositories. */
export const delegationEntities = {
  delegations: defineEntity({
    objectType: 'delegation',
    summary: 'That somebody acts for a patient: by which right, in what, until when, and the hash of their next one-time key.',
    schema: delegationSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<DelegationId>('delegationId')],
    keyOf: ({ pseudonym, delegationId }) => [pseudonym, delegationId],
    endorsement: 'channel',
  }),
};
