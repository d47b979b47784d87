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
  patientsOwnEvents,
  type Pseudonym,
  type RecordId,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { assertAnswersQuestion } from '../member-api/member-node-ledger';
import { failureCode } from './failure-code';
import { type Heard, heardFrom, united, type United } from './heard-lines';
import { type Ask, type NoteAnswer, type NoteSubject, type OpenAnswers, waitingAt, waitingBy } from './note-answers';
import { type NoteLine } from './note-name';
import { placeAfter, SETTLED_AFTER_MS } from './read-place';
import { type Wallet } from './wallet';
import { type NoteId } from './wallet-content';
import { type OwnInbox, readIn } from './wallet-inbox';

export { type NoteAnswer };

/** One thing that somebody other than the patient did to them. */
export type Note = {
  readonly id: NoteId;
  /** Whose pseudonym it is about: that of this hospital. */
  readonly mspId: MspId;
  /** The ledger's line of it; without place in a transaction where the audit has none of what waits. */
  readonly line: NoteLine;
  /** Of how many lines that say the same of the same actor it stands, the newest of which is told; 1 for a single one. */
  readonly count: number;
  /** Which records these lines are about, each once. */
  readonly records: readonly RecordId[];
  readonly isRead: boolean;
  /** What an answer to it is about: told where something waits, since the line does not name it. */
  readonly about?: NoteSubject;
  /** What the patient can still say to it, by what a member says; a note with any is pending. */
  readonly answers: readonly NoteAnswer[];
  /** Whether it waits, and no member's audit tells of it: somebody has kept its line from the patient. */
  readonly isUntold: boolean;
  /** Whether members tell something else of the same event, or one does not tell of it: one of them lies. It is told until they agree. */
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

/** A member that is asked. */
export interface InboxMember {
  /** What it is called in the wallet, the same each time: how far its list was read is kept by it. */
  readonly name: string;
  readonly ledger: Ledger;
}

export interface InboxOptions {
  readonly network: NetworkIdentity;
  readonly now: () => Instant;
  /** Who is asked about a pseudonym: best two members, since one of them could keep a note back. */
  readonly membersOf: (pseudonym: Pseudonym) => Promise<readonly [InboxMember, ...InboxMember[]]>;
  /** What carries an answer. */
  readonly ledger: Ledger;
}

/** As many lines as a member gives at once. */
const PAGE = 100;
/** So many of a note's digits may be typed. */
const TYPED_DIGITS = 12;
/** More lines that say the same of the same actor are one note. */
const MOST_ALIKE = 20;
/**
 * What tells two lines that say the same apart: where they stand, what they are called, and what whoever acts may invent anew each time, so that others would be
 * buried under them. Whatever else a line has, now or later, is part of what it says; and the records of all of them are told.
 */
const NEW_EACH_TIME: ReadonlySet<string> = new Set<keyof AccessEvent>([
  'at',
  'txId',
  'n',
  'ticketId',
  'policyVersion',
  'recordIds',
  'denied',
]);

type HeardNote = Note & { readonly commands: OpenAnswers };
type HeardInbox = OwnInbox & {
  readonly notes: readonly HeardNote[];
  readonly heard: readonly Heard[];
  readonly missing: readonly string[];
  /** Whether not all that was asked for was answered. */
  readonly isDoubtful: boolean;
  readonly members: number;
};

/**
 * What reaches the patient from the ledger: every line of their audit that they have not written themself, since what they have read last.
 *
 * Nothing is on the ledger for it. A note is what happened, so nobody can send one for what did not, nor leave it out for what did, but by
 * keeping a line back when asked; so all members named are asked, and a note that one of them tells is told. What waits for an answer is asked
 * of what the ledger keeps of it, and told whatever the lines say.
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
   * Marks what {@link list} tells now as read, and tells it. What waits for an answer is told again, and so is what is dated later than any
   * ledger's clock may be; what comes meanwhile stays unread.
   * The place comes back with the recovery phrase, but for the last ten minutes.
   */
  async markRead(): Promise<InboxView> {
    const heard = await this.#heard(false);
    for (const { pseudonym, notes, heard: by, isDoubtful, inbox: before } of heard) {
      const read = notes.filter(({ isContested }) => !isContested).map(({ id, line: { at } }) => ({ id, at }));
      const contested = notes.filter(({ isContested }) => isContested).map(({ line: { at } }) => at);
      const place = placeAfter({ read, contested, heard: by, isDoubtful, before, now: this.options.now() });
      await this.wallet.inbox.markRead(pseudonym, place);
    }
    return viewOf(heard, false);
  }

  /**
   * Accepts or rejects what a note proposes.
   * @param name - the note's name, or at least its first 12 digits
   * @returns what came of it, and the note that was answered
   * @throws {@link DomainError} `NOT_FOUND` — no note of this name waits for this answer, or several do; as {@link Ledger.submit}
   */
  async answer(name: string, answer: NoteAnswer): Promise<{ readonly note: Note; readonly outcome: OutcomeOf<TransactionEntry> }> {
    const isNamed = ({ id }: Note): boolean => name.length >= TYPED_DIGITS && id.startsWith(name);
    const notes = (await this.#heard(false)).flatMap((each) => each.notes).filter(isNamed);
    const [note, ...others] = notes.filter(({ commands }) => commands[answer] !== undefined);
    const command = note?.commands[answer];
    if (note === undefined || command === undefined || others.length > 0)
      throw new DomainError('NOT_FOUND', 'no single note of this name waits for this answer', { note: name, answer });
    return { note: told(note), outcome: await this.options.ledger.submit(command) };
  }

  async #heard(isAll: boolean): Promise<readonly HeardInbox[]> {
    const heard: HeardInbox[] = [];
    for (const own of await this.wallet.inbox.own()) heard.push(await this.#heardOf(own, isAll ? { read: [] } : own.inbox));
    return heard;
  }

  async #heardOf(own: OwnInbox, { until: since, rest }: OwnInbox['inbox']): Promise<HeardInbox> {
    const found = await this.options.membersOf(own.pseudonym).catch((error: unknown) => ({ error }));
    if ('error' in found) return { ...own, notes: [], heard: [], missing: [failureCode(found.error)], isDoubtful: true, members: 0 };
    const members = found.map(({ name: member, ledger }) => {
      const ask: Ask = (request) => this.#ask(ledger, own.pseudonym, request);
      return { member, ask };
    });
    const heard = await Promise.all(members.map(({ member, ask }) => heardFrom(pagesOf(ask, own.pseudonym), { member, since, rest })));
    const now = this.options.now();
    const told = united(heard, since, addMilliseconds(now, -SETTLED_AFTER_MS));
    const about = { pseudonym: own.pseudonym, mspIds: proposersIn(own, told), now };
    const waits = await Promise.all(members.map(({ ask }) => waitingAt(ask, about)));
    const waiting = waitingBy(waits);
    const notes = notesOf(own, told, waiting);
    const isContested = told.contested.size + waiting.contested.size > 0;
    const short = heard.flatMap(({ top, below, isTorn = false }) => [
      ...[top.shortfall ?? [], below?.shortfall ?? []].flat(),
      ...(isTorn ? ['CORRUPT_STATE'] : []),
    ]);
    const unasked = waits.flatMap(({ missing }) => missing);
    const missing = [...new Set([...short, ...unasked, ...(isContested ? ['ANSWER_DIFFERS'] : [])])];
    return { ...own, notes, heard, missing, isDoubtful: unasked.length > 0 || heard.some(hasFailed), members: found.length };
  }

  async #ask<Entry extends TransactionEntry>(member: Ledger, pseudonym: Pseudonym, request: SignedRequest<Entry>): Promise<Output<Entry>> {
    const { entry, input } = request;
    const { network, now } = this.options;
    const proof = await this.wallet.signQuery(network, pseudonym, { transaction: entry, input }, now());
    const answer = await member.evaluate({ ...request, proof });
    assertAnswersQuestion(input, answer);
    return answer;
  }
}

