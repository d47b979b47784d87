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
    return before && giveWay(before, vouched.said.way, at);
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

type Known = Pick<KnownPatients, 'openRecoveryOf'>;

/** The case that the pseudonym's entry names after the transaction: the one that was open, unless it ends, or the one that is opened. */
export async function openAfter(asking: AskedForRecovery, pseudonym: Pseudonym, known: Known): Promise<RecoveryCaseId | undefined> {
  if (asking.vouched?.said.pseudonym === pseudonym) return asking.vouched.said.caseId;
  const open = await known.openRecoveryOf(pseudonym);
  const after = open && (attempt(() => caseAfter(asking, pseudonym, open.caseId, open)) ?? open);
  return after === undefined || isOver(after) ? undefined : after.caseId;
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
    const open = await known.openRecoveryOf(pseudonym);
    ended.push(...endedOf(written, open, asking, { pseudonym, isDisturbed: disturbed.has(pseudonym) }));
  }
  return ended;
}

function endedOf(
  written: readonly RecoveryCase[],
  open: RecoveryCase | undefined,
  asking: AskedForRecovery,
  { pseudonym, isDisturbed }: { readonly pseudonym: Pseudonym; readonly isDisturbed: boolean },
): readonly (RecoveryFact | AlarmFact)[] {
  const unwritten = unwrittenOf(written, open);
  const over = overUnwritten(unwritten, asking, pseudonym);
  const hidden = hiddenFrom(asking, pseudonym);
  const ended: (RecoveryFact | AlarmFact)[] = over === undefined ? [] : [{ kind: 'recovery', pseudonym, caseId: over.caseId, said: over }];
  const told = (over ?? hidden)?.caseId;
  if (told !== undefined && !isDisturbed) ended.push({ kind: 'alarm', alarm: 'recovery-not-as-commanded', pseudonym, detail: told });
  if (!isDisturbed && hidden === undefined) return ended;
  const still = over === undefined && unwritten !== undefined ? [...written, unwritten] : written;
  return [...ended, ...still.flatMap((each) => voided(each, asking.at))];
}

/** The open case, if the transaction does not write it. */
function unwrittenOf(written: readonly RecoveryCase[], open: RecoveryCase | undefined): RecoveryCase | undefined {
  return open !== undefined && written.every(({ caseId }) => caseId !== open.caseId) ? open : undefined;
}

/** What became of it by what was said, if it is over by that. */
function overUnwritten(unwritten: RecoveryCase | undefined, asking: AskedForRecovery, pseudonym: Pseudonym): RecoveryCase | undefined {
  const after = unwritten && attempt(() => caseAfter(asking, pseudonym, unwritten.caseId, unwritten));
  return after !== undefined && isOver(after) ? after : undefined;
}

/** What somebody vouched for without its being shown to anybody. */
function hiddenFrom({ vouched }: AskedForRecovery, pseudonym: Pseudonym): RecoveryCase | undefined {
  return vouched?.said.pseudonym === pseudonym && !vouched.isShown ? vouched.said : undefined;
}

function voided(each: RecoveryCase, at: Instant): readonly RecoveryFact[] {
  const { pseudonym, caseId } = each;
  return isOver(each) ? [] : [{ kind: 'recovery', pseudonym, caseId, said: supersedeRecovery(each, at) }];
}
