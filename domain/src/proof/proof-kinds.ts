import { type z } from 'zod';
import { type PublicKey, type Signature } from '../encoding/values';
import { type MspId } from '../ids';
import { CARD_TOKEN_BOUND, CARD_TOKEN_MS, type CardToken, cardTokenSchema } from '../registrar/card';
import {
  type AssistedProof,
  assistedProofSchema,
  BOUND_FIELDS,
  delegateProofSchema,
  guardianProofSchema,
  type Introduction,
  introductionSchema,
  patientProofSchema,
  pinProofSchema,
  receiptSchema,
  slotProofSchema,
  staffProofSchema,
  type DelegateProof,
  type GuardianProof,
  type PatientProof,
  type PinProof,
  type Proof,
  type Receipt,
  type RequestBinding,
  type SlotProof,
  type StaffProof,
} from './statements';

/** How long a staff statement may be valid at most. */
const STAFF_STATEMENT_MS = 600_000;
/** How long a patient's command may be valid at most: a wallet may hand it to a slow carrier. */
const PATIENT_STATEMENT_MS = 3_600_000;

/** How long an introduction may be valid at most: it is handed over at once. */
const INTRODUCTION_MS = 600_000;

/** All that is known of one kind of signed statement. */
export type ProofKind<Signed extends { readonly statement: object }, Bound extends keyof Signed['statement']> = {
  readonly schema: z.ZodType<Signed>;
  /** How long it may be valid at most, in milliseconds; absent for a statement about what has happened, which has no window. */
  readonly longestMs?: number;
  /** The fields of the statement that must be those of what it is presented for. */
  readonly bound: readonly Bound[];
  /** The keys and what each has signed; of one that is `undefined` the ledger's entry names the key. That a key is the registered one, the ledger says. */
  readonly signaturesOf: (signed: Signed) => readonly { readonly publicKey: PublicKey | undefined; readonly signature: Signature }[];
  /** The organisation that alone may carry it; undefined: any member. */
  readonly carrierOf: (signed: Signed) => MspId | undefined;
};

/** A kind of statement that proves who makes a request. */
export type RequestProofKind<Signed extends Proof> = ProofKind<Signed, keyof RequestBinding>;

/**
 * Every kind of signed statement, once. The first seven prove who makes a request; a receipt, that a vault has stored an object; a card token,
 * that a card is shown; an introduction, that two pseudonyms are one person's.
 */
export const proofKinds: {
  readonly staff: RequestProofKind<StaffProof>;
  readonly patient: RequestProofKind<PatientProof>;
  readonly delegate: RequestProofKind<DelegateProof>;
  readonly assisted: RequestProofKind<AssistedProof>;
  readonly slot: RequestProofKind<SlotProof>;
  readonly guardian: RequestProofKind<GuardianProof>;
  readonly pin: RequestProofKind<PinProof>;
  readonly receipt: ProofKind<Receipt, keyof Receipt['statement']>;
  readonly introduction: ProofKind<Introduction, 'channel' | 'genesis' | 'mspId'>;
  readonly cardToken: ProofKind<CardToken, (typeof CARD_TOKEN_BOUND)[number]>;
} = {
  staff: {
    schema: staffProofSchema,
    longestMs: STAFF_STATEMENT_MS,
    bound: BOUND_FIELDS,
    signaturesOf: ({ publicKey, signature }) => [{ publicKey, signature }],
    carrierOf: ({ statement }) => statement.msp,
  },
  patient: {
    schema: patientProofSchema,
    longestMs: PATIENT_STATEMENT_MS,
    bound: BOUND_FIELDS,
    signaturesOf: ({ statement: { publicKey }, signature }) => [{ publicKey, signature }],
    carrierOf: () => undefined,
  },
  delegate: {
    schema: delegateProofSchema,
    longestMs: PATIENT_STATEMENT_MS,
    bound: BOUND_FIELDS,
    signaturesOf: ({ statement: { publicKey }, signature }) => [{ publicKey, signature }],
    carrierOf: () => undefined,
  },
  assisted: {
    schema: assistedProofSchema,
    longestMs: STAFF_STATEMENT_MS,
    bound: BOUND_FIELDS,
    signaturesOf: ({ signatures }) => signatures,
    carrierOf: ({ statement }) => statement.msp,
  },
  slot: {
    schema: slotProofSchema,
    longestMs: PATIENT_STATEMENT_MS,
    bound: BOUND_FIELDS,
    signaturesOf: ({ statement: { publicKey }, signature }) => [{ publicKey, signature }],
    carrierOf: () => undefined,
  },
  guardian: {
    schema: guardianProofSchema,
    longestMs: PATIENT_STATEMENT_MS,
    bound: BOUND_FIELDS,
    signaturesOf: ({ statement: { publicKey }, signature }) => [{ publicKey, signature }],
    carrierOf: () => undefined,
  },
  pin: {
    schema: pinProofSchema,
    longestMs: PATIENT_STATEMENT_MS,
    bound: BOUND_FIELDS,
    signaturesOf: ({ statement: { publicKey }, signature }) => [{ publicKey, signature }],
    carrierOf: () => undefined,
  },
  receipt: {
    schema: receiptSchema,
    bound: ['objectSha256', 'versionHash', 'mspId', 'endpointId'],
    signaturesOf: ({ signature }) => [{ publicKey: undefined, signature }],
    carrierOf: () => undefined,
  },
  introduction: {
    schema: introductionSchema,
    longestMs: INTRODUCTION_MS,
    bound: ['channel', 'genesis', 'mspId'],
    signaturesOf: ({ signatures }) => signatures,
    carrierOf: ({ statement }) => statement.mspId,
  },
  cardToken: {
    schema: cardTokenSchema,
    longestMs: CARD_TOKEN_MS,
    bound: CARD_TOKEN_BOUND,
    signaturesOf: ({ publicKey, signature }) => [{ publicKey, signature }],
    carrierOf: ({ statement }) => statement.msp,
  },
};
