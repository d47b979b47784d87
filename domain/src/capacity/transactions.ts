import { actorReferenceSchema, originSchema } from '../actor';
import { defineArea, type EventTable } from '../catalogue/area';
import { defineEntity, idPart } from '../catalogue/entity';
import { member, staff, type TransactionEntry } from '../catalogue/entry';
import { sha256Schema } from '../encoding/values';
import { type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';
import { z } from 'zod';

const incapacityStateSchema = z.enum(['declared', 'confirmed']);
const deathStateSchema = z.enum(['proposed', 'recorded', 'disputed', 'revoked']);

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
const capacityEntities = {
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

const contract = 'CapacityContract';
const about = z.strictObject({ pseudonym: pseudonymSchema });
const said = z.strictObject({ pseudonym: pseudonymSchema, evidence: sha256Schema });
const incapacityAnswer = z.strictObject({ pseudonym: pseudonymSchema, state: incapacityStateSchema });
const deathAnswer = z.strictObject({ pseudonym: pseudonymSchema, state: deathStateSchema });

const capacityTransactions = {
  DeclareIncapacity: {
    contract,
    name: 'DeclareIncapacity',
    kind: 'submit',
    summary: 'A clinician of the patient’s hospital declares that the patient cannot decide, with the salted hash of what was found.',
    request: said,
    response: incapacityAnswer,
    callers: [staff('clinician')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ConfirmIncapacity: {
    contract,
    name: 'ConfirmIncapacity',
    kind: 'submit',
    summary:
      'A clinician of another hospital, who has found the same, confirms it: whom the patient has appointed for that case acts, until the patient speaks by their own key.',
    request: said,
    response: incapacityAnswer,
    callers: [staff('clinician')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH'],
    endorsement: 'channel',
  },
  GetIncapacity: {
    contract,
    name: 'GetIncapacity',
    kind: 'evaluate',
    summary: 'Reads what was declared of a patient’s capacity; whether the patient has spoken since, the pseudonym says.',
    request: about,
    response: incapacitySchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ProposeDeath: {
    contract,
    name: 'ProposeDeath',
    kind: 'submit',
    summary: 'A registrar of the patient’s hospital says that the patient has died, with the salted hash of what was shown.',
    request: said,
    response: deathAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ConfirmDeath: {
    contract,
    name: 'ConfirmDeath',
    kind: 'submit',
    summary:
      'A registrar of another hospital, who was shown the same, records the death: from then on nobody commands in the patient’s name. Consents last until their ends.',
    request: said,
    response: deathAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH'],
    endorsement: 'channel',
  },
  DisputeDeath: {
    contract,
    name: 'DisputeDeath',
    kind: 'submit',
    summary: 'Another registrar of the patient’s hospital says that a recorded death is wrong, with the salted hash of what was shown.',
    request: said,
    response: deathAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  RevokeDeath: {
    contract,
    name: 'RevokeDeath',
    kind: 'submit',
    summary:
      'A registrar of another hospital, who has not recorded the death and was shown the same, takes the record back: the patient commands as before.',
    request: said,
    response: deathAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH'],
    endorsement: 'channel',
  },
  GetDeath: {
    contract,
    name: 'GetDeath',
    kind: 'evaluate',
    summary: 'Reads what was said of a patient’s death.',
    request: about,
    response: deathSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const patient = { pseudonym: pseudonymSchema };
/** What may happen in the area. */
const capacityEvents = {
  IncapacityDeclared: patient,
  IncapacityConfirmed: patient,
  DeathProposed: patient,
  DeathConfirmed: patient,
  DeathDisputed: patient,
  DeathRevoked: patient,
} as const satisfies EventTable;

/** Whether a patient can decide, and whether they live. */
export const capacityArea = defineArea({
  entities: capacityEntities,
  events: capacityEvents,
  transactions: capacityTransactions,
});
