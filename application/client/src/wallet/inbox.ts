import {
  type AccessEvent,
  addMilliseconds,
  canonicalJson,
  DomainError,
  type Instant,
  type Ledger,
  type MspId,
  type NetworkIdentity,
  newRequest,
  type OutcomeOf,
  type Output,
  type Pseudonym,
  Refused,
  sha256,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { assertAnswersQuestion } from '../member-api/answer-asked';
import { type NoteAnswer, openAnswers, type OpenAnswers, type ToldLine } from './note-answers';
import { failureCode } from './failure-code';
import { type Wallet } from './wallet';
import { type NoteId, type ReadNotes } from './wallet-content';
import { isReadNote, type OwnInbox } from './wallet-inbox';

export { type NoteAnswer };

/** One thing that somebody other than the patient did to them. */
export type Note = {
  readonly id: NoteId;
  /** Whose pseudonym it is about: that of this hospital. */
  readonly mspId: MspId;
  /** The ledger's line of it. */
  readonly line: AccessEvent;
  readonly isRead: boolean;
  /** What the patient can still say to it, by what a member says; a note with any is pending. */
  readonly answers: readonly NoteAnswer[];
  /** Whether members tell something else of the same event: one of them lies, or keeps something else. It is told until they agree. */
  readonly isContested: boolean;
};

/** A pseudonym of whose notes nothing, or not everything, was heard, and why. */
export type Unheard = { readonly pseudonym: Pseudonym; readonly mspId: MspId; readonly code: string };

/** What members said. */
export type InboxView = {
  /** Oldest first. */
  readonly notes: readonly Note[];
  readonly unheard: readonly Unheard[];
  /** Pseudonyms of which one member's word is all there is. */
  readonly unwitnessed: readonly Pseudonym[];
};

export interface InboxOptions {
  readonly network: NetworkIdentity;
  readonly now: () => Instant;
  /** Who is asked about a pseudonym: best two members, since one of them could keep a note back. */
  readonly membersOf: (pseudonym: Pseudonym) => Promise<readonly [Ledger, ...Ledger[]]>;
  /** What carries an answer. */
  readonly ledger: Ledger;
}

/** As many lines as a member gives at once. */
const PAGE = 100;
/**
 * A line is as old as its proposal, and may come into its block after younger ones: a proposal is dated back by two minutes at most, and what
 * comes later than five minutes after it opens nothing (ADR 0035). What is younger than this is therefore settled one by one.
 */
const SETTLED_AFTER_MS = 10 * 60_000;
/** So many that whoever proposes a transaction, and so chooses what its line says, finds no line of nothing with the name of a real one. */
const ID_DIGITS = 24;
/** So many of them may be typed. */
const TYPED_DIGITS = 12;
/** A member that goes on giving pages is not asked for more; 10,000 lines are more than a patient reads at once. */
const MOST_PAGES = 100;

/** What one member tells of a pseudonym, and whether that is all: why not. */
type Told = { readonly lines: readonly AccessEvent[]; readonly shortfall?: string };
type HeardNote = Note & { readonly commands: OpenAnswers };
type Heard = OwnInbox & { readonly notes: readonly HeardNote[]; readonly missing: readonly string[]; readonly members: number };

/**
 * What reaches the patient from the ledger: every line of their audit that they have not written themself, since what they have read last.
 *
 * Nothing is on the ledger for it. A note is what happened, so nobody can send one for what did not, nor leave it out for what did, but by
 * keeping a line back when asked; so all members named are asked, and a note that one of them tells is told.
 */
export class Inbox {
  constructor(
    private readonly wallet: Wallet,
    private readonly options: InboxOptions,
  ) {}

  /**
   * What is unread, or waits for an answer.
   * @param options.all - also what was read, from the first line on
   */
  async list(options: { readonly all?: boolean } = {}): Promise<InboxView> {
    return viewOf(await this.#heard(options.all === true), options.all === true);
  }

  /**
   * Marks what {@link list} tells now as read, and tells it. What waits for an answer is told again; what comes meanwhile stays unread.
   * The place comes back with the recovery phrase, but for the last ten minutes.
   */
  async markRead(): Promise<InboxView> {
    const heard = await this.#heard(false);
    for (const each of heard) await this.wallet.inbox.markRead(each.pseudonym, this.#readTo(each));
    return viewOf(heard, false);
  }

  /**
   * Accepts or rejects what a note proposes.
   * @param name - the note's name, or at least its first 12 digits
   * @throws {@link DomainError} `NOT_FOUND` — no note of this name waits for this answer, or several do; as {@link Ledger.submit}
   */
  async answer(name: string, answer: NoteAnswer): Promise<OutcomeOf<TransactionEntry>> {
    const isNamed = ({ id }: Note): boolean => name.length >= TYPED_DIGITS && id.startsWith(name);
    const notes = (await this.#heard(false)).flatMap((each) => each.notes).filter(isNamed);
    const [command, ...others] = notes.flatMap(({ commands }) => commands[answer] ?? []);
    if (command === undefined || others.length > 0)
      throw new DomainError('NOT_FOUND', 'no single note of this name waits for this answer', { note: name, answer });
    return this.options.ledger.submit(command);
  }

  async #heard(isAll: boolean): Promise<readonly Heard[]> {
    const heard: Heard[] = [];
    for (const own of await this.wallet.inbox.own()) heard.push(await this.#heardOf(own, isAll ? undefined : own.inbox.until));
    return heard;
  }

  async #heardOf(own: OwnInbox, since: Instant | undefined): Promise<Heard> {
    const members = await this.options.membersOf(own.pseudonym).catch((error: unknown) => error);
    if (!Array.isArray(members)) return { ...own, notes: [], missing: [failureCode(members)], members: 0 };
    const heard = await Promise.allSettled(members.map((member: Ledger) => this.#linesOf(member, own.pseudonym, since)));
    const told = heard.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    const silent = heard.flatMap((each) => (each.status === 'rejected' && !isUnknown(each.reason) ? [failureCode(each.reason)] : []));
    const { lines, contested } = united(told.flatMap((each) => each.lines));
    const missing = [...silent, ...told.flatMap(({ shortfall = [] }) => shortfall), ...(contested.size === 0 ? [] : ['ANSWER_DIFFERS'])];
    const notes: HeardNote[] = [];
    for (const [id, line] of lines) {
      const isContested = contested.has(placeOf(line));
      // of what members tell differently, the word that it was the patient is told as well
      if (line.actor.kind === 'patient' && !isContested) continue;
      const isRead = isReadNote(own.inbox, { id, at: line.at });
      const commands = await this.#answersTo(members as readonly Ledger[], { pseudonym: own.pseudonym, line });
      notes.push({ id, mspId: own.mspId, line, isRead, isContested, answers: answersIn(commands), commands });
    }
    return { ...own, notes, missing, members: members.length };
  }

  /** What a member has of a pseudonym's audit. The newest comes first, so that what is settled is not asked for. */
  async #linesOf(member: Ledger, pseudonym: Pseudonym, since: Instant | undefined): Promise<Told> {
    const lines: AccessEvent[] = [];
    for (let pages = 0, after: string | undefined; pages < MOST_PAGES; pages += 1) {
      const input = { pseudonym, limit: PAGE, ...(after === undefined ? {} : { after }) };
      const { items, next } = await this.#ask(member, pseudonym, newRequest(transactions.ListForPatient, input));
      const wanted = items.filter(({ at }) => since === undefined || at >= since);
      lines.push(...wanted);
      assertNewestFirst(lines);
      if (next === undefined || wanted.length < items.length) return { lines };
      after = next;
    }
    return { lines, shortfall: 'LIMIT_REACHED' };
  }

  /** What one of the members says it waits for: that it was answered, as another one says, may be a lie. */
  async #answersTo(members: readonly Ledger[], told: ToldLine): Promise<OpenAnswers> {
    for (const member of members) {
      const asks = <Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> =>
        this.#ask(member, told.pseudonym, request);
      const open = await openAnswers(told, asks).catch((): OpenAnswers => ({}));
      if (answersIn(open).length > 0) return open;
    }
    return {};
  }

  async #ask<Entry extends TransactionEntry>(member: Ledger, pseudonym: Pseudonym, request: SignedRequest<Entry>): Promise<Output<Entry>> {
    const { entry, input } = request;
    const { network, now } = this.options;
    const proof = await this.wallet.signQuery(network, pseudonym, { transaction: entry, input }, now());
    const answer = await member.evaluate({ ...request, proof });
    assertAnswersQuestion(input, answer);
    return answer;
  }

  /** Where reading has come to. Age settles nothing as long as a member is silent or tells something else, nor what is younger than what waits. */
  #readTo({ notes, missing }: Heard): ReadNotes {
    const read = notes.filter(({ isContested }) => !isContested).map(({ id, line: { at } }) => ({ id, at }));
    const newest = latest(read.map(({ at }) => at));
    if (newest === undefined || missing.length > 0) return { read };
    // a member's line from the future, or a clock that is ahead, settles nothing that has not come yet
    const now = this.options.now();
    const settled = addMilliseconds(newest < now ? newest : now, -SETTLED_AFTER_MS);
    const waiting = notes.filter(isPending).map(({ line: { at } }) => at);
    return { until: [...waiting, settled].reduce((one, other) => (other < one ? other : one)), read };
  }
}

/**
 * What several members tell, each line once, by its name; and of which places they tell differently. A ledger has one line at a place: then
 * one of them lies, and nobody here can say which.
 */
function united(told: readonly AccessEvent[]): {
  readonly lines: ReadonlyMap<NoteId, AccessEvent>;
  readonly contested: ReadonlySet<string>;
} {
  const lines = new Map(told.map((line) => [noteIdOf(line), line]));
  const [places, contested] = [new Set<string>(), new Set<string>()];
  for (const place of [...lines.values()].map(placeOf)) (places.has(place) ? contested : places).add(place);
  return { lines, contested };
}

function placeOf({ txId, n }: AccessEvent): string {
  return `${n} ${txId}`;
}

/** What a line of the audit is called everywhere: by all that it says, so that what says something else is something else. */
function noteIdOf(line: AccessEvent): NoteId {
  const hash = base64urlBytes(sha256(`lianyi/note/v2\0${canonicalJson(line)}`));
  return [...hash]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, ID_DIGITS);
}

