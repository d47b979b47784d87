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
import { assertLiving } from '../capacity/capacity';
import { type Incapacity } from '../capacity/transactions';
import { type ActedFor, assertActsNow } from '../delegation/delegation';
import { type Delegation } from '../delegation/transactions';
import { type Pin } from '../pin/transactions';
import { type CardTokenStatement } from '../registrar/card';
import { type GuardianSet } from '../recovery/entities';
import { type PseudonymEntry } from '../registrar/entities';
import { registrarArea } from '../registrar/transactions';
import { type Role } from '../vocabulary';
import { slotIdOf } from '../owned-ids';
import { type SummarySlot } from '../summary/transactions';
import { proofKinds, type RequestProofKind } from './proof-kinds';
import {
  type AssistedProof,
  type AssistedStatement,
  type DelegateProof,
  type DelegateStatement,
  type DeviceKeyStatement,
  type GuardianProof,
  type ChannelBinding,
  type GuardianStatement,
  type Introduction,
  type IntroductionStatement,
  type NetworkIdentity,
  type ObservationStatement,
  type PatientProof,
  type PatientStatement,
  type PinProof,
  type PinStatement,
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

/** All that the key of a hand-over code may sign. */
const TAKE_OVER = qualifiedName(registrarArea.transactions.TakeOverPseudonym);

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
  statement:
    | StaffStatement
    | PatientStatement
    | DelegateStatement
    | AssistedStatement
    | SlotStatement
    | GuardianStatement
    | PinStatement
    | ReceiptStatement
    | CardTokenStatement
    | IntroductionStatement
    | DeviceKeyStatement
    | ObservationStatement,
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
  for (const { publicKey, signature } of kind.signaturesOf(proof))
    if (publicKey === undefined || !isSignedBy(publicKey, { statement, signature })) throw new DomainError('BAD_SIGNATURE');
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
 * `STALE_KEY` — the key is not the announced one; `NOT_PERMITTED` — the pseudonym is closed; `PATIENT_DECEASED`; `TAKE_OVER_FIRST` — it is signed with the
 * hand-over code, which is good for taking over and nothing else.
 */
export function checkPatientStatement(
  proof: PatientProof,
  context: RequestContext & { readonly kind: 'submit' | 'evaluate' },
  entry: Pick<PseudonymEntry, 'pseudonym' | 'nextKeyHash' | 'state' | 'kind' | 'isDeceased'>,
): void {
  const { statement } = proof;
  checkRequestProof(proof, context);
  assertBinding('pseudonym', statement.pseudonym, entry.pseudonym);
  assertAnnouncedKey(statement, entry, context.kind);
  if (entry.state !== 'active') throw new DomainError('NOT_PERMITTED', 'the pseudonym is closed');
  assertLiving(entry);
  assertOnlyTakesOver(entry, context.transaction);
}

/** Whoever has printed or seen a hand-over code could else pass for the patient in anything, unnoticed. @throws {@link DomainError} `TAKE_OVER_FIRST` */
function assertOnlyTakesOver({ kind }: Pick<PseudonymEntry, 'kind'>, transaction: string): void {
  if (kind === 'assisted' && transaction !== TAKE_OVER) throw new DomainError('TAKE_OVER_FIRST');
}

/**
 * Checks that a delegate signed this request, for the patient of their delegation, with the announced one-time key of the delegation, and that
 * the delegation is in force. What a delegate may ask for, `assertMayDelegate` says.
 *
 * Whether it is in force is told only to who could sign.
 * @throws {@link DomainError} those of {@link checkPatientStatement}; `PROOF_MISMATCH` — of another delegation; `DELEGATION_NOT_IN_FORCE`;
 * `PSEUDONYM_TAKEN_OVER` — a parent’s, and the patient has a wallet by now; `PATIENT_DECEASED`
 *
 * @param incapacity - what the ledger has of the patient's capacity; asked only of who acts in that case
 */
export function checkDelegateStatement(
  proof: DelegateProof,
  context: RequestContext & { readonly kind: 'submit' | 'evaluate' },
  delegation: Pick<Delegation, 'pseudonym' | 'delegationId' | 'nextKeyHash' | 'state' | 'validUntil' | 'basis' | 'onIncapacity'>,
  of: ActedFor,
  incapacity?: Incapacity,
): void {
  checkDelegateSignature(proof, context, delegation);
  assertActsNow(delegation, of, context.now, incapacity);
}

/**
 * Checks that the announced one-time key of the delegation has signed this request. Whether the delegation is in force is another question: who
 * follows the keys through the blocks may not know that it is, and the key is used up all the same.
 * @throws {@link DomainError} those of {@link checkRequestProof}; `PROOF_MISMATCH` — of another pseudonym or delegation, or the key announces
 * itself; `STALE_KEY` — the key is not the announced one
 */
export function checkDelegateSignature(
  proof: DelegateProof,
  context: RequestContext & { readonly kind: 'submit' | 'evaluate' },
  delegation: Pick<Delegation, 'pseudonym' | 'delegationId' | 'nextKeyHash'>,
): void {
  const { statement } = proof;
  checkRequestProof(proof, context);
  assertBinding('pseudonym', statement.pseudonym, delegation.pseudonym);
  assertBinding('delegationId', statement.delegationId, delegation.delegationId);
  assertAnnouncedKey(statement, delegation, context.kind);
}

/** Roles of which one of the two must be: whoever knows the patient at the bedside, beside a registrar. */
const CARING_ROLES: readonly Role[] = ['clinician', 'nurse'];

/**
 * Checks that two staff members of different roles, a registrar and one who cares for patients, signed this request for a patient of their
 * hospital who has no device, and that nothing was said for the patient since.
 *
 * @param staff - their entries, in the order of the statement
 * @throws {@link DomainError} those of {@link checkStaffStatement}; `SECOND_PERSON_NEEDED` — one person, or not of the two kinds of role;
 * `NOT_PERMITTED` — a closed pseudonym, or another hospital's; `PSEUDONYM_TAKEN_OVER` — the patient has it; `STALE_KEY` — something was said since
 */
export function checkAssistedStatement(
  proof: AssistedProof,
  context: RequestContext & { readonly carrierMspId: MspId },
  staff: readonly [Staff, Staff],
  entry: AssistedEntry & Pick<PseudonymEntry, 'isDeceased'>,
): void {
  checkRequestProof(proof, context);
  assertBinding('pseudonym', proof.statement.pseudonym, entry.pseudonym);
  assertAssistants(proof, staff, context.now);
  assertSaidNext(proof.statement, entry);
  assertLiving(entry);
}

/**
 * Checks all of a statement for a patient who has no device but whose it is: that two keys have signed this request, that the patient's hospital
 * carries it, and that nothing was said for the patient since. Who follows the statements through the blocks may not know the two, and it is
 * the last one all the same.
 * @throws {@link DomainError} those of {@link checkRequestProof}; `NOT_PERMITTED` — a closed pseudonym, or another hospital's;
 * `PSEUDONYM_TAKEN_OVER` — the patient has it; `STALE_KEY` — something was said since
 */
export function checkAssistedSignatures(
  proof: AssistedProof,
  context: RequestContext & { readonly carrierMspId: MspId },
  entry: AssistedEntry,
): void {
  checkRequestProof(proof, context);
  assertBinding('pseudonym', proof.statement.pseudonym, entry.pseudonym);
  assertSaidNext(proof.statement, entry);
}

/**
 * Holds the two who have signed for a patient to be these two of the patient's hospital, who may.
 * @param staff - their entries, in the order of the statement
 * @throws {@link DomainError} `PROOF_MISMATCH` — others; `BAD_SIGNATURE` — by another key than the registered one; `SECOND_PERSON_NEEDED`;
 * `STAFF_REVOKED`, `STAFF_PENDING`, `OFF_DUTY`
 */
export function assertAssistants({ statement, signatures }: AssistedProof, staff: readonly [Staff, Staff], now: Instant): void {
  for (const index of [0, 1] as const) {
    assertBinding('msp', statement.msp, staff[index].mspId);
    assertBinding('actorTags', statement.actorTags[index], staff[index].actorTag);
    if (hashOfKey(signatures[index].publicKey) !== staff[index].publicKeyHash) throw new DomainError('BAD_SIGNATURE');
    assertMayAct(staff[index], now);
  }
  assertTwoRoles(staff);
}

/** What the ledger has of a patient for whom staff speak. */
type AssistedEntry = Pick<PseudonymEntry, 'pseudonym' | 'mspId' | 'state' | 'kind' | 'lastCommand'>;

function assertSaidNext(statement: AssistedStatement, { mspId, state, kind, lastCommand }: AssistedEntry): void {
  if (mspId !== statement.msp || state !== 'active') throw new DomainError('NOT_PERMITTED', 'no open pseudonym of their hospital');
  if (kind !== 'assisted') throw new DomainError('PSEUDONYM_TAKEN_OVER');
  if (statement.after !== lastCommand?.statementHash) throw new DomainError('STALE_KEY');
}

/**
 * Holds two who act for a patient to be two: a registrar, and one who cares for patients.
 * @throws {@link DomainError} `SECOND_PERSON_NEEDED`
 */
export function assertTwoRoles([one, other]: readonly [Staff, Staff]): void {
  const cares = ({ roles }: Staff): boolean => roles.some((role) => CARING_ROLES.includes(role));
  const registers = ({ roles }: Staff): boolean => roles.includes('registrar');
  const areTwo = one.actorTag !== other.actorTag && ((registers(one) && cares(other)) || (registers(other) && cares(one)));
  if (!areTwo) throw new DomainError('SECOND_PERSON_NEEDED', 'a registrar and a clinician or nurse act together');
}

/** The pseudonym after an assisted command: its key stays that of the hand-over code. */
export function noteAssistance(entry: PseudonymEntry, statement: AssistedStatement, now: Instant): PseudonymEntry {
  return { ...entry, lastCommand: { statementHash: statementHashOf(statement), at: now } };
}

function assertAnnouncedKey(
  statement: Pick<PatientStatement, 'publicKey' | 'nextKeyHash'>,
  { nextKeyHash }: Pick<PseudonymEntry, 'nextKeyHash'>,
  kind: 'submit' | 'evaluate',
): void {
  if (hashOfKey(statement.publicKey) !== nextKeyHash) throw new DomainError('STALE_KEY');
  if (kind === 'submit' && statement.nextKeyHash === nextKeyHash) {
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
 * Checks that somebody whom the patient has named to vouch for them signed this request.
 *
 * Who is a guardian is told only to who could sign.
 * @param set - whom the ledger has as named; undefined: nobody
 * @throws {@link DomainError} those of {@link checkRequestProof}; `PROOF_MISMATCH` — of another pseudonym; `NOT_PERMITTED` — the key is none of
 * those that the patient has named
 */
export function checkGuardianStatement(
  proof: GuardianProof,
  context: RequestContext,
  set: Pick<GuardianSet, 'pseudonym' | 'guardians'> | undefined,
): void {
  const { statement } = proof;
  checkRequestProof(proof, context);
  if (set === undefined) throw new DomainError('NOT_PERMITTED', 'no such guardian');
  assertBinding('pseudonym', statement.pseudonym, set.pseudonym);
  if (!set.guardians.includes(hashOfKey(statement.publicKey))) throw new DomainError('NOT_PERMITTED', 'no such guardian');
}

/**
 * Checks that whoever has the recovery code of a PIN signed this request, or who has guessed it right. Which of the two may ask for this, the rule
 * of the step says.
 * @param pin - what the ledger has of it; undefined: nothing
 * @throws {@link DomainError} those of {@link checkRequestProof}; `NOT_PERMITTED` — there is no such PIN, or the key is neither of the two;
 * `PROOF_MISMATCH` — of another PIN
 */
export function checkPinStatement(
  proof: PinProof,
  context: RequestContext,
  pin: Pick<Pin, 'pinId' | 'finderKeyHash' | 'vault'> | undefined,
): void {
  const { statement } = proof;
  checkRequestProof(proof, context);
  if (pin === undefined) throw new DomainError('NOT_PERMITTED', 'no such PIN');
  assertBinding('pinId', statement.pinId, pin.pinId);
  const keyHash = hashOfKey(statement.publicKey);
  if (keyHash !== pin.finderKeyHash && keyHash !== pin.vault?.openKeyHash) throw new DomainError('NOT_PERMITTED', 'no such PIN');
}

/**
 * Checks all of an introduction that can be told without the ledger: for whom it is, its window, and that it is signed for the pseudonyms that it
 * must be signed for: both, or to be withdrawn one.
 * @throws {@link DomainError} `PROOF_MISMATCH` — for another member or channel, or of other pseudonyms; `TIME_SKEW`; `BAD_SIGNATURE`
 */
export function checkIntroduction(
  introduction: Introduction,
  place: ChannelBinding & { readonly mspId: MspId; readonly now: Instant },
): void {
  const { statement, signatures } = introduction;
  const { bound, longestMs } = proofKinds.introduction;
  for (const field of bound) assertBinding(field, statement[field], place[field]);
  assertWindow(statement, place.now, longestMs);
  const signers = new Set(signatures.map(({ pseudonym }) => pseudonym));
  const areTheirs = signers.size === signatures.length && [...signers].every((each) => statement.pseudonyms.includes(each));
  if (!areTheirs || (statement.act === 'introduce' && signers.size < 2))
    throw new DomainError('PROOF_MISMATCH', undefined, { field: 'pseudonyms' });
  for (const { publicKey, signature } of signatures)
    if (!isSignedBy(publicKey, { statement, signature })) throw new DomainError('BAD_SIGNATURE');
}

/**
 * Checks that a key that has signed an introduction is the one that the ledger announces for its pseudonym, and that its patient speaks for it.
 * @throws {@link DomainError} `STALE_KEY`; `NOT_PERMITTED` — the pseudonym is closed; `PATIENT_DECEASED`; `TAKE_OVER_FIRST`
 */
export function checkIntroducer(
  { publicKey }: Introduction['signatures'][number],
  entry: Pick<PseudonymEntry, 'nextKeyHash' | 'state' | 'kind' | 'isDeceased'>,
): void {
  if (hashOfKey(publicKey) !== entry.nextKeyHash) throw new DomainError('STALE_KEY');
  if (entry.state !== 'active') throw new DomainError('NOT_PERMITTED', 'the pseudonym is closed');
  assertLiving(entry);
  if (entry.kind === 'assisted') throw new DomainError('TAKE_OVER_FIRST');
}

/**
 * The pseudonym, or the delegation, after a command: only the announced key signs the next one, and the entry says which statement used the last one up.
 *
 * A key may have signed several statements. Whoever holds them learns from the entry which one was committed; that the key has changed
 * does not say it.
 * @param now the ledger's time of the command's transaction
 */
export function rollKey<Chain extends Pick<PseudonymEntry, 'nextKeyHash' | 'lastCommand'>>(
  entry: Chain,
  statement: PatientStatement | DelegateStatement,
  now: Instant,
): Chain {
  return { ...entry, nextKeyHash: statement.nextKeyHash, lastCommand: { statementHash: statementHashOf(statement), at: now } };
}

function assertBinding(field: string, claimed: string, actual: string | undefined): void {
  if (claimed !== actual) throw new DomainError('PROOF_MISMATCH', undefined, { field });
}

function assertWindow({ issuedAt, notAfter }: Pick<StaffStatement, 'issuedAt' | 'notAfter'>, now: Instant, longestMs = 0): void {
  const isTooEarly = issuedAt > addMilliseconds(now, CLOCK_SKEW_MS);
  const isOver = now >= notAfter;
  const isTooLong = notAfter > addMilliseconds(issuedAt, longestMs);
  if (isTooEarly || isOver || isTooLong) throw new DomainError('TIME_SKEW', undefined, { field: isTooEarly ? 'issuedAt' : 'notAfter' });
}
