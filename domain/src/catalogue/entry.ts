import { type z } from 'zod';
import { type ActingBasis, type DelegatedAct, type DelegationScope } from '../delegated-acts';
import { type ErrorCode } from '../errors/table';
import { type Role } from '../vocabulary';

/**
 * Who may call: an administrator of the own MSP, staff with a role, the patient or the owner of a summary slot by proof, or any
 * member's certificate.
 */
export type Caller =
  | { readonly kind: 'administrator' }
  | { readonly kind: 'staff'; readonly role: Role }
  | { readonly kind: 'patient'; readonly others: DelegatedAct }
  | { readonly kind: 'slot' }
  | { readonly kind: 'guardian' }
  | { readonly kind: 'pin' }
  | { readonly kind: 'member' };

/** One transaction: all that client, chaincode, REST, documents and tests know of it. */
export type TransactionEntry = {
  readonly contract: string;
  readonly name: string;
  /** `evaluate` never writes. */
  readonly kind: 'submit' | 'evaluate';
  readonly summary: string;
  /** The `input` of the argument. */
  readonly request: z.ZodType;
  readonly response: z.ZodType;
  readonly callers: readonly Caller[];
  /** Refusals besides those every transaction may answer ({@link commonRefusals}). */
  readonly refusals: readonly ErrorCode[];
  /** `owner`: only the caller's own organisation endorses, because its private data are touched. */
  readonly endorsement: 'channel' | 'owner';
  /**
   * Whose time must not tell what it is silent about (ADR 0075): `always`, every answer; `unless-permitted`, every one but a permit of all that was
   * asked for. A refusal is such an answer of every transaction.
   */
  readonly evenly?: 'always' | 'unless-permitted';
  /** The value under {@link TRANSIENT_KEY} of the transient map, as canonical JSON. */
  readonly transient?: z.ZodType;
};

/** What a use case receives: parsed and branded. */
export type Input<Entry extends TransactionEntry> = z.output<Entry['request']>;
/** What a client may send: the same without brands. */
export type Request<Entry extends TransactionEntry> = z.input<Entry['request']>;
/** What a transaction answers. */
export type Output<Entry extends TransactionEntry> = z.output<Entry['response']>;
/** The transient value of a transaction that has one. */
export type Transient<Entry extends TransactionEntry> = Entry extends { readonly transient: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : never;

/** `AccessContract:RequestAccess`: the name on the wire and in statements; of a transaction, or of an operation signed for like one. */
export function qualifiedName({ contract, name }: { readonly contract: string; readonly name: string }): string {
  return `${contract}:${name}`;
}

/** The one key of the transient map. */
export const TRANSIENT_KEY = 'lianyi';

/** Refusals the dispatcher may answer to any transaction. */
export const commonRefusals: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'UNKNOWN_TRANSACTION',
  'NOT_PERMITTED',
  'NOT_ACTIVE_ORGANISATION',
  'STAFF_REVOKED',
  'STAFF_PENDING',
  'OFF_DUTY',
  'STALE_KEY',
  'DELEGATION_NOT_IN_FORCE',
  'PATIENT_DECEASED',
  'BEYOND_DELEGATION',
  'TAKE_OVER_FIRST',
  'PSEUDONYM_TAKEN_OVER',
  'SECOND_PERSON_NEEDED',
  'BAD_SIGNATURE',
  'PROOF_MISMATCH',
  'TIME_SKEW',
  'CORRUPT_STATE',
];

export const administrator: Caller = { kind: 'administrator' };
/** Nobody but the patient: who appoints, ends a relationship for ever or takes a pseudonym over. */
export const patientAlone: Caller = { kind: 'patient', others: { bases: [], scopes: [] } };
/** Whoever holds the announced key of a summary slot, or makes one. */
export const slotOwner: Caller = { kind: 'slot' };
/** Whom the patient has named to vouch for them. */
export const guardian: Caller = { kind: 'guardian' };
/** Whoever has the recovery code of a PIN, or has guessed it. */
export const pinHolder: Caller = { kind: 'pin' };
export const member: Caller = { kind: 'member' };

/**
 * The patient, or who acts for them by one of these rights, with any one of these scopes; without a scope it is about the delegate's own key or own
 * delegation. A chosen proxy does not open again what the patient has closed.
 */
export function patientOr(bases: readonly ActingBasis[], ...scopes: readonly DelegationScope[]): Caller {
  return { kind: 'patient', others: { bases, scopes } };
}

/** Staff of an active organisation who hold the role. */
export function staff(role: Role): Caller {
  return { kind: 'staff', role };
}
