import {
  type AccessEvent,
  addMilliseconds,
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
import { type NoteAnswer, openAnswers, type OpenAnswers } from './note-answers';
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
const ID_DIGITS = 12;

type Line = { readonly id: NoteId; readonly line: AccessEvent };
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
   * @throws {@link DomainError} `NOT_FOUND` — no note of this id waits for this answer; as {@link Ledger.submit}
   */
  async answer(id: NoteId, answer: NoteAnswer): Promise<OutcomeOf<TransactionEntry>> {
    const notes = (await this.#heard(false)).flatMap((each) => each.notes).filter((note) => note.id === id);
    const [command, ...others] = notes.flatMap(({ commands }) => commands[answer] ?? []);
    if (command === undefined || others.length > 0)
      throw new DomainError('NOT_FOUND', 'no note of this id waits for this answer', { note: id, answer });
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
    const told = await Promise.allSettled(members.map((member: Ledger) => this.#linesOf(member, own.pseudonym, since)));
    const missing = told.flatMap((each) => (each.status === 'rejected' && !isUnknown(each.reason) ? [failureCode(each.reason)] : []));
    const lines = new Map(told.flatMap((each) => (each.status === 'fulfilled' ? each.value : [])).map((each) => [each.id, each]));
    const notes: HeardNote[] = [];
    for (const { id, line } of lines.values()) {
      const isRead = isReadNote(own.inbox, { id, at: line.at });
      const commands = await this.#answersTo(members as readonly Ledger[], line);
      notes.push({ id, mspId: own.mspId, line, isRead, answers: answersIn(commands), commands });
    }
    return { ...own, notes, missing, members: members.length };
  }

  /** What a member has of a pseudonym's audit, but for what the patient did. The newest comes first, so that what is settled is not asked for. */
  async #linesOf(member: Ledger, pseudonym: Pseudonym, since: Instant | undefined): Promise<readonly Line[]> {
    const lines: AccessEvent[] = [];
    for (let after: string | undefined; ;) {
      const input = { pseudonym, limit: PAGE, ...(after === undefined ? {} : { after }) };
      const { items, next } = await this.#ask(member, pseudonym, newRequest(transactions.ListForPatient, input));
      const wanted = items.filter(({ at }) => since === undefined || at >= since);
      lines.push(...wanted);
      if (next === undefined || wanted.length < items.length) break;
      after = next;
    }
    return lines.filter(({ actor }) => actor.kind !== 'patient').map((line) => ({ id: noteIdOf(line), line }));
  }

  /** What one of the members says it waits for: that it was answered, as another one says, may be a lie. */
  async #answersTo(members: readonly Ledger[], line: AccessEvent): Promise<OpenAnswers> {
    for (const member of members) {
      const asks = <Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> =>
        this.#ask(member, line.pseudonym, request);
      const open = await openAnswers(line, asks).catch((): OpenAnswers => ({}));
      if (answersIn(open).length > 0) return open;
    }
    return {};
  }

  async #ask<Entry extends TransactionEntry>(member: Ledger, pseudonym: Pseudonym, request: SignedRequest<Entry>): Promise<Output<Entry>> {
    const { entry, input } = request;
    const { network, now } = this.options;
    const proof = await this.wallet.signQuery(network, pseudonym, { transaction: entry, input }, now());
    return member.evaluate({ ...request, proof });
  }

  /** Where reading has come to. Age settles nothing as long as a member is silent, nor what is younger than what waits. */
  #readTo({ notes, missing }: Heard): ReadNotes {
    const read = notes.map(({ id, line: { at } }) => ({ id, at }));
    const newest = latest(read.map(({ at }) => at));
    if (newest === undefined || missing.length > 0) return { read };
    // a member's line from the future, or a clock that is ahead, settles nothing that has not come yet
    const now = this.options.now();
    const settled = addMilliseconds(newest < now ? newest : now, -SETTLED_AFTER_MS);
    const waiting = notes.filter(isPending).map(({ line: { at } }) => at);
    return { until: [...waiting, settled].reduce((one, other) => (other < one ? other : one)), read };
  }
}

/** What a line of the audit is called everywhere. */
function noteIdOf({ pseudonym, txId, n }: AccessEvent): NoteId {
  const hash = base64urlBytes(sha256(`lianyi/note/v1\0${pseudonym}\0${txId}\0${n}`));
  return [...hash]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, ID_DIGITS);
}

function viewOf(heard: readonly Heard[], isAll: boolean): InboxView {
  const notes = heard.flatMap((each) => each.notes).filter((note) => isAll || !note.isRead || isPending(note));
  const inOrder = notes.toSorted((one, other) => order(one.line.at, other.line.at) || order(one.id, other.id));
  return {
    notes: inOrder.map(({ id, mspId, line, isRead, answers }) => ({ id, mspId, line, isRead, answers })),
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