const pagesOf =
  (ask: Ask, pseudonym: Pseudonym): Parameters<typeof heardFrom>[0] =>
  (after) =>
    ask(newRequest(transactions.ListForPatient, { pseudonym, limit: PAGE, ...(after === undefined ? {} : { after }) }));

/** Whether a member did not answer; where there is only more than is read at once, the next call goes on. */
function hasFailed({ top, below }: Heard): boolean {
  return [top, below].some((each) => each?.shortfall !== undefined && each.stop === undefined);
}

/** Who may have proposed a relationship: the hospital of the pseudonym, and whom lines name. */
function proposersIn({ mspId }: OwnInbox, { lines }: United): readonly MspId[] {
  const named = [...lines.values()].flatMap(({ event, actor }) =>
    event === 'RelationshipProposed' && 'mspId' in actor ? [actor.mspId] : [],
  );
  return [...new Set([mspId, ...named])];
}

/** What waits, whatever the lines say, and the lines of what others did and nothing waits for. */
function notesOf(
  own: OwnInbox,
  { lines, contested }: United,
  { waiting, contested: doubted }: ReturnType<typeof waitingBy>,
): readonly HeardNote[] {
  const { mspId } = own;
  const isReadNote = readIn(own.inbox);
  const entries = [...lines];
  const waitingNotes = waiting.map(({ id, about, line, commands, isOf }): HeardNote => {
    const of = entries.filter(([, each]) => isOf(each));
    const isContested = doubted.has(id) || of.some(([name]) => contested.has(name));
    const told = { line: of.at(0)?.[1] ?? line, isUntold: of.length === 0, isContested, isRead: isReadNote({ id, at: line.at }) };
    return { id, mspId, about, count: 1, records: [], ...told, answers: answersIn(commands), commands };
  });
  const others = entries.filter(([name, line]) => {
    // whatever else is said to be the patient's doing is told; so is, of what members tell differently, the word that it was the patient
    const isOwn = line.actor.kind === 'patient' && patientsOwnEvents.has(line.event) && !contested.has(name);
    return !isOwn && !waiting.some(({ isOf }) => isOf(line));
  });
  const lineNotes = others.map(([id, line]): HeardNote => {
    const told = { isUntold: false, isContested: contested.has(id), isRead: isReadNote({ id, at: line.at }) };
    return { id, mspId, line, count: 1, records: recordsOf(line), ...told, answers: [], commands: {} };
  });
  return [...waitingNotes, ...lineNotes];
}

