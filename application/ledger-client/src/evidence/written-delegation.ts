import {
  appointProxy,
  assertOwnId,
  confirmDelegation,
  type Delegation,
  delegationArea,
  type DelegationId,
  delegationIdOf,
  delegationIdSchema,
  delegationSchema,
  endDelegation,
  type EventName,
  hashOfJson,
  type Instant,
  proposeDelegation,
  type Pseudonym,
  referenceTo,
  rollKey,
  transactions,
} from '@lianyi/domain';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { compositeKey } from './composite-key';
import { type KnownMembers } from './member-facts';
import { type AlarmFact, type Command, type DelegationFact, type KnownPatients } from './patient-facts';
import { attempt } from './strangers-json';
import { isWrittenAsSaid, madeBySchema } from './whole-entry';
import { type ToldLine } from './written-audit';
import { isOfHospital } from './written-organisation';

const { objectType } = delegationArea.entities.delegations;

/** Whether a key is one of a delegation. */
export function isOfDelegation(type: string | undefined): boolean {
  return type === objectType;
}

/** The key of a delegation, in which the chaincode rolls the delegate's one-time key. */
export function keyOfDelegation(pseudonym: Pseudonym, delegationId: DelegationId): string {
  return compositeKey(objectType, pseudonym, delegationId);
}

type Facts = readonly (DelegationFact | AlarmFact)[];

/** What asks for a change of a delegation: the signed command in the transaction, or what staff ask in it; and its time. */
export interface AskedFor {
  readonly own: Command | undefined;
  readonly at: Instant;
  readonly asked: () => Promise<Asked | undefined>;
  /** Whether the transaction writes the line of the patient's audit that tells of it. */
  readonly isTold: (line: ToldLine) => boolean;
}

type Known = Pick<KnownPatients, 'delegationOf' | 'standingOf' | 'isTold'> & Pick<KnownMembers, 'custodianOf' | 'kindsOf'>;

/** What a written delegation says, held against what those whose word it is have said up to now and say in this transaction. */
export async function delegationFacts(
  { value }: BlockWrite,
  about: { readonly pseudonym: Pseudonym; readonly delegationId: string | undefined },
  { own, at, asked, isTold }: AskedFor,
  known: Known,
): Promise<Facts> {
  const { pseudonym } = about;
  const delegationId = delegationIdSchema.safeParse(about.delegationId).data;
  if (delegationId === undefined) return [{ kind: 'alarm', alarm: 'delegation-without-command', pseudonym }];
  const before = (await known.delegationOf(pseudonym, delegationId))?.said;
  const byStaff = own === undefined ? await staffOf(pseudonym, await asked(), isTold, known) : undefined;
  const after = attempt(() =>
    byStaff === undefined
      ? entryAfter({ own, at }, pseudonym, delegationId, before)
      : afterStaff(byStaff, { pseudonym, delegationId }, before),
  );
  const said = after ?? before;
  const effect = effectOf(before, after, byStaff);
  const facts: DelegationFact[] = said === undefined ? [] : [{ kind: 'delegation', pseudonym, delegationId, said, ...effect }];
  const told = { about: { pseudonym, detail: delegationId }, known };
  if (after !== undefined && (await isWrittenAsSaid(value, after, comparing, told))) return facts;
  const alarm = after === undefined ? 'delegation-without-command' : 'delegation-not-as-commanded';
  return [...facts, { kind: 'alarm', alarm, pseudonym, detail: delegationId }];
}

/** Whether a transaction puts a delegation in force, or somebody confirms in it what was in force before. */
function effectOf(
  before: Delegation | undefined,
  after: Delegation | undefined,
  by: Asked | undefined,
): Pick<DelegationFact, 'isOpened' | 'isConfirmedAgain'> {
  if (after?.state !== 'active') return { isOpened: false };
  if (before?.state !== 'active') return { isOpened: true };
  return { isOpened: false, ...(by?.entry.name === transactions.ConfirmDelegation.name ? { isConfirmedAgain: true as const } : {}) };
}

/** What the patient's command says of a delegation that the transaction does not write. Its end holds all the same. */
export async function unwrittenDelegation(
  own: Command,
  at: Instant,
  writes: readonly BlockWrite[],
  known: Pick<KnownPatients, 'delegationOf'>,
): Promise<Facts> {
  const isAboutOne = own.entry.name === transactions.AppointDelegate.name || own.entry.name === transactions.EndDelegation.name;
  const about = isAboutOne ? transactions.EndDelegation.request.loose().safeParse(own.input).data : undefined;
  const { pseudonym } = own.proof.statement;
  if (about?.pseudonym !== pseudonym || writes.some(({ key }) => key === keyOfDelegation(pseudonym, about.delegationId))) return [];
  const { delegationId } = about;
  const before = (await known.delegationOf(pseudonym, delegationId))?.said;
  const after = before && attempt(() => entryAfter({ own, at }, pseudonym, delegationId, before));
  const ended: Facts = after?.state === 'ended' ? [{ kind: 'delegation', pseudonym, delegationId, said: after, isOpened: false }] : [];
  return [...ended, { kind: 'alarm', alarm: 'command-not-carried-out', pseudonym, detail: delegationId }];
}

