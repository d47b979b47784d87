import { hashOfKey, sha256 } from '../crypto/sha256';
import { verifySignature } from '../crypto/verify-signature';
import { type Staff } from '../directory/entities';
import { assertMayAct } from '../directory/staff';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type PublicKey, type Sha256, type Signature } from '../encoding/values';
import { type MspId } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { qualifiedName } from '../catalogue/entry';
import { type CardTokenStatement } from '../registrar/card';
import { type PseudonymEntry } from '../registrar/entities';
import { slotIdOf } from '../owned-ids';
import { type SummarySlot } from '../summary/entities';
import { proofKinds, type RequestProofKind } from './proof-kinds';
import {
  type NetworkIdentity,
  type PatientProof,
  type PatientStatement,
  type Proof,
  type ReceiptStatement,
  type RequestBinding,
  type SlotProof,
  type SlotStatement,
  type StaffProof,
  type StaffStatement,
} from './statements';

/**
 * How far a statement's `issuedAt` may lie ahead, and a process clock beside the proposal's time; in milliseconds. Clocks that a hospital
 * keeps with NTP differ by far less; more would let a thief prolong a stolen proposal.
 */
export const CLOCK_SKEW_MS = 120_000;

/**
 * How long after its proposal a patient's command may be committed and still open something, in milliseconds. The window of a statement is
 * looked at when it is endorsed; a transaction can be kept back from then on, and a patient who was told that it had failed may have
 * decided otherwise.
 */
export const COMMIT_WINDOW_MS = 300_000;

/** The request a proof has to be about; from the proposal, the ledger and the argument, never from the proof. */
export type RequestContext = RequestBinding & { readonly now: Instant };

/** What a statement for this request, on this network, is bound to. */
export function bindingOf(
  { channel, chaincode, genesis }: NetworkIdentity,
  transaction: Parameters<typeof qualifiedName>[0],
  requestHash: Sha256,
): RequestBinding {
  return { channel, chaincode, genesis, transaction: qualifiedName(transaction), requestHash };
}

/** The text whose UTF-8 is signed: the statement's canonical JSON. */
export function statementText(
  statement: StaffStatement | PatientStatement | SlotStatement | ReceiptStatement | CardTokenStatement,
): string {
  return canonicalJson(statement);
}

/** SHA-256 of the signed text: by it the ledger names a patient's command. */
export function statementHashOf(statement: Parameters<typeof statementText>[0]): Sha256 {
  return sha256(statementText(statement));
}

/** Tells whether a statement was signed with this key. */
export function isSignedBy(
  publicKey: PublicKey,
  { statement, signature }: { readonly statement: Parameters<typeof statementText>[0]; readonly signature: Signature },
): boolean {
  return verifySignature(publicKey, statementText(statement), signature);
}

/**
 * Checks all that can be told of a proof without the ledger: bindings, carrier, window, signature.
 *
 * Whether its key is the registered one, only the ledger can say: see {@link checkStaffStatement} and {@link checkPatientStatement}.
 * @throws {@link DomainError} `PROOF_MISMATCH` — a binding differs, or another organisation carries it; `TIME_SKEW` — outside the window;
 * `BAD_SIGNATURE`.
 */
export function checkRequestProof(proof: Proof, context: RequestContext & { readonly carrierMspId?: MspId }): void {
  // the row of the proof's own kind: the compiler does not relate the two
  const kind = proofKinds[proof.kind] as RequestProofKind<Proof>;
  const { statement } = proof;
  for (const field of kind.bound) assertBinding(field, statement[field], context[field]);
  const carrier = kind.carrierOf(proof);
  if (carrier !== undefined) assertBinding('msp', carrier, context.carrierMspId);
  assertWindow(statement, context.now, kind.longestMs);
  const publicKey = kind.publicKeyOf(proof);
  if (publicKey === undefined || !isSignedBy(publicKey, proof)) throw new DomainError('BAD_SIGNATURE');
}

/**
 * Checks that a staff member signed this request and may act now.
 *
 * What the ledger knows of them is told only to who could sign: duty and revocation come after the signature.
 * @throws {@link DomainError} those of {@link checkRequestProof}; `PROOF_MISMATCH` — of another staff member; `BAD_SIGNATURE` — by another
 * key than the registered one; `STAFF_REVOKED`, `STAFF_PENDING`, `OFF_DUTY`.
 */
