import { actorReferenceSchema, originSchema } from '../actor';
import { defineArea, type EventTable } from '../catalogue/area';
import { defineEntity, idPart } from '../catalogue/entity';
import { member, patientAlone, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { delegationBases, delegationBasisSchema, delegationScopesSchema } from '../delegated-acts';
import { idNonceSchema, pageFields, pageOf, sha256Schema } from '../encoding/values';
import { type DelegationId, delegationIdSchema, type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';
import { lastCommandSchema } from '../registrar/entities';
import { z } from 'zod';

const delegationStateSchema = z.enum(['proposed', 'active', 'ended']);

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
const delegationEntities = {
  delegations: defineEntity({
    objectType: 'delegation',
    summary: 'That somebody acts for a patient: by which right, in what, until when, and the hash of their next one-time key.',
    schema: delegationSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<DelegationId>('delegationId')],
    keyOf: ({ pseudonym, delegationId }) => [pseudonym, delegationId],
    endorsement: 'channel',
  }),
};

const contract = 'DelegationContract';
const delegationKey = { pseudonym: pseudonymSchema, delegationId: delegationIdSchema };
/** The delegate's wallet makes id, nonce and first key; who appoints says in what and until when. */
const draft = {
  ...delegationKey,
  nonce: idNonceSchema,
  nextKeyHash: sha256Schema,
  scopes: delegationScopesSchema,
  validUntil: instantSchema,
};
/** What two registrars say, the second in the same words: who acts by which first key, by which right, for what and until when. */
const vouched = z.strictObject({ ...draft, basis: z.literal('court').exactOptional(), evidence: sha256Schema });
const answer = z.strictObject({ ...delegationKey, state: delegationStateSchema });

const delegationTransactions = {
  AppointDelegate: {
    contract,
    name: 'AppointDelegate',
    kind: 'submit',
    summary:
      'The patient appoints a proxy, who acts for them in the scopes named with keys of their own, until the end named; if the patient says so, only while the patient cannot decide.',
    request: z.strictObject({ ...draft, onIncapacity: delegationSchema.shape.onIncapacity }),
    response: answer,
    callers: [patientAlone],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'DELEGATION_TERM'],
    endorsement: 'channel',
  },
  ProposeDelegation: {
    contract,
    name: 'ProposeDelegation',
    kind: 'submit',
    summary:
      'A registrar of the patient’s hospital proposes that a parent act for a minor, who has no wallet, or somebody whom a court has named for an adult, with the salted hash of what was shown.',
    request: vouched,
    response: answer,
    callers: [staff('registrar')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'NOT_FOUND', 'ILLEGAL_STATE', 'DELEGATION_TERM'],
    endorsement: 'channel',
  },
  ConfirmDelegation: {
    contract,
    name: 'ConfirmDelegation',
    kind: 'submit',
    summary:
      'Another registrar of the hospital, who was shown the same, confirms a parent’s delegation, or one of another hospital a court’s, by saying once more who acts, for what and until when; from then on they act.',
    request: vouched,
    response: answer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH', 'DELEGATION_DIFFERS'],
    endorsement: 'channel',
  },
  EndDelegation: {
    contract,
    name: 'EndDelegation',
    kind: 'submit',
    summary:
      'Ends a delegation for ever; by the patient, by the delegate whose it is, or, of a parent’s or a court’s, by a registrar of the hospital.',
    request: z.strictObject(delegationKey),
    response: answer,
    callers: [patientOr(delegationBases), staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetDelegation: {
    contract,
    name: 'GetDelegation',
    kind: 'evaluate',
    summary: 'Reads a delegation: its state, the hash of the delegate’s next key, and which command used up the last one.',
    request: z.strictObject(delegationKey),
    response: delegationSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListDelegations: {
    contract,
    name: 'ListDelegations',
    kind: 'evaluate',
    summary: 'Lists who acts or has acted for a patient, for the patient or a registrar of their hospital.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(delegationSchema),
    callers: [patientOr(delegationBases, 'view'), staff('registrar')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const delegationEvents = {
  DelegateAppointed: delegationKey,
  DelegationProposed: delegationKey,
  DelegationConfirmed: delegationKey,
  DelegationEnded: delegationKey,
} as const satisfies EventTable;
const patientsOwn = ['DelegateAppointed', 'DelegationEnded'] as const satisfies readonly (keyof typeof delegationEvents)[];

/** Who acts for a patient. */
export const delegationArea = defineArea({
  entities: delegationEntities,
  events: delegationEvents,
  patientsOwn,
  transactions: delegationTransactions,
});
