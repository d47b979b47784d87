import { z } from 'zod';
import { type ActorReference, type Origin } from '../actor';
import { assertLiving } from '../capacity/capacity';
import { hashOfJson } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { saltSchema, type Sha256 } from '../encoding/values';
import { type Pseudonym, type RecoveryCaseId } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { type PseudonymEntry } from '../registrar/entities';
import { confirmedOnceMore, nextState, type StateTable } from '../state-table';
import {
  type GuardianSet,
  MOST_OPEN_BY_REGISTRARS,
  RE_PROOFING_COOLING_OFF_MINUTES,
  type RecoveryCase,
  type RecoveryState,
} from './entities';

export type RecoveryCommand = 'approve' | 'suffice' | 'reconfirm' | 'complete' | 'veto' | 'expire' | 'supersede';

/**
 * What is over stays over: who is still without a key opens a new case, with a new key. What registrars have vouched for may be confirmed once
 * more by another one: a hospital that believes the first of them nothing believes it then, and no time is lost.
 */
export const recoveryTable: StateTable<RecoveryState, RecoveryCommand> = {
  opened: { approve: 'opened', suffice: 'coolingOff', veto: 'vetoed', expire: 'expired', supersede: 'superseded' },
  coolingOff: { reconfirm: 'coolingOff', complete: 'completed', veto: 'vetoed', expire: 'expired', supersede: 'superseded' },
  completed: {},
  vetoed: {},
  expired: {},
  superseded: {},
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long a case waits for those who vouch, from its opening on: it is in nobody's way but that of who has opened it. */
const GATHERING_MS = 72 * HOUR_MS;
/** How long after the cooling-off the new key may complete it. */
const CLAIM_MS = 30 * 24 * HOUR_MS;

/** When and by what request a case is opened, and what the members of the network have agreed on. */
export interface Circumstances {
  readonly now: Instant;
  readonly origin: Origin;
  /** For how long the old key may veto at least, by whatever way. */
  readonly leastCoolingOffMinutes: number;
}

/** The least time for the old key as an organisation states it, or a network has it, in minutes; one that says nothing of it means a week, as for registrars. */
export function leastCoolingOffOf({ leastCoolingOffMinutes }: { readonly leastCoolingOffMinutes?: number }): number {
  return leastCoolingOffMinutes ?? RE_PROOFING_COOLING_OFF_MINUTES;
}

/** @throws {@link DomainError} `COOLING_OFF_TOO_SHORT` — the members of the network have agreed on more, which details name */
export function assertCoolingOff({ coolingOffMinutes }: Pick<GuardianSet, 'coolingOffMinutes'>, leastCoolingOffMinutes: number): void {
  if (coolingOffMinutes < leastCoolingOffMinutes) throw new DomainError('COOLING_OFF_TOO_SHORT', undefined, { leastCoolingOffMinutes });
}

/**
 * Names who vouches for a patient, in the place of whom they have named before.
 * @throws {@link DomainError} `GUARDIAN_THRESHOLD` — fewer than two would be enough, or more than there are
 */
export function setGuardians(
  named: Pick<GuardianSet, 'pseudonym' | 'guardians' | 'threshold' | 'coolingOffMinutes'>,
  now: Instant,
  origin: Origin,
): GuardianSet {
  const { pseudonym, guardians, threshold, coolingOffMinutes } = named;
  const isNobody = guardians.length === 0 && threshold === 0;
  if (!isNobody && (threshold < 2 || threshold > guardians.length)) {
    throw new DomainError('GUARDIAN_THRESHOLD', undefined, { guardians: guardians.length, threshold });
  }
  return { schemaVersion: 1, pseudonym, guardians: [...guardians], threshold, coolingOffMinutes, setAt: now, origin };
}

/** What the new wallet has made. */
export type RecoveryDraft = { readonly pseudonym: Pseudonym; readonly caseId: RecoveryCaseId; readonly newKeyHash: Sha256 };

/** A case that a guardian opens, who with that approves it. */
export function openByGuardian(draft: RecoveryDraft, guardian: Sha256, set: GuardianSet, by: Circumstances): RecoveryCase {
  const opened = newCase(draft, set.coolingOffMinutes, by);
  return approveRecovery({ ...opened, way: 'guardians', guardiansSetAt: set.setAt }, guardian, set, by.now);
}

/**
 * A case that a registrar of the patient's hospital opens, who has met them; one of another hospital confirms it.
 * @param set - whom the patient has named, if anybody: a longer time for the old key than a week counts for this way, too
 */
export function openByRegistrar(draft: RecoveryDraft, evidence: Sha256, set: GuardianSet | undefined, by: Circumstances): RecoveryCase {
  const minutes = Math.max(RE_PROOFING_COOLING_OFF_MINUTES, set?.coolingOffMinutes ?? 0);
  return { ...newCase(draft, minutes, by), way: 're-proofing', evidence };
}

/** @param coolingOffMinutes - what the patient has said, if they have; where the members have agreed on more, that counts */
function newCase(
  { pseudonym, caseId, newKeyHash }: RecoveryDraft,
  coolingOffMinutes: number,
  { now, origin, leastCoolingOffMinutes }: Circumstances,
): Omit<RecoveryCase, 'way'> {
  const coolingOffUntil = addMilliseconds(now, Math.max(coolingOffMinutes, leastCoolingOffMinutes) * MINUTE_MS);
  const made = { openedAt: now, coolingOffUntil, changedAt: now, origin };
  return { schemaVersion: 1, pseudonym, caseId, state: 'opened', newKeyHash, approvals: [], ...made };
}

/**
 * How a case stands: as it is written, or `expired` once its time is over, for which nothing is written until the next one is opened.
 */
export function standingOf(recovery: Pick<RecoveryCase, 'state' | 'openedAt' | 'coolingOffUntil'>, now: Instant): RecoveryState {
  const { state, openedAt, coolingOffUntil } = recovery;
  if (state === 'opened' && now >= addMilliseconds(openedAt, GATHERING_MS)) return 'expired';
  if (state === 'coolingOff' && now >= addMilliseconds(coolingOffUntil, CLAIM_MS)) return 'expired';
  return state;
}

/** Whether nothing comes of a case any more, as it is written; one whose time is over may be written as open. */
export function isOver({ state }: Pick<RecoveryCase, 'state'>): boolean {
  return Object.keys(recoveryTable[state]).length === 0;
}

/**
 * Holds whoever opens a case to one at a time. Cases of others wait beside it, so that nobody alone keeps a patient from coming back: no
 * guardian the other guardians or the registrars, no registrar the guardians or the other registrars. Once enough have vouched for one, no
 * other is opened until it is over.
 *
 * @param others - the cases that the pseudonym's entry names
 * @throws {@link DomainError} `RECOVERY_OPEN` — details say which one is, and until when the old key may veto it
 */
export function assertRoom(others: readonly RecoveryCase[], opened: RecoveryCase, now: Instant): void {
  const open = others.filter((each) => standingOf(each, now) !== 'expired');
  const byRegistrars = open.filter(({ way }) => way === 're-proofing');
  const isFull = opened.way === 're-proofing' && byRegistrars.length >= MOST_OPEN_BY_REGISTRARS;
  const inTheWay =
    open.find((each) => each.state === 'coolingOff' || isSameOpener(each, opened)) ?? (isFull ? byRegistrars.at(0) : undefined);
  if (inTheWay === undefined) return;
  const { caseId, coolingOffUntil } = inTheWay;
  throw new DomainError('RECOVERY_OPEN', undefined, { caseId, coolingOffUntil });
}

function isSameOpener(one: RecoveryCase, other: RecoveryCase): boolean {
  return canonicalJson(one.origin.actor) === canonicalJson(other.origin.actor);
}

/**
 * What becomes of another open case when somebody vouches: one whose time is over is written as expired, and one that waits is void once
 * enough have vouched.
 *
 * @param vouched - the case for which somebody vouches, as that leaves it
 * @returns the other case as it is from now on; undefined: as it was
 */
export function giveWay(other: RecoveryCase, vouched: RecoveryCase, now: Instant): RecoveryCase | undefined {
  if (standingOf(other, now) === 'expired') return { ...other, state: nextState(recoveryTable, other.state, 'expire'), changedAt: now };
  return vouched.state === 'coolingOff' ? supersedeRecovery(other, now) : undefined;
}

/** A case that another word of the patient, or another case, has made void. @throws {@link DomainError} `ILLEGAL_STATE` — it is over. */
export function supersedeRecovery(recovery: RecoveryCase, now: Instant): RecoveryCase {
  return { ...recovery, state: nextState(recoveryTable, recovery.state, 'supersede'), changedAt: now };
}

/**
 * A case after a guardian's approval. With the last one that it takes, only the time of the cooling-off is missing.
 * @param guardian - hash of the key that signs, one of the set's
 * @throws {@link DomainError} `ILLEGAL_STATE` — on the other way, or not open any more; `ALREADY_EXISTS` — they have approved it already;
 * `RECOVERY_EXPIRED`; `NOT_PERMITTED` — the patient has named others since
 */
export function approveRecovery(recovery: RecoveryCase, guardian: Sha256, set: GuardianSet, now: Instant): RecoveryCase {
  assertWay(recovery, 'guardians', 'approve');
  assertGuardiansOf(recovery, set);
  const approvals = [...recovery.approvals, guardian];
  const command = approvals.length >= set.threshold ? 'suffice' : 'approve';
  const state = nextState(recoveryTable, recovery.state, command);
  assertNotExpired(recovery, now);
  if (recovery.approvals.includes(guardian)) throw new DomainError('ALREADY_EXISTS', 'this guardian has approved it already');
  return { ...recovery, approvals, state, changedAt: now };
}

/**
 * Confirms what a registrar of the patient's hospital has proposed, or what another one has confirmed before. The cooling-off runs from the
 * opening and stays as it is.
 * @param by - who confirms
 * @throws {@link DomainError} `ILLEGAL_STATE` — on the other way, confirmed by them or enough of their hospital, or not open any more;
 * `SECOND_PERSON_NEEDED` — somebody of the same organisation; `HASH_MISMATCH` — who confirms was shown something else; `RECOVERY_EXPIRED`
 */
export function confirmRecovery(recovery: RecoveryCase, by: ActorReference, evidence: Sha256, now: Instant): RecoveryCase {
  assertWay(recovery, 're-proofing', 'confirm');
  const state = nextState(recoveryTable, recovery.state, recovery.state === 'coolingOff' ? 'reconfirm' : 'suffice');
  assertNotExpired(recovery, now);
  const { actor } = recovery.origin;
  const confirmed = confirmedOnceMore(recovery, by, { state, command: 'reconfirm' });
  const isOfAnother = by.kind === 'staff' && actor.kind === 'staff' && by.mspId !== actor.mspId;
  if (!isOfAnother) throw new DomainError('SECOND_PERSON_NEEDED', 'a registrar of another hospital confirms it');
  if (evidence !== recovery.evidence) throw new DomainError('HASH_MISMATCH', undefined, { field: 'evidence' });
  return { ...recovery, state, ...confirmed, changedAt: now };
}

/**
 * A case as it is shown to everybody when it is confirmed by somebody whom nobody believes: it is cooling off, and waits all the same for
 * somebody who is believed. The chaincode never has one; whoever follows it holds the rules to it.
 */
export function confirmedByNobody(recovery: RecoveryCase): RecoveryCase {
  assertWay(recovery, 're-proofing', 'confirm');
  return { ...recovery, state: nextState(recoveryTable, recovery.state, recovery.state === 'coolingOff' ? 'reconfirm' : 'suffice') };
}

/** Whether a case that is shown as cooling off waits for a registrar whose word counts. */
export function isConfirmedByNobody({ way, state, confirmedBy }: Pick<RecoveryCase, 'way' | 'state' | 'confirmedBy'>): boolean {
  return way === 're-proofing' && state === 'coolingOff' && confirmedBy === undefined;
}

/** A case that the old key has refused. @throws {@link DomainError} `ILLEGAL_STATE` — it is over. */
export function vetoRecovery(recovery: RecoveryCase, now: Instant): RecoveryCase {
  return { ...recovery, state: nextState(recoveryTable, recovery.state, 'veto'), changedAt: now };
}

/**
 * A case whose new key is the pseudonym's from now on.
 * @param set - whom the patient has named, as the ledger has it now
 * @throws {@link DomainError} `ILLEGAL_STATE` — too few have vouched, or it is over; `RECOVERY_NOT_DUE` — details say until when the old key
 * may veto; `RECOVERY_EXPIRED`; `NOT_PERMITTED` — the patient has named others since
 */
export function completeRecovery(recovery: RecoveryCase, set: GuardianSet | undefined, now: Instant): RecoveryCase {
  const state = nextState(recoveryTable, recovery.state, 'complete');
  const { coolingOffUntil } = recovery;
  if (now < coolingOffUntil) throw new DomainError('RECOVERY_NOT_DUE', undefined, { coolingOffUntil });
  assertNotExpired(recovery, now);
  if (recovery.way === 'guardians') assertGuardiansOf(recovery, set);
  if (isConfirmedByNobody(recovery))
    throw new DomainError('ILLEGAL_STATE', 'nobody who is believed has confirmed it', { state: recovery.state, command: 'complete' });
  return { ...recovery, state, changedAt: now };
}

/** The pseudonym as its new key finds it: what that key signs, the command rolls on from. */
export function withNewKey<Entry extends Pick<PseudonymEntry, 'nextKeyHash'>>(entry: Entry, { newKeyHash }: RecoveryCase): Entry {
  return { ...entry, nextKeyHash: newKeyHash };
}

/** The pseudonym as it names what is open of it. */
export function withRecoveries(entry: PseudonymEntry, recoveries: readonly RecoveryCaseId[]): PseudonymEntry {
  if (recoveries.length > 0) return { ...entry, recoveries: [...recoveries] };
  const closed = { ...entry };
  delete closed.recoveries;
  return closed;
}

/** The pseudonym once these cases of it are not open any more. */
export function withoutRecoveries(entry: PseudonymEntry, over: readonly RecoveryCaseId[]): PseudonymEntry {
  return withRecoveries(
    entry,
    (entry.recoveries ?? []).filter((each) => !over.includes(each)),
  );
}

/**
 * Holds recoveries to patients who have lost a wallet: who has none takes the pseudonym over by its receipt.
 * @throws {@link DomainError} `ILLEGAL_STATE` — others act for the patient, or the pseudonym is closed; `PATIENT_DECEASED`
 */
export function assertHadWallet(entry: Pick<PseudonymEntry, 'kind' | 'state' | 'isDeceased'>): void {
  const { kind, state } = entry;
  assertLiving(entry);
  if (kind === 'assisted') throw new DomainError('ILLEGAL_STATE', 'nobody has a wallet of it', { state: kind, command: 'open' });
  if (state !== 'active') throw new DomainError('ILLEGAL_STATE', 'the pseudonym is closed', { state, command: 'open' });
}

function assertWay({ way, state }: RecoveryCase, expected: RecoveryCase['way'], command: string): void {
  if (way !== expected) throw new DomainError('ILLEGAL_STATE', 'others vouch on this way', { way, state, command });
}

/** Who has approved counts as long as they are whom the patient has named last. */
function assertGuardiansOf({ guardiansSetAt }: RecoveryCase, set: GuardianSet | undefined): void {
  if (set?.setAt !== guardiansSetAt) throw new DomainError('NOT_PERMITTED', 'the patient has named others since');
}

function assertNotExpired(recovery: RecoveryCase, now: Instant): void {
  if (standingOf(recovery, now) === 'expired') throw new DomainError('RECOVERY_EXPIRED');
}

/** What two registrars were shown of a patient who has lost everything. It stays with the hospitals; the ledger has a salted hash of it. */
export const reProofingEvidenceSchema = z.strictObject({
  /** Which documents were shown and how the patient was known, in the hospital's own words. */
  shown: z.string().min(1).max(512),
  salt: saltSchema,
});
export type ReProofingEvidence = z.output<typeof reProofingEvidenceSchema>;

/** The commitment that the ledger keeps: of this evidence, for this case and no other. */
export function reProofingCommitment(of: Pick<RecoveryDraft, 'pseudonym' | 'caseId'>, { shown, salt }: ReProofingEvidence): Sha256 {
  return hashOfJson(['lianyi/re-proofing/v1', of.pseudonym, of.caseId, shown, salt]);
}