/** All records that a line is about. */
function recordsOf({ recordIds = [], denied = [] }: AccessEvent): readonly RecordId[] {
  return [...new Set([...recordIds, ...denied.map(({ recordId }) => recordId)])];
}

function viewOf(heard: readonly HeardInbox[], isAll: boolean): InboxView {
  const notes = heard.flatMap((each) => each.notes).filter((note) => isAll || !note.isRead || isPending(note) || note.isContested);
  const inOrder = notes.toSorted((one, other) => order(one.line.at, other.line.at) || order(one.id, other.id));
  return {
    notes: (isAll ? inOrder : counted(inOrder)).map(told),
    unheard: heard.flatMap(({ pseudonym, mspId, missing }) => missing.map((code) => ({ pseudonym, mspId, code }))),
    unwitnessed: heard.filter(({ members }) => members === 1).map(({ pseudonym }) => pseudonym),
  };
}

function told({ commands: _, ...note }: HeardNote): Note {
  return note;
}

/** Makes one note, at the place of the newest, of many that say the same of the same actor, so that nobody buries the others under them. */
function counted(notes: readonly HeardNote[]): readonly HeardNote[] {
  const alike = new Map<string, HeardNote[]>();
  const isAlone = (note: HeardNote): boolean => isPending(note) || note.isContested;
  for (const note of notes.filter((each) => !isAlone(each))) {
    const kind = kindOf(note);
    const same = alike.get(kind);
    if (same === undefined) alike.set(kind, [note]);
    else same.push(note);
  }
  return notes.flatMap((note) => {
    const same = isAlone(note) ? [note] : (alike.get(kindOf(note)) ?? [note]);
    if (same.length <= MOST_ALIKE) return [note];
    // of thousands alike the records are gathered once
    if (same.at(-1) !== note) return [];
    return [{ ...note, count: same.length, records: [...new Set(same.flatMap((each) => each.records))] }];
  });
}

/** All that a line says, but for what is new with each. */
function kindOf({ line }: Note): string {
  return canonicalJson(Object.fromEntries(Object.entries(line).filter(([field]) => !NEW_EACH_TIME.has(field))));
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
