import {
  giveWay,
  type Instant,
  isDead,
  isOver,
  type Pseudonym,
  recoveryArea,
  type RecoveryCase,
  type RecoveryCaseId,
  recoveryCaseIdSchema,
  recoveryCaseSchema,
  standingOf,
  supersedeRecovery,
  transactions,
  vetoRecovery,
} from '@lianyi/domain';
import { z } from 'zod';
import {
  type AlarmFact,
  type AlarmName,
  type CapacityFact,
  type Command,
  type KnownPatients,
  type PatientFact,
  type RecoveryFact,
} from './patient-facts';
import { type BlockWrite } from '../gateway/block-call';
import { type KnownMembers } from './member-facts';
import { entryAt } from './composite-key';
import { attempt, jsonOf } from './strangers-json';
import { hiddenIn, keyOfPseudonym } from './written-pseudonym';

/** Who vouches for a patient with a transaction, and how that leaves the case. */
export interface Vouched {
  readonly said: RecoveryCase;
  /** Whether the transaction writes it where the patient sees it; else it is nobody's word. */
  readonly isShown: boolean;
}

/** What asks for a change of a recovery: the signed command in the transaction, or who vouches in it, or records a death; and its time. */
export interface AskedForRecovery {
  readonly own: Command | undefined;
  readonly at: Instant;
  readonly vouched: Vouched | undefined;
  readonly capacity: CapacityFact | undefined;
  /** When it was at the earliest: by then a case may have stopped waiting, whatever time its client states. Undefined: that time has not come. */
  readonly seenAt: Instant | undefined;
}

/**
 * The case as the transaction leaves it; undefined if nobody whose word it is has said anything of it. One of the catalogue that writes a case
 * and is missing here raises an alarm.
 * @throws DomainError — the rules refuse it
 */
export function caseAfter(
  { own, at, vouched, capacity }: AskedForRecovery,
  pseudonym: Pseudonym,
  caseId: RecoveryCaseId,
  before: RecoveryCase | undefined,
): RecoveryCase | undefined {
  if (vouched?.said.pseudonym === pseudonym) {
    if (vouched.said.caseId === caseId) return vouched.said;
    return before && giveWay(before, vouched.said, at);
  }
  if (before === undefined) return undefined;
  if (capacity?.kind === 'death' && capacity.pseudonym === pseudonym) return afterDeath(isDead(capacity.said), at, before);
  return own?.proof.kind === 'patient' && own.proof.statement.pseudonym === pseudonym ? afterPatient(own, at, before) : undefined;
}

function afterPatient({ entry, input, isAllowed }: Command, at: Instant, before: RecoveryCase): RecoveryCase | undefined {
  if (!isAllowed) return undefined;
  if (entry.name === transactions.SetGuardians.name) return before.way === 'guardians' ? superseded(before, at) : undefined;
  if (transactions.VetoRecovery.request.safeParse(input).data?.caseId !== before.caseId) return undefined;
  if (entry.name === transactions.VetoRecovery.name) return vetoRecovery(before, at);
  // that the new key may be the pseudonym's was looked at before the command counted
  return entry.name === transactions.CompleteRecovery.name ? { ...before, state: 'completed', changedAt: at } : undefined;
}

/** Nobody vetoes for the dead: what is open when a death is recorded is void. */
function afterDeath(isRecorded: boolean, at: Instant, before: RecoveryCase): RecoveryCase | undefined {
  return isRecorded ? superseded(before, at) : undefined;
}

/** One whose time is over is left as it stands. */
function superseded(before: RecoveryCase, at: Instant): RecoveryCase | undefined {
  return standingOf(before, at) === 'expired' ? undefined : supersedeRecovery(before, at);
}

type Known = Pick<KnownPatients, 'openRecoveriesOf' | 'standingOf' | 'deathOf'> & Pick<KnownMembers, 'custodianOf'>;

