import {
  addMilliseconds,
  capacityArea,
  CLOCK_SKEW_MS,
  confirmDeath,
  confirmIncapacity,
  type Death,
  deathSchema,
  declareIncapacity,
  disputeDeath,
  type EventName,
  type Incapacity,
  incapacitySchema,
  type LastCommand,
  type Pseudonym,
  proposeDeath,
  referenceTo,
  revokeDeath,
  transactionByName,
  transactions,
} from '@lianyi/domain';
import { type BlockCall, type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { type KnownMembers } from './member-facts';
import { type AlarmFact, type CapacityFact, type KnownAlarms, type KnownPatients, type KnownStanding } from './patient-facts';
import { attempt } from './strangers-json';
import { type Timeliness } from './timeliness';
import { isWrittenAsSaid, madeBySchema } from './whole-entry';
import { isTold, type ToldLine } from './written-audit';
import { isOfHospital } from './written-organisation';

const { incapacities, deaths } = capacityArea.entities;

/** Whether a key is one of what is said of a patient's capacity or death. */
export function isOfCapacity(type: string | undefined): boolean {
  return type === incapacities.objectType || type === deaths.objectType;
}

type Known = Pick<KnownPatients, 'incapacityOf' | 'deathOf' | 'standingOf'> & Pick<KnownMembers, 'custodianOf' | 'kindsOf'>;

/** How staff say whether a patient can decide, or lives. */
interface Step {
  /** Whether it takes the patient's own hospital, or another one. */
  readonly isOfOwn: boolean;
  /** By which line of their audit the patient, who may object, is told; without one, it only gives the patient their own key back, and may come late. */
  readonly line?: EventName;
}

const steps: Readonly<Record<string, Step>> = {
  [transactions.DeclareIncapacity.name]: { isOfOwn: true, line: 'IncapacityDeclared' },
  [transactions.ConfirmIncapacity.name]: { isOfOwn: false, line: 'IncapacityConfirmed' },
  [transactions.ProposeDeath.name]: { isOfOwn: true, line: 'DeathProposed' },
  [transactions.ConfirmDeath.name]: { isOfOwn: false, line: 'DeathConfirmed' },
  [transactions.DisputeDeath.name]: { isOfOwn: true },
  [transactions.RevokeDeath.name]: { isOfOwn: false },
};

/**
 * What staff say of a patient's capacity or death with a transaction, by the chaincode's own rules; undefined if nobody says anything whose word
 * it is, or the patient is not shown it.
 */
export async function capacitySaidIn(
  call: BlockCall,
  timeliness: Timeliness,
  asks: () => Promise<Asked | undefined>,
  known: Known,
): Promise<CapacityFact | undefined> {
  const name = transactionByName(call.args[0] ?? '')?.name ?? '';
  const step = steps[name];
  if (step === undefined || !isInTime(step, timeliness)) return undefined;
  const asked = await asks();
  if (asked?.actor.kind !== 'staff') return undefined;
  const { pseudonym, evidence } = transactions.ProposeDeath.request.parse(asked.input);
  if (!isShown(step, call, { pseudonym, actor: referenceTo(asked.actor) }) || !(await isHeard(step, asked, pseudonym, known)))
    return undefined;
  const before = { incapacity: await known.incapacityOf(pseudonym), death: await known.deathOf(pseudonym) };
  if (timeliness === 'late' && isSaidOfEarlier(asked, before.death)) return undefined;
  const of = { pseudonym, ...lastCommandOf(await known.standingOf(pseudonym), asked.at) };
  return attempt(() => factAfter(name, asked, { of, evidence, before }));
}

function isInTime({ line }: Step, timeliness: Timeliness): boolean {
  return timeliness === 'in-time' || (timeliness === 'late' && line === undefined);
}

function isShown({ line }: Step, call: BlockCall, by: Pick<ToldLine, 'pseudonym' | 'actor'>): boolean {
  return line === undefined || isTold(call, { ...by, event: line });
}

async function isHeard({ isOfOwn }: Step, asked: Asked, pseudonym: Pseudonym, known: Known): Promise<boolean> {
  return isOfOwn ? (await known.custodianOf(pseudonym)) === asked.mspId : isOfHospital(asked, known);
}

/**
 * Whether it was said before the death was proposed that it would take back: somebody carries anew what was said of an earlier record. Of the
 * proposal alone all know alike when it was; a confirmation once more, or one that nobody believes, moves no time.
 */
function isSaidOfEarlier({ at }: Asked, death: Death | undefined): boolean {
  return death !== undefined && at < addMilliseconds(death.proposedAt, -CLOCK_SKEW_MS);
}

/** The last statement as the pseudonym's entry names it. */
export function lastCommandOf({ lastStatement }: KnownStanding, at: LastCommand['at']): { readonly lastCommand?: LastCommand } {
  return lastStatement === undefined ? {} : { lastCommand: { statementHash: lastStatement, at } };
}

interface About {
  readonly of: { readonly pseudonym: Pseudonym; readonly lastCommand?: LastCommand };
  readonly evidence: Death['evidence'];
  readonly before: { readonly incapacity: Incapacity | undefined; readonly death: Death | undefined };
}

function factAfter(name: string, { actor, at, requestHash }: Asked, { of, evidence, before }: About): CapacityFact | undefined {
  const { pseudonym } = of;
  const { incapacity, death } = before;
  const by = referenceTo(actor);
  const origin = { requestHash, actor: by };
  switch (name) {
    case 'DeclareIncapacity':
      return { kind: 'incapacity', pseudonym, said: declareIncapacity(incapacity, of, evidence, at, origin) };
    case 'ConfirmIncapacity':
      return incapacity && { kind: 'incapacity', pseudonym, said: confirmIncapacity(incapacity, by, of, evidence, at) };
    case 'ProposeDeath':
      return { kind: 'death', pseudonym, said: proposeDeath(death, pseudonym, evidence, at, origin) };
    case 'ConfirmDeath':
      return death && { kind: 'death', pseudonym, said: confirmDeath(death, by, evidence, at) };
    case 'DisputeDeath':
      return death && { kind: 'death', pseudonym, said: disputeDeath(death, by, evidence, at) };
    case 'RevokeDeath':
      return death && { kind: 'death', pseudonym, said: revokeDeath(death, by, evidence, at) };
    default:
      return undefined;
  }
}

/** What is written of a patient's capacity or death, held against what those say whose word it is. */
export async function capacityFacts(
  { value }: BlockWrite,
  { objectType, pseudonym }: { readonly objectType: string; readonly pseudonym: Pseudonym },
  said: CapacityFact | undefined,
  known: KnownAlarms,
): Promise<readonly (CapacityFact | AlarmFact)[]> {
  const kind = objectType === deaths.objectType ? 'death' : 'incapacity';
  const own = said?.kind === kind && said.pseudonym === pseudonym ? said : undefined;
  if (own !== undefined && (await isWrittenAsSaid(value, own.said, comparing[kind], { about: { pseudonym, detail: kind }, known })))
    return [own];
  const alarm = own === undefined ? 'capacity-without-command' : 'capacity-not-as-commanded';
  return [...(own === undefined ? [] : [own]), { kind: 'alarm', alarm, pseudonym, detail: kind }];
}

const comparing = {
  incapacity: {
    counting: incapacitySchema.pick({ pseudonym: true, state: true, evidence: true, after: true }).strip(),
    whole: incapacitySchema.omit({ schemaVersion: true, declaredAt: true, changedAt: true }).extend({ origin: madeBySchema }).strip(),
  },
  death: {
    counting: deathSchema.pick({ pseudonym: true, state: true, evidence: true, counterEvidence: true }).strip(),
    whole: deathSchema.omit({ schemaVersion: true, changedAt: true }).extend({ origin: madeBySchema }).strip(),
  },
};