export function checkStaffStatement(proof: StaffProof, context: RequestContext & { readonly carrierMspId: MspId }, staff: Staff): void {
  const { statement } = proof;
  checkRequestProof(proof, context);
  assertBinding('msp', statement.msp, staff.mspId);
  assertBinding('actorTag', statement.actorTag, staff.actorTag);
  if (hashOfKey(proof.publicKey) !== staff.publicKeyHash) throw new DomainError('BAD_SIGNATURE');
  assertMayAct(staff, context.now);
}

/**
 * Checks that the patient signed this request with the announced one-time key.
 *
 * A submit must announce a key that differs from the one it uses; an evaluate rolls nothing, so its announcement counts for nothing.
 * @throws {@link DomainError} those of {@link checkRequestProof}; `PROOF_MISMATCH` — of another pseudonym, or the key announces itself;
 * `STALE_KEY` — the key is not the announced one; `NOT_PERMITTED` — the pseudonym is closed.
 */
export function checkPatientStatement(
  proof: PatientProof,
  context: RequestContext & { readonly kind: 'submit' | 'evaluate' },
  entry: Pick<PseudonymEntry, 'pseudonym' | 'nextKeyHash' | 'state'>,
): void {
  const { statement } = proof;
  checkRequestProof(proof, context);
  assertBinding('pseudonym', statement.pseudonym, entry.pseudonym);
  if (hashOfKey(statement.publicKey) !== entry.nextKeyHash) throw new DomainError('STALE_KEY');
  if (entry.state !== 'active') throw new DomainError('NOT_PERMITTED', 'the pseudonym is closed');
  if (context.kind === 'submit' && statement.nextKeyHash === entry.nextKeyHash) {
    throw new DomainError('PROOF_MISMATCH', 'the next key is the present one', { field: 'nextKeyHash' });
  }
}

/**
 * Checks that the owner of a summary slot signed this request with the slot's announced one-time key.
 *
 * A slot that is not there yet is its owner's who holds the key that its id is made from: nobody else can make it, and nobody registers it.
 * @param slot - what the ledger has of it; undefined before the first write
 * @throws {@link DomainError} those of {@link checkRequestProof}; `NOT_PERMITTED` — there is no such slot, and the key does not make it;
 * `STALE_KEY` — the key is not the announced one; `PROOF_MISMATCH` — of another slot, or the key announces itself.
 */
export function checkSlotStatement(
  proof: SlotProof,
  context: RequestContext,
  slot: Pick<SummarySlot, 'slotId' | 'nextKeyHash'> | undefined,
): void {
  const { statement } = proof;
  checkRequestProof(proof, context);
  const keyHash = hashOfKey(statement.publicKey);
  if (slot === undefined && slotIdOf(keyHash) !== statement.slotId) throw new DomainError('NOT_PERMITTED', 'no such summary slot');
  if (slot !== undefined) assertBinding('slotId', statement.slotId, slot.slotId);
  if (slot !== undefined && slot.nextKeyHash !== keyHash) throw new DomainError('STALE_KEY');
  if (statement.nextKeyHash === keyHash)
    throw new DomainError('PROOF_MISMATCH', 'the next key is the present one', { field: 'nextKeyHash' });
}

/**
 * The pseudonym after a command: only the announced key signs the next one, and the entry says which statement used the last one up.
 *
 * A key may have signed several statements. Whoever holds them learns from the entry which one was committed; that the key has changed
 * does not say it.
 * @param now the ledger's time of the command's transaction
 */
export function rollKey(entry: PseudonymEntry, statement: PatientStatement, now: Instant): PseudonymEntry {
  return { ...entry, nextKeyHash: statement.nextKeyHash, lastCommand: { statementHash: statementHashOf(statement), at: now } };
}

function assertBinding(field: string, claimed: string, actual: string | undefined): void {
  if (claimed !== actual) throw new DomainError('PROOF_MISMATCH', undefined, { field });
}

function assertWindow({ issuedAt, notAfter }: Proof['statement'], now: Instant, longestMs = 0): void {
  const isTooEarly = issuedAt > addMilliseconds(now, CLOCK_SKEW_MS);
  const isOver = now >= notAfter;
  const isTooLong = notAfter > addMilliseconds(issuedAt, longestMs);
  if (isTooEarly || isOver || isTooLong) throw new DomainError('TIME_SKEW', undefined, { field: isTooEarly ? 'issuedAt' : 'notAfter' });
}