/** The cases that the pseudonym's entry names after the transaction: those that were open and do not end, and the one that is opened. */
export async function openAfter(
  asking: AskedForRecovery,
  pseudonym: Pseudonym,
  known: Pick<KnownPatients, 'openRecoveriesOf'>,
): Promise<readonly RecoveryCaseId[]> {
  const open = await known.openRecoveriesOf(pseudonym);
  const after = open.map((each) => attempt(() => caseAfter(asking, pseudonym, each.caseId, each)) ?? each);
  const { said } = asking.vouched ?? {};
  if (said?.pseudonym === pseudonym) after.push(said);
  return [...new Set(after.filter((each) => !isOver(each)).map(({ caseId }) => caseId))];
}

const { recoveryCases } = recoveryArea.entities;
const writtenSchema = z.looseObject({ state: recoveryCaseSchema.shape.state });

/** Whether a written case stands there as open. */
export function isWrittenOpen({ value }: Pick<BlockWrite, 'value'>): boolean {
  const written = writtenSchema.safeParse(jsonOf(value)).data;
  return written !== undefined && !isOver(written);
}

/** The recoveries that stand written as open after a transaction: what the pseudonym's entry may name, whether or not anybody follows it. */
export async function writtenOpenAfter(
  pseudonym: Pseudonym,
  writes: readonly BlockWrite[],
  known: Pick<KnownPatients, 'writtenOpenOf'>,
): Promise<readonly RecoveryCaseId[]> {
  const open = new Set(await known.writtenOpenOf(pseudonym));
  for (const write of writes) {
    const { objectType, parts = [] } = entryAt(write.key) ?? {};
    const caseId = recoveryCaseIdSchema.safeParse(parts[1]).data;
    if (objectType !== recoveryCases.objectType || parts[0] !== pseudonym || caseId === undefined) continue;
    if (isWrittenOpen(write)) open.add(caseId);
    else open.delete(caseId);
  }
  return [...open];
}

/** By these it is told that a transaction left something of a recovery otherwise than it was said. */
const TELLING: ReadonlySet<AlarmName> = new Set([
  'key-without-command',
  'recovery-without-command',
  'recovery-not-as-commanded',
  'recovery-confirmed-by-nobody',
  'guardians-without-command',
  'guardians-not-as-commanded',
  'command-not-carried-out',
  'audit-without-command',
]);
/** By these, others have written how a recovery stands; which one, their detail says. */
const WRITTEN_OVER: ReadonlySet<AlarmName> = new Set(['recovery-without-command', 'recovery-not-as-commanded']);

/**
 * Which recoveries end with a transaction besides what it writes of them: what it makes void holds whether or not it is written, and a case is
 * void when others have written over it or hide it, for the old key may not have heard of it since. What else they write ends none.
 * @param facts - what else was found in the transaction
 */
export async function endedRecoveries(
  facts: readonly PatientFact[],
  writes: readonly BlockWrite[],
  asking: AskedForRecovery,
  known: Known,
): Promise<readonly (RecoveryFact | AlarmFact)[]> {
  const { own, vouched, capacity } = asking;
  const alarms = facts.flatMap((fact) => (fact.kind === 'alarm' && TELLING.has(fact.alarm) ? [fact] : []));
  const about = new Set([own?.proof.statement.pseudonym, vouched?.said.pseudonym, capacity?.pseudonym]);
  for (const { pseudonym } of alarms) about.add(pseudonym);
  const ended: (RecoveryFact | AlarmFact)[] = [];
  for (const pseudonym of about) {
    if (pseudonym === undefined) continue;
    const ofPatient = alarms.filter((alarm) => alarm.pseudonym === pseudonym);
    const written = facts.flatMap((fact) => (fact.kind === 'recovery' && fact.pseudonym === pseudonym ? [fact.said] : []));
    const open = await known.openRecoveriesOf(pseudonym);
    const writtenOver = ofPatient.flatMap(({ alarm, detail }) => (WRITTEN_OVER.has(alarm) && detail !== undefined ? [detail] : []));
    // what is written of a case that nobody follows, or no more, shows nobody less
    const followed = new Set<string>([...open, ...(vouched === undefined ? [] : [vouched.said])].map(({ caseId }) => caseId));
    const hidden = followed.size === 0 ? [] : await hiddenOf(pseudonym, writes, asking, known);
    // which line is erased or rewritten, nobody can tell: it may be the one that shows a case
    const unheard = ofPatient.some(({ alarm }) => alarm === 'audit-without-command') ? followed : [];
    const disturbed = new Set<string>([...writtenOver.filter((caseId) => followed.has(caseId)), ...hidden, ...unheard]);
    ended.push(...endedOf(written, open, asking, { pseudonym, disturbed, isTold: ofPatient.length > 0 }));
  }
  return ended;
}

