import { z } from 'zod';
import { defineArea, type EventTable } from '../catalogue/area';
import { patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { consentEvidenceSchema, granteeSchema, provisionDraftsSchema } from '../consent/entities';
import { basesAndAssistance, delegationBases } from '../delegated-acts';
import { idNonceSchema, pageFields, pageOf } from '../encoding/values';
import { departmentSchema, pseudonymSchema } from '../ids';
import { referralAnswerSchema, referralEntities, referralKeyFields, referralSchema, referralStates } from './entities';

const contract = 'ReferralContract';
const { to, direction, urgency, recordIds, letterId, lapsesAt } = referralSchema.shape;
const answer = z.strictObject({ ...referralKeyFields, state: z.enum(referralStates) });
const policyVersion = z.int().min(1);
const { referrals, referralWords, referralAnswers, referralEnds } = referralEntities;
/** A referral as it is now; whether it is over by its time, the ledger's time says. */
const shownSchema = z.strictObject({
  referral: referrals.schema,
  word: referralWords.schema.optional(),
  answered: referralAnswers.schema.optional(),
  end: referralEnds.schema.optional(),
  state: z.enum(referralStates),
});

const referralTransactions = {
  ProposeReferral: {
    contract,
    name: 'ProposeReferral',
    kind: 'submit',
    summary:
      'A clinician of the patient’s hospital refers them to another one, with a list of records; nothing opens before the patient agrees.',
    request: z
      .strictObject({
        ...referralKeyFields,
        nonce: idNonceSchema,
        department: departmentSchema,
        to,
        direction,
        urgency,
        recordIds,
        letterId,
      })
      .refine((asked) => asked.letterId === undefined || asked.recordIds.includes(asked.letterId), 'the letter is not among the records'),
    response: answer.extend({ lapsesAt }),
    callers: [staff('clinician')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH', 'ILLEGAL_STATE', 'NOT_FOUND', 'UNKNOWN_GRANTEE'],
    endorsement: 'channel',
  },
  AgreeReferral: {
    contract,
    name: 'AgreeReferral',
    kind: 'submit',
    summary:
      'The patient agrees to a referral: opens exactly its records to whom it names, within 14 days, by one provision of that grantee’s policy.',
    request: z.strictObject({
      ...referralKeyFields,
      grantee: granteeSchema,
      /** Of the grantee's active policy; left out: there is none. */
      previousVersion: policyVersion.exactOptional(),
      provisions: provisionDraftsSchema,
      evidence: consentEvidenceSchema.exactOptional(),
    }),
    response: answer.extend({ policyVersion }),
    callers: [patientOr(basesAndAssistance, 'consents')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'REFERRAL_DIFFERS', 'POLICY_ACTIVE', 'VERSION_CONFLICT', 'LIMIT_REACHED'],
    endorsement: 'channel',
  },
  WithdrawReferral: {
    contract,
    name: 'WithdrawReferral',
    kind: 'submit',
    summary: 'The patient wants a referral no more: what it has opened is closed.',
    request: z.strictObject({
      ...referralKeyFields,
      /** The policy without the referral's provision; left out: it has none. Without `provisions` it is revoked. */
      policy: z
        .strictObject({ grantee: granteeSchema, previousVersion: policyVersion, provisions: provisionDraftsSchema.exactOptional() })
        .exactOptional(),
    }),
    response: answer,
    callers: [patientOr(basesAndAssistance, 'consents')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'REFERRAL_DIFFERS', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  AnswerReferral: {
    contract,
    name: 'AnswerReferral',
    kind: 'submit',
    summary: 'The hospital that was asked says: accepted, declined and why, attended, or given back with a summary.',
    request: z.strictObject({ ...referralKeyFields, answer: referralAnswerSchema }),
    response: answer,
    callers: [staff('clinician')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  EndReferral: {
    contract,
    name: 'EndReferral',
    kind: 'submit',
    summary: 'The hospital that has referred recalls it or, where a summary is back, closes it; nothing opens any more.',
    request: z.strictObject(referralKeyFields),
    response: answer,
    callers: [staff('clinician')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetReferral: {
    contract,
    name: 'GetReferral',
    kind: 'evaluate',
    summary: 'Reads a referral, for the patient’s side and clinicians of the two hospitals.',
    request: z.strictObject(referralKeyFields),
    response: shownSchema,
    callers: [patientOr(basesAndAssistance, 'consents', 'view'), staff('clinician')],
    refusals: ['NOT_FOUND'],
    evenly: 'always',
    endorsement: 'channel',
  },
  ListReferrals: {
    contract,
    name: 'ListReferrals',
    kind: 'evaluate',
    summary: 'Lists a patient’s referrals, for the patient’s side and clinicians of their hospital.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(shownSchema),
    callers: [patientOr(delegationBases, 'consents', 'view'), staff('clinician')],
    refusals: [],
    evenly: 'always',
    endorsement: 'channel',
  },
  ListReferralsOfHospital: {
    contract,
    name: 'ListReferralsOfHospital',
    kind: 'evaluate',
    summary: 'Lists what the caller’s departments have referred or are asked, the newest first.',
    request: z.strictObject(pageFields),
    response: pageOf(shownSchema),
    callers: [staff('clinician')],
    refusals: [],
    evenly: 'always',
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const referralEvents = {
  ReferralProposed: referralKeyFields,
  ReferralAgreed: referralKeyFields,
  ReferralCancelled: referralKeyFields,
  ReferralAnswered: { ...referralKeyFields, answer: z.enum(['accepted', 'declined', 'attended', 'returned']) },
  ReferralEnded: referralKeyFields,
} as const satisfies EventTable;
const patientsOwn = ['ReferralAgreed', 'ReferralCancelled'] as const satisfies readonly (keyof typeof referralEvents)[];

/** That patients are referred to another hospital and back. */
export const referralArea = defineArea({
  entities: referralEntities,
  events: referralEvents,
  patientsOwn,
  transactions: referralTransactions,
});