/**
 * The delegation as the transaction's command leaves it, by the chaincode's own rules; undefined if none is about it. One of the catalogue
 * that writes a delegation and is missing here raises an alarm.
 * @throws DomainError — the rules refuse it
 */
function entryAfter(
  { own, at }: Pick<AskedFor, 'own' | 'at'>,
  pseudonym: Pseudonym,
  delegationId: DelegationId,
  before: Delegation | undefined,
): Delegation | undefined {
  if (own?.proof.statement.pseudonym !== pseudonym) return undefined;
  const about = transactions.EndDelegation.request.loose().safeParse(own.input).data;
  const name = about?.pseudonym === pseudonym && about.delegationId === delegationId ? own.entry.name : undefined;
  const { proof } = own;
  if (proof.kind === 'patient') return name === undefined ? undefined : afterPatient(own, name, at, before);
  if (proof.kind === 'assisted' || before === undefined || proof.statement.delegationId !== delegationId) return undefined;
  // the key that has signed is used up, whatever comes of the command; whose it is may give it back for ever
  const rolled = rollKey(before, proof.statement, at);
  return name === transactions.EndDelegation.name ? endDelegation(rolled, at) : rolled;
}

/** An appointment counts if it is allowed. An end only closes and is for ever, also where it is not known that the patient lives. */
function afterPatient({ input, isAllowed }: Command, name: string, at: Instant, before: Delegation | undefined): Delegation | undefined {
  if (name === transactions.AppointDelegate.name && before === undefined && isAllowed) {
    const draft = transactions.AppointDelegate.request.parse(input);
    return appointProxy(draft, at, { requestHash: hashOfJson(input), actor: { kind: 'patient', pseudonym: draft.pseudonym } });
  }
  return name === transactions.EndDelegation.name && before !== undefined ? endDelegation(before, at) : undefined;
}

/** What a registrar asks, whether they are of the patient's hospital or of any, and whether the patient has no wallet. */
type ByStaff = Asked & { readonly isOwn: boolean; readonly isOfHospital: boolean; readonly isAssisted: boolean };

/** That somebody is to act for a patient: the patient ends what they see. */
const lineOf: Readonly<Record<string, EventName>> = {
  [transactions.ProposeDelegation.name]: 'DelegationProposed',
  [transactions.ConfirmDelegation.name]: 'DelegationConfirmed',
};

async function staffOf(
  pseudonym: Pseudonym,
  asked: Asked | undefined,
  isTold: AskedFor['isTold'],
  known: Known,
): Promise<ByStaff | undefined> {
  if (asked?.actor.kind !== 'staff') return undefined;
  const event = lineOf[asked.entry.name];
  if (event !== undefined && !isTold({ pseudonym, event, actor: referenceTo(asked.actor) })) return undefined;
  const isOwn = (await known.custodianOf(pseudonym)) === asked.mspId;
  return { ...asked, isOwn, isOfHospital: await isOfHospital(asked, known), isAssisted: (await known.standingOf(pseudonym)).isAssisted };
}

function afterStaff(
  by: ByStaff,
  of: { readonly pseudonym: Pseudonym; readonly delegationId: DelegationId },
  before: Delegation | undefined,
): Delegation | undefined {
  const about = transactions.EndDelegation.request.loose().parse(by.input);
  if (about.pseudonym !== of.pseudonym || about.delegationId !== of.delegationId) return undefined;
  switch (by.entry.name) {
    case 'ProposeDelegation':
      return before === undefined ? proposedBy(by) : undefined;
    case 'EndDelegation':
      return before !== undefined && before.basis !== 'proxy' && by.isOwn ? endDelegation(before, by.at) : undefined;
    case 'ConfirmDelegation':
      return before && confirmedBy(by, before);
    default:
      return undefined;
  }
}

function proposedBy({ input, actor, at, requestHash, isOwn, isAssisted }: ByStaff): Delegation | undefined {
  const { basis = 'parent', evidence, nonce, ...draft } = transactions.ProposeDelegation.request.parse(input);
  assertOwnId(draft.delegationId, delegationIdOf({ pseudonym: draft.pseudonym, firstKeyHash: draft.nextKeyHash, nonce }));
  if (!isOwn || (basis === 'parent' && !isAssisted)) return undefined;
  return proposeDelegation(draft, { basis, evidence }, at, { requestHash, actor: referenceTo(actor) });
}

/** A court's is confirmed by somebody of another hospital, a parent's by a colleague. */
function confirmedBy({ input, actor, at, ...by }: ByStaff, before: Delegation): Delegation | undefined {
  if (before.basis === 'court' && !by.isOfHospital) return undefined;
  if (before.basis === 'proxy' || (before.basis === 'parent' && !(by.isOwn && by.isAssisted))) return undefined;
  const { basis = 'parent', ...said } = transactions.ConfirmDelegation.request.parse(input);
  return confirmDelegation(before, referenceTo(actor), { ...said, basis }, at);
}

const whatCounts = {
  pseudonym: true,
  delegationId: true,
  basis: true,
  scopes: true,
  state: true,
  validUntil: true,
  onIncapacity: true,
  nextKeyHash: true,
  lastCommand: true,
} as const;
const comparing = {
  counting: delegationSchema.pick(whatCounts).strip(),
  whole: delegationSchema.omit({ schemaVersion: true, createdAt: true, changedAt: true }).extend({ origin: madeBySchema }).strip(),
};