/** Holds a member to the order of the ledger, by which a list comes to its end. @throws {@link DomainError} `ANSWER_DIFFERS` */
function assertNewestFirst(lines: readonly AccessEvent[]): void {
  if (lines.some(({ at }, index) => at > (lines[index - 1]?.at ?? at))) throw new DomainError('ANSWER_DIFFERS', undefined, { field: 'at' });
}

function viewOf(heard: readonly Heard[], isAll: boolean): InboxView {
  const notes = heard.flatMap((each) => each.notes).filter((note) => isAll || !note.isRead || isPending(note));
  const inOrder = notes.toSorted((one, other) => order(one.line.at, other.line.at) || order(one.id, other.id));
  return {
    notes: inOrder.map(({ id, mspId, line, isRead, isContested, answers }) => ({ id, mspId, line, isRead, isContested, answers })),
    unheard: heard.flatMap(({ pseudonym, mspId, missing }) => missing.map((code) => ({ pseudonym, mspId, code }))),
    unwitnessed: heard.filter(({ members }) => members === 1).map(({ pseudonym }) => pseudonym),
  };
}

function isPending({ answers }: Note): boolean {
  return answers.length > 0;
}

function answersIn(commands: OpenAnswers): readonly NoteAnswer[] {
  return (['accept', 'reject'] as const).filter((answer) => commands[answer] !== undefined);
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function latest(instants: readonly Instant[]): Instant | undefined {
  return instants.length === 0 ? undefined : instants.reduce((one, other) => (other > one ? other : one));
}

/** The ledger does not know the pseudonym yet: nothing happened to it. */
function isUnknown(error: unknown): boolean {
  return error instanceof Refused && error.code === 'NOT_FOUND';
}
