import {
  type AccessEvent,
  type DelegationId,
  DomainError,
  type EventName,
  type Instant,
  type MspId,
  newRequest,
  type Output,
  type Pseudonym,
  type RecoveryCase,
  Refused,
  type SignedRequest,
  standingOf,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { failureCode } from './failure-code';
import { type NoteLine, nameOf, type NoteName } from './note-name';

/** What a patient says to a note that waits. */
export type NoteAnswer = 'accept' | 'reject';

/** What can be said now, and the command that says it. */
export type OpenAnswers = Readonly<Partial<Record<NoteAnswer, SignedRequest<TransactionEntry>>>>;

/** What an answer is about, beside the pseudonym: whose relationship, which recovery, which delegation. */
export type NoteSubject = { readonly mspId: MspId } | { readonly caseId: RecoveryCase['caseId'] } | { readonly delegationId: DelegationId };

/** What waits for the patient, by the entry of it that a member has, whatever the audit says. */
export interface Waiting {
  readonly id: NoteName;
  readonly about: NoteSubject;
  /** What the audit would say of it. */
  readonly line: NoteLine;
  readonly commands: OpenAnswers;
  /** Whether a line of the audit is the one of it. */
  readonly isOf: (line: AccessEvent) => boolean;
}

/** Asks one member as the pseudonym whose notes are read: who answers never says who signs. */
export type Ask = <Entry extends TransactionEntry>(request: SignedRequest<Entry>) => Promise<Output<Entry>>;

interface About {
  readonly pseudonym: Pseudonym;
  /** Whose relationships may wait. */
  readonly mspIds: readonly MspId[];
  readonly now: Instant;
}

/** What one member says is waiting, and why that may not be all. */
export interface MembersWaiting {
  readonly waiting: readonly Waiting[];
  readonly missing: readonly string[];
}

/** What waits of one kind, and whether the member's list came to its end. */
interface Part {
  readonly waiting: readonly Waiting[];
  readonly isWhole: boolean;
}

/** As many entries as a member lists at once. */
const PAGE = 100;
/** A member that goes on giving pages is not asked for more. */
const MOST_PAGES = 10;

/**
 * What one member says is waiting: relationships proposed, recoveries that the old key may veto, delegations that somebody else has proposed. Each kind is
 * asked for apart, so that what fails leaves the others.
 */
export async function waitingAt(ask: Ask, about: About): Promise<MembersWaiting> {
  const asked = await Promise.allSettled([
    recoveriesAt(ask, about),
    delegationsAt(ask, about),
    ...about.mspIds.map((mspId) => relationshipAt(ask, about, mspId)),
  ]);
  return {
    waiting: asked.flatMap((each) => (each.status === 'fulfilled' ? each.value.waiting : [])),
    missing: asked.flatMap((each) => {
      if (each.status === 'fulfilled') return each.value.isWhole ? [] : ['LIMIT_REACHED'];
      return isUnknown(each.reason) ? [] : [failureCode(each.reason)];
    }),
  };
}

/**
 * What waits by any member's word, each once, and what of it members contradict each other about: one that has told all that waits has it not, and nobody
 * answers what is not there.
 */
export function waitingBy(members: readonly MembersWaiting[]): {
  readonly waiting: readonly Waiting[];
  readonly contested: ReadonlySet<NoteName>;
} {
  const waiting = new Map(members.flatMap((each) => each.waiting).map((each) => [each.id, each]));
  const whole = members.filter(({ missing }) => missing.length === 0).map((each) => new Set(each.waiting.map(({ id }) => id)));
  return { waiting: [...waiting.values()], contested: new Set([...waiting.keys()].filter((id) => whole.some((told) => !told.has(id)))) };
}

/** The ledger does not know the pseudonym, or nothing of this kind about it. */
export function isUnknown(error: unknown): boolean {
  return error instanceof Refused && error.code === 'NOT_FOUND';
}

async function relationshipAt(ask: Ask, { pseudonym }: About, mspId: MspId): Promise<Part> {
  const relationship = { pseudonym, mspId };
  const { state, proposedAt, origin } = await ask(newRequest(transactions.GetRelationship, relationship));
  if (state !== 'proposed') return { waiting: [], isWhole: true };
  // a hospital proposes its own relationship alone: under another's name the patient would say yes to whom they do not mean
  if (origin.actor.kind !== 'staff' || origin.actor.mspId !== mspId)
    throw new DomainError('ANSWER_DIFFERS', undefined, { field: 'origin' });
  const told = { event: 'RelationshipProposed', pseudonym, at: proposedAt, actor: origin.actor } as const;
  const waiting = waitingFor(
    told,
    { mspId },
    {
      accept: newRequest<TransactionEntry>(transactions.AcceptRelationship, relationship),
      reject: newRequest<TransactionEntry>(transactions.RejectRelationship, relationship),
    },
  );
  return { waiting: [waiting], isWhole: true };
}

/** Somebody asks for the patient's place: who has the old key refuses it, and does nothing to agree. */
async function recoveriesAt(ask: Ask, { pseudonym, now }: About): Promise<Part> {
  const waiting: Waiting[] = [];
  const isWhole = await eachPage(
    (page) => ask(newRequest(transactions.ListRecoveries, { pseudonym, ...page })),
    (each) => {
      const state = standingOf(each, now);
      if (state !== 'opened' && state !== 'coolingOff') return;
      const about = { caseId: each.caseId };
      const veto = newRequest<TransactionEntry>(transactions.VetoRecovery, { pseudonym, ...about });
      const { openedAt: at, origin } = each;
      waiting.push(waitingFor({ event: 'RecoveryOpened', pseudonym, at, actor: origin.actor }, about, { reject: veto }));
    },
  );
  return { waiting, isWhole };
}

/** What the patient has appointed themself asks nothing of them. */
async function delegationsAt(ask: Ask, { pseudonym, now }: About): Promise<Part> {
  const waiting: Waiting[] = [];
  const isWhole = await eachPage(
    (page) => ask(newRequest(transactions.ListDelegations, { pseudonym, ...page })),
    ({ state, validUntil, delegationId, createdAt: at, origin }) => {
      if (state !== 'proposed' || validUntil <= now || origin.actor.kind === 'patient') return;
      const about = { delegationId };
      const end = newRequest<TransactionEntry>(transactions.EndDelegation, { pseudonym, ...about });
      waiting.push(waitingFor({ event: 'DelegationProposed', pseudonym, at, actor: origin.actor }, about, { reject: end }));
    },
  );
  return { waiting, isWhole };
}

function waitingFor(
  told: Pick<AccessEvent, 'pseudonym' | 'at' | 'actor'> & { readonly event: EventName },
  about: NoteSubject,
  commands: OpenAnswers,
): Waiting {
  const line: NoteLine = { schemaVersion: 1, ...told };
  const isOf = ({ pseudonym, event, at, actor }: AccessEvent): boolean =>
    event === told.event && at === told.at && nameOf({ pseudonym, event, at, actor }) === nameOf(told);
  // by what is answered, so that it is the same whether or not the audit tells of it
  return { id: nameOf({ ...told, about: { pseudonym: told.pseudonym, ...about } }), about, line, commands, isOf };
}

interface AnsweredPage<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
  readonly unreadable?: number;
}

/** @returns whether the list came to its end, and every entry of it was one */
async function eachPage<Item>(
  ask: (page: { readonly limit: number; readonly after?: string }) => Promise<AnsweredPage<Item>>,
  visit: (item: Item) => void,
): Promise<boolean> {
  let isReadable = true;
  for (let pages = 0, after: string | undefined; pages < MOST_PAGES; pages += 1) {
    const { items, next, unreadable } = await ask({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    items.forEach(visit);
    isReadable &&= unreadable === undefined;
    if (next === undefined) return isReadable;
    after = next;
  }
  return false;
}
