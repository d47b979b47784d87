import {
  giveWay,
  type Instant,
  isDead,
  isOver,
  type Pseudonym,
  type RecoveryCase,
  type RecoveryCaseId,
  standingOf,
  supersedeRecovery,
  transactions,
  vetoRecovery,
} from '@lianyi/domain';
import {
  type AlarmFact,
  type AlarmName,
  type CapacityFact,
  type Command,
  type KnownPatients,
  type PatientFact,
  type RecoveryFact,
} from './patient-facts';
import { attempt } from './strangers-json';

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

function afterPatient({ entry, input }: Command, at: Instant, before: RecoveryCase): RecoveryCase | undefined {
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

type Known = Pick<KnownPatients, 'openRecoveriesOf'>;

/** The cases that the pseudonym's entry names after the transaction: those that were open and do not end, and the one that is opened. */
export async function openAfter(asking: AskedForRecovery, pseudonym: Pseudonym, known: Known): Promise<readonly RecoveryCaseId[]> {
  const open = await known.openRecoveriesOf(pseudonym);
  const after = open.map((each) => attempt(() => caseAfter(asking, pseudonym, each.caseId, each)) ?? each);
  const { said } = asking.vouched ?? {};
  if (said?.pseudonym === pseudonym) after.push(said);
  return [...new Set(after.filter((each) => !isOver(each)).map(({ caseId }) => caseId))];
}

/** By these, others have written what the patient sees of a recovery, or how it stands. */
const DISTURBING: ReadonlySet<AlarmName> = new Set([
  'key-without-command',
  'recovery-without-command',
  'recovery-not-as-commanded',
  'guardians-without-command',
  'guardians-not-as-commanded',
  'command-not-carried-out',
]);

/**
 * Which recoveries end with a transaction besides what it writes of them: what it makes void holds whether or not it is written, and a case is
 * void when others have written what shows it, for the old key may not have heard of it since.
 * @param facts - what else was found in the transaction
 */
export async function endedRecoveries(
  facts: readonly PatientFact[],
  asking: AskedForRecovery,
  known: Known,
): Promise<readonly (RecoveryFact | AlarmFact)[]> {
  const { own, vouched, capacity } = asking;
  const disturbed = new Set(facts.flatMap((fact) => (fact.kind === 'alarm' && DISTURBING.has(fact.alarm) ? [fact.pseudonym] : [])));
  const about = new Set([own?.proof.statement.pseudonym, vouched?.said.pseudonym, capacity?.pseudonym, ...disturbed]);
  const ended: (RecoveryFact | AlarmFact)[] = [];
  for (const pseudonym of about) {
    if (pseudonym === undefined) continue;
    const written = facts.flatMap((fact) => (fact.kind === 'recovery' && fact.pseudonym === pseudonym ? [fact.said] : []));
    const open = await known.openRecoveriesOf(pseudonym);
    ended.push(...endedOf(written, open, asking, { pseudonym, isDisturbed: disturbed.has(pseudonym) }));
  }
  return ended;
}

function endedOf(
  written: readonly RecoveryCase[],
  open: readonly RecoveryCase[],
  asking: AskedForRecovery,
  { pseudonym, isDisturbed }: { readonly pseudonym: Pseudonym; readonly isDisturbed: boolean },
): readonly (RecoveryFact | AlarmFact)[] {
  const unwritten = open.filter(({ caseId }) => written.every((each) => each.caseId !== caseId));
  const over = unwritten.flatMap((each) => overBy(asking, each) ?? []);
  const hidden = hiddenFrom(asking, pseudonym);
  const told = (over.at(0) ?? hidden)?.caseId;
  const ended = [...over.map(factOf), ...(told === undefined || isDisturbed ? [] : [untold(told, pseudonym)])];
  if (!isDisturbed && hidden === undefined) return ended;
  const still = unwritten.filter(({ caseId }) => over.every((each) => each.caseId !== caseId));
  return [...ended, ...[...written, ...still].flatMap((each) => voided(each, asking.at))];
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

/** What somebody vouched for without its being shown to anybody. */
function hiddenFrom({ vouched }: AskedForRecovery, pseudonym: Pseudonym): RecoveryCase | undefined {
  return vouched?.said.pseudonym === pseudonym && !vouched.isShown ? vouched.said : undefined;
}

function voided(each: RecoveryCase, at: Instant): readonly RecoveryFact[] {
  return isOver(each) ? [] : [factOf(supersedeRecovery(each, at))];
}
