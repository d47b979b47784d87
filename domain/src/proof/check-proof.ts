import { hashOfKey } from '../crypto/sha256';
import { verifySignature } from '../crypto/verify-signature';
import { type Staff } from '../directory/entities';
import { assertMayAct } from '../directory/staff';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type Sha256 } from '../encoding/values';
import { type MspId } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { type PseudonymEntry } from '../registrar/entities';
import { type PatientProof, type PatientStatement, type ReceiptStatement, type StaffProof, type StaffStatement } from './statements';

/** How far a statement's `issuedAt` may lie ahead, and a process clock beside the proposal's time (security.md T1). */
export const CLOCK_SKEW_MS = 120_000;
/** How long a staff statement may be valid at most. */
export const STAFF_STATEMENT_MS = 600_000;
/** How long a patient's command may be valid at most: a wallet may hand it to a slow carrier. */
export const PATIENT_STATEMENT_MS = 3_600_000;

/** The request a proof has to be about; from the proposal, the ledger and the argument, never from the proof. */
export type RequestContext = {
  readonly channel: string;
  readonly chaincode: string;
  readonly genesis: Sha256;
  readonly transaction: string;
  readonly requestHash: Sha256;
  readonly now: Instant;
};

/** The text whose UTF-8 is signed: the statement's canonical JSON. */
export function statementText(statement: StaffStatement | PatientStatement | ReceiptStatement): string {
  return canonicalJson(statement);
}

/**
 * Checks that a staff member signed this request and may act now.
 *
 * What the ledger knows of them is told only to who could sign: duty and revocation come after the signature.
 * @throws {@link DomainError} `PROOF_MISMATCH` — a binding differs; `TIME_SKEW` — outside the window; `BAD_SIGNATURE` — another key, or
 * not its signature; `STAFF_REVOKED`, `OFF_DUTY`.
 */
export function checkStaffStatement(proof: StaffProof, context: RequestContext & { readonly carrierMspId: MspId }, staff: Staff): void {
  const { statement } = proof;
  assertBindings(statement, context);
  assertBinding('msp', statement.msp, context.carrierMspId);
  assertBinding('msp', statement.msp, staff.mspId);
  assertBinding('actorTag', statement.actorTag, staff.actorTag);
  assertWindow(statement, context.now, STAFF_STATEMENT_MS);
  const isRegisteredKey = hashOfKey(proof.publicKey) === staff.publicKeyHash;
  if (!isRegisteredKey || !verifySignature(proof.publicKey, statementText(statement), proof.signature))
    throw new DomainError('BAD_SIGNATURE');
  assertMayAct(staff, context.now);
}

/**
 * Checks that the patient signed this request with the announced one-time key.
 *
 * A submit must announce a key that differs from the one it uses; an evaluate rolls nothing, so its announcement counts for nothing.
 * @throws {@link DomainError} `PROOF_MISMATCH`, `TIME_SKEW`, `BAD_SIGNATURE` — as {@link checkStaffStatement}; `STALE_KEY` — the key is not
 * the announced one; `NOT_PERMITTED` — the pseudonym is closed.
 */
export function checkPatientStatement(
  proof: PatientProof,
  context: RequestContext & { readonly kind: 'submit' | 'evaluate' },
  entry: PseudonymEntry,
): void {
  const { statement } = proof;
  assertBindings(statement, context);
  assertBinding('pseudonym', statement.pseudonym, entry.pseudonym);
  assertWindow(statement, context.now, PATIENT_STATEMENT_MS);
  if (!verifySignature(statement.publicKey, statementText(statement), proof.signature)) throw new DomainError('BAD_SIGNATURE');
  if (hashOfKey(statement.publicKey) !== entry.nextKeyHash) throw new DomainError('STALE_KEY');
  if (entry.state !== 'active') throw new DomainError('NOT_PERMITTED', 'the pseudonym is closed');
  if (context.kind === 'submit' && statement.nextKeyHash === entry.nextKeyHash) {
    throw new DomainError('PROOF_MISMATCH', 'the next key is the present one', { field: 'nextKeyHash' });
  }
}

/** The pseudonym after a command: only the announced key signs the next one. */
export function rollKey(entry: PseudonymEntry, statement: Pick<PatientStatement, 'nextKeyHash'>): PseudonymEntry {
  return { ...entry, nextKeyHash: statement.nextKeyHash };
}

const BOUND_FIELDS = ['channel', 'chaincode', 'genesis', 'transaction', 'requestHash'] as const;

function assertBindings(statement: StaffStatement | PatientStatement, context: RequestContext): void {
  for (const field of BOUND_FIELDS) assertBinding(field, statement[field], context[field]);
}

function assertBinding(field: string, claimed: string, actual: string): void {
  if (claimed !== actual) throw new DomainError('PROOF_MISMATCH', undefined, { field });
}

function assertWindow({ issuedAt, notAfter }: StaffStatement | PatientStatement, now: Instant, longestMs: number): void {
  const isTooEarly = issuedAt > addMilliseconds(now, CLOCK_SKEW_MS);
  const isOver = now >= notAfter;
  const isTooLong = notAfter > addMilliseconds(issuedAt, longestMs);
  if (isTooEarly || isOver || isTooLong) throw new DomainError('TIME_SKEW', undefined, { field: isTooEarly ? 'issuedAt' : 'notAfter' });
}
