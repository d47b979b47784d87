import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { setOf, sha256Schema } from '../encoding/values';
import { type Pseudonym, pseudonymSchema, type RecoveryCaseId, recoveryCaseIdSchema } from '../ids';
import { instantSchema } from '../instant';

/** More would not be remembered by whoever chooses them. */
const MOST_GUARDIANS = 7;
/** So many cases of registrars may wait beside each other, one of each: a hospital of which so many lie has not one who is heard. */
export const MOST_OPEN_BY_REGISTRARS = 3;
/** For how long the old key may veto a recovery by guardians, from its opening on, in minutes: as the patient has chosen, at most 30 days. */
export const coolingOffMinutesSchema = z.int().min(1).max(43_200);
/** For how long it may veto a recovery by registrars at least, whatever the patient has chosen for guardians: a week. */
export const RE_PROOFING_COOLING_OFF_MINUTES = 10_080;

export const recoveryStateSchema = z.enum(['opened', 'coolingOff', 'completed', 'vetoed', 'expired', 'superseded']);
/** Who vouches for the patient: persons whom they have named, or registrars of two hospitals who have met them. */
const recoveryWaySchema = z.enum(['guardians', 're-proofing']);

/** Whom a patient has named to vouch for them, by the hashes of keys that each has made for this pseudonym alone. */
export const guardianSetSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  guardians: setOf(sha256Schema, 0, MOST_GUARDIANS),
  /** So many of them open the way to a new key; 0 where there are none. */
  threshold: z.int().min(0).max(MOST_GUARDIANS),
  coolingOffMinutes: coolingOffMinutesSchema,
  setAt: instantSchema,
  origin: originSchema,
});

/** That a pseudonym is to get a new key, because wallet and phrase are lost. */
export const recoveryCaseSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pseudonym: pseudonymSchema,
  caseId: recoveryCaseIdSchema,
  way: recoveryWaySchema,
  state: recoveryStateSchema,
  /** Hash of the key that completes it and announces the one after it. */
  newKeyHash: sha256Schema,
  /** Key hashes of the guardians who have approved, in the order in which they did; empty on the other way. */
  approvals: z.array(sha256Schema).max(MOST_GUARDIANS),
  /** When the guardians were named who decide; on their way and no other. */
  guardiansSetAt: instantSchema.exactOptional(),
  /** Salted hash of what the registrars were shown, see {@link reProofingCommitment}; on their way and no other. */
  evidence: sha256Schema.exactOptional(),
  /** The second registrar. */
  confirmedBy: actorReferenceSchema.exactOptional(),
  /** Who has confirmed it once more. */
  confirmedAgainBy: z.array(actorReferenceSchema).exactOptional(),
  openedAt: instantSchema,
  /** Until then the old key may veto, excluded; nothing is completed before. */
  coolingOffUntil: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

export type GuardianSet = z.output<typeof guardianSetSchema>;
export type RecoveryCase = z.output<typeof recoveryCaseSchema>;
export type RecoveryState = RecoveryCase['state'];

/** What the area keeps, under the names of its repositories. */
export const recoveryEntities = {
  guardianSets: defineEntity({
    objectType: 'guardianSet',
    summary:
      'Whom a patient has named to vouch for them when wallet and phrase are lost: key hashes, how many it takes, and for how long the old key may veto.',
    schema: guardianSetSchema,
    key: [idPart<Pseudonym>('pseudonym')],
    keyOf: ({ pseudonym }) => [pseudonym],
    endorsement: 'channel',
  }),
  recoveryCases: defineEntity({
    objectType: 'recoveryCase',
    summary: 'That a pseudonym is to get a new key: who vouches, how far it is, and until when the old key may veto.',
    schema: recoveryCaseSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<RecoveryCaseId>('caseId')],
    keyOf: ({ pseudonym, caseId }) => [pseudonym, caseId],
    endorsement: 'channel',
  }),
};