/** The open recoveries that the pseudonym's entry hides as the transaction writes it. */
async function hiddenOf(
  pseudonym: Pseudonym,
  writes: readonly BlockWrite[],
  asking: AskedForRecovery,
  known: Known,
): Promise<readonly RecoveryCaseId[]> {
  const entries = writes.filter(({ key }) => key === keyOfPseudonym(pseudonym));
  const mspId = await known.custodianOf(pseudonym);
  if (entries.length === 0 || mspId === undefined) return [];
  const { capacity } = asking;
  const death = capacity?.kind === 'death' && capacity.pseudonym === pseudonym ? capacity.said : await known.deathOf(pseudonym);
  const { isAssisted } = await known.standingOf(pseudonym);
  const said = { mspId, isAssisted, isDeceased: isDead(death), recoveries: await openAfter(asking, pseudonym, known) };
  return entries.flatMap((entry) => hiddenIn(entry, said));
}

/** What a transaction does to a patient's recoveries beside what it was asked for: which it hides or writes over, and whether an alarm tells it. */
interface Disturbance {
  readonly pseudonym: Pseudonym;
  readonly disturbed: ReadonlySet<string>;
  readonly isTold: boolean;
}

function endedOf(
  written: readonly RecoveryCase[],
  open: readonly RecoveryCase[],
  asking: AskedForRecovery,
  { pseudonym, disturbed, isTold }: Disturbance,
): readonly (RecoveryFact | AlarmFact)[] {
  const unwritten = open.filter(({ caseId }) => written.every((each) => each.caseId !== caseId));
  const over = unwritten.flatMap((each) => overBy(asking, each) ?? []);
  const unshown = unshownIn(asking, pseudonym, disturbed);
  const told = (over.at(0) ?? unshown)?.caseId;
  const ended = [...over.map(factOf), ...(told === undefined || isTold ? [] : [untold(told, pseudonym)])];
  const still = unwritten.filter(({ caseId }) => over.every((each) => each.caseId !== caseId));
  const isVoid = ({ caseId }: RecoveryCase): boolean => disturbed.has(caseId) || caseId === unshown?.caseId;
  return [...ended, ...[...written, ...still].filter(isVoid).flatMap((each) => voided(each, asking.at))];
}

/** What became of an open case that the transaction does not write, if it is over by what was said. */
function overBy(asking: AskedForRecovery, unwritten: RecoveryCase): RecoveryCase | undefined {
  const after = attempt(() => caseAfter(asking, unwritten.pseudonym, unwritten.caseId, unwritten));
  return after !== undefined && isOver(after) ? after : undefined;
}

function factOf(said: RecoveryCase): RecoveryFact {
  const { pseudonym, caseId } = said;
  return { kind: 'recovery', pseudonym, caseId, said };
}

function untold(detail: RecoveryCaseId, pseudonym: Pseudonym): AlarmFact {
  return { kind: 'alarm', alarm: 'recovery-not-as-commanded', pseudonym, detail };
}

/** What somebody vouched for without its being shown to anybody, or in a transaction that hides another. */
function unshownIn({ vouched }: AskedForRecovery, pseudonym: Pseudonym, disturbed: ReadonlySet<string>): RecoveryCase | undefined {
  return vouched?.said.pseudonym === pseudonym && (!vouched.isShown || disturbed.size > 0) ? vouched.said : undefined;
}

function voided(each: RecoveryCase, at: Instant): readonly RecoveryFact[] {
  return isOver(each) ? [] : [factOf(supersedeRecovery(each, at))];
}
