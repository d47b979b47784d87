import {
  type AccessEvent,
  type EventName,
  type MspId,
  newRequest,
  type Output,
  type Pseudonym,
  Refused,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';

/** What a patient says to a note that waits. */
export type NoteAnswer = 'accept' | 'reject';

/** Asks the ledger as the pseudonym whose notes are read. */
type Ask = <Entry extends TransactionEntry>(request: SignedRequest<Entry>) => Promise<Output<Entry>>;

/** What a member tells, and of whose notes it was asked: who answers never says who signs. */
export interface ToldLine {
  readonly pseudonym: Pseudonym;
  readonly line: AccessEvent;
}

/** What can be said to a kind of note, and whether it still can. */
interface Answerable {
  readonly answers: Readonly<Record<NoteAnswer, (told: ToldLine) => SignedRequest<TransactionEntry>>>;
  readonly waits: (told: ToldLine, ask: Ask) => Promise<boolean>;
}

/** Which notes ask something of the patient; of all others they are told. */
const answerable: Readonly<Partial<Record<EventName, Answerable>>> = {
  RelationshipProposed: {
    answers: {
      accept: (told) => newRequest<TransactionEntry>(transactions.AcceptRelationship, relationshipOf(told)),
      reject: (told) => newRequest<TransactionEntry>(transactions.RejectRelationship, relationshipOf(told)),
    },
    waits: async (told, ask) => (await ask(newRequest(transactions.GetRelationship, relationshipOf(told)))).state === 'proposed',
  },
};

/** @throws RangeError — the note is none that waits: a fault of this program */
export function answerOf(told: ToldLine, answer: NoteAnswer): SignedRequest<TransactionEntry> {
  const found = answerable[told.line.event];
  if (found === undefined) throw new RangeError(`${told.line.event} asks nothing`);
  return found.answers[answer](told);
}

/** Whether a note waits for an answer. @throws LedgerFailure */
export async function stillWaits(told: ToldLine, ask: Ask): Promise<boolean> {
  try {
    return (await answerable[told.line.event]?.waits(told, ask)) ?? false;
  } catch (error) {
    if (error instanceof Refused && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

/** The relationship with the organisation whose staff proposed it. */
function relationshipOf({ pseudonym, line: { actor } }: ToldLine): { readonly pseudonym: Pseudonym; readonly mspId: MspId } {
  if (!('mspId' in actor)) throw new RangeError('an organisation proposes a relationship');
  return { pseudonym, mspId: actor.mspId };
}
