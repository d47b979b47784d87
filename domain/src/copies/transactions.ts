import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { type EventTable, defineArea } from '../catalogue/area';
import { defineEntity, idPart } from '../catalogue/entity';
import { patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { copyTermsSchema } from '../consent/entities';
import { delegationBases } from '../delegated-acts';
import { pageFields, pageOf } from '../encoding/values';
import {
  actorTagSchema,
  departmentSchema,
  type MspId,
  mspIdSchema,
  nameSchema,
  type Pseudonym,
  pseudonymSchema,
  type RecordId,
  recordIdSchema,
  type TicketId,
  ticketIdSchema,
} from '../ids';
import { instantSchema } from '../instant';
import { purposeSchema } from '../vocabulary';

/**
 * By which law a copy may be kept that the patient wants gone. Closed and short, because every member reads it: `treatment-record-law`, records of care
 * are kept for years (China: 医疗机构病历管理规定 2013, art. 29; GDPR art. 17(3)(b)); `public-health` (GDPR art. 17(3)(c)); `litigation` (GDPR art.
 * 17(3)(e)); `payment-audit` (China: 医疗保障基金使用监督管理条例, art. 16). What is kept so is stored and nothing else (PIPL art. 47).
 */
export const retentionBases = ['treatment-record-law', 'public-health', 'litigation', 'payment-audit'] as const;
export const retentionBasisSchema = z.enum(retentionBases);

const ofCopy = { ticketId: ticketIdSchema, recordId: recordIdSchema };
/** To whom at another member a copy is handed on. */
export const receiverSchema = z.strictObject({ mspId: mspIdSchema, actorTag: actorTagSchema, department: departmentSchema });

const destroyedSchema = z.strictObject({
  outcome: z.literal('destroyed'),
  /** Of what was retained, and until later: the law that does not hold any more. */
  formerBasis: retentionBasisSchema.exactOptional(),
});
const retainedSchema = z.strictObject({
  outcome: z.literal('retained'),
  basis: retentionBasisSchema,
  /** Exclusive; left out: as long as that law says. */
  until: instantSchema.exactOptional(),
});
/** Who has answered, when, and in which transaction: that transaction is the receipt, and holds the signature. */
const signedFields = { at: instantSchema, by: actorReferenceSchema, txId: nameSchema, origin: originSchema };
const answerSchema = z.discriminatedUnion('outcome', [destroyedSchema.extend(signedFields), retainedSchema.extend(signedFields)]);

const copyAnswers = ['held', 'destroyed', 'retained'] as const;

/** What another member than the custodian has of a record: its key was released to it under a ticket, or a holder has handed it on. */
const copySchema = z.strictObject({
  schemaVersion: z.literal(1),
  holderMspId: mspIdSchema,
  pseudonym: pseudonymSchema,
  ...ofCopy,
  takenAt: instantSchema,
  /** Of what was handed on: by which holder, and to whom. */
  from: z.strictObject({ mspId: mspIdSchema, to: receiverSchema }).exactOptional(),
  state: z.enum(copyAnswers),
  answer: answerSchema.exactOptional(),
  origin: originSchema,
});

/** Why a copy must be gone. What is looked at first is named first where two come to the same instant. */
const copyCauses = ['erase-date', 'view-only', 'consent-changed', 'forbidden', 'retracted', 'not-justified'] as const;
/** What becomes of a copy, by the ledger's time: `must-go` by an instant that is to come, `overdue` when it has passed. */
const copyStandings = ['held', 'must-go', 'overdue', 'destroyed', 'retained'] as const;
/** A copy as it stands now, by the ledger's time. */
const copyStandingSchema = z.strictObject({
  copy: copySchema,
  purpose: purposeSchema,
  terms: copyTermsSchema.exactOptional(),
  standing: z.enum(copyStandings),
  /** Absent: nothing says that it must be gone. */
  due: z.strictObject({ cause: z.enum(copyCauses), goneBy: instantSchema }).exactOptional(),
});

export type RetentionBasis = z.output<typeof retentionBasisSchema>;
export type Copy = z.output<typeof copySchema>;
export type CopyAnswer = z.output<typeof answerSchema>;
export type CopyDue = NonNullable<z.output<typeof copyStandingSchema>['due']>;
export type CopyStanding = z.output<typeof copyStandingSchema>;

/** What the area keeps, under the names of its repositories. */
const copiesEntities = {
  copies: defineEntity({
    objectType: 'copy',
    summary: 'What a member has of a record of another: since when, under which ticket, and what the holder says became of it.',
    schema: copySchema,
    key: [idPart<MspId>('holderMspId'), idPart<Pseudonym>('pseudonym'), idPart<TicketId>('ticketId'), idPart<RecordId>('recordId')],
    keyOf: ({ holderMspId, pseudonym, ticketId, recordId }) => [holderMspId, pseudonym, ticketId, recordId],
    endorsement: 'channel',
  }),
};

const contract = 'CopyContract';

const copiesTransactions = {
  AnswerForCopy: {
    contract,
    name: 'AnswerForCopy',
    kind: 'submit',
    summary: 'A holder says what became of a copy: destroyed, or retained by which law. The transaction is the receipt.',
    request: z.strictObject({ ...ofCopy, answer: z.discriminatedUnion('outcome', [destroyedSchema, retainedSchema]) }),
    response: z.strictObject({ ...ofCopy, state: z.enum(copyAnswers) }),
    callers: [staff('privacyOfficer'), staff('recordAdmin')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'RETAINED_BY_LAW'],
    endorsement: 'channel',
  },
  DiscloseOnward: {
    contract,
    name: 'DiscloseOnward',
    kind: 'submit',
    summary:
      'A holder hands a copy on to another member, where the patient has allowed that and still does; what binds the holder binds the receiver.',
    request: z.strictObject({ ...ofCopy, to: receiverSchema }),
    response: z.strictObject({ ...ofCopy, holderMspId: mspIdSchema }),
    callers: [staff('clinician'), staff('recordAdmin')],
    refusals: ['NOT_FOUND', 'ALREADY_EXISTS', 'ONWARD_NOT_ALLOWED', 'TICKET_CLOSED', 'UNKNOWN_GRANTEE', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ListCopies: {
    contract,
    name: 'ListCopies',
    kind: 'evaluate',
    summary:
      'Lists who has copies of the patient’s records, those handed on among them, and whether each may be kept, must go, is overdue or was answered for.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(copyStandingSchema),
    callers: [patientOr(delegationBases, 'consents', 'view')],
    refusals: [],
    endorsement: 'channel',
  },
  ListCopiesHeld: {
    contract,
    name: 'ListCopiesHeld',
    kind: 'evaluate',
    summary: 'Lists the copies that the caller’s own organisation has of others’ records, and which of them must go.',
    request: z.strictObject(pageFields),
    response: pageOf(copyStandingSchema),
    callers: [staff('privacyOfficer'), staff('recordAdmin')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const told = { pseudonym: pseudonymSchema, holderMspId: mspIdSchema, ...ofCopy };
/** What may happen in the area. */
const copiesEvents = { CopyAnswered: told, CopyDisclosed: told } as const satisfies EventTable;

/** What became of what was released: who holds it, what must go, and what the holders say. */
export const copiesArea = defineArea({ entities: copiesEntities, events: copiesEvents, transactions: copiesTransactions });
