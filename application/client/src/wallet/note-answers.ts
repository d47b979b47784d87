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

/** Asks the ledger as the pseudonym that the note is about. */
type Ask = <Entry extends TransactionEntry>(request: SignedRequest<Entry>) => Promise<Output<Entry>>;

/** What can be said to a kind of note, and whether it still can. */
interface Answerable {
  readonly answers: Readonly<Record<NoteAnswer, (line: AccessEvent) => SignedRequest<TransactionEntry>>>;
  readonly waits: (line: AccessEvent, ask: Ask) => Promise<boolean>;
}

/** Which notes ask something of the patient; of all others they are told. */
const answerable: Readonly<Partial<Record<EventName, Answerable>>> = {
  RelationshipProposed: {
    answers: {
      accept: (line) => newRequest<TransactionEntry>(transactions.AcceptRelationship, relationshipOf(line)),
      reject: (line) => newRequest<TransactionEntry>(transactions.RejectRelationship, relationshipOf(line)),
    },
    waits: async (line, ask) => (await ask(newRequest(transactions.GetRelationship, relationshipOf(line)))).state === 'proposed',
  },
};

/** @throws RangeError — the note is none that waits: a fault of this program */
export function answerOf(line: AccessEvent, answer: NoteAnswer): SignedRequest<TransactionEntry> {
  const found = answerable[line.event];
  if (found === undefined) throw new RangeError(`${line.event} asks nothing`);
  return found.answers[answer](line);
}

/** Whether a note waits for an answer. @throws LedgerFailure */
export async function stillWaits(line: AccessEvent, ask: Ask): Promise<boolean> {
  try {
    return (await answerable[line.event]?.waits(line, ask)) ?? false;
  } catch (error) {
    if (error instanceof Refused && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

/** The relationship with the organisation whose staff proposed it. */
function relationshipOf({ pseudonym, actor }: AccessEvent): { readonly pseudonym: Pseudonym; readonly mspId: MspId } {
  if (!('mspId' in actor)) throw new RangeError('an organisation proposes a relationship');
  return { pseudonym, mspId: actor.mspId };
}
