import {
  type AccessEvent,
  type EventName,
  type MspId,
  newRequest,
  type Output,
  type Pseudonym,
  type RecoveryState,
  Refused,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';

/** What a patient says to a note that waits. */
export type NoteAnswer = 'accept' | 'reject';

/** What can be said now, and the command that says it. */
export type OpenAnswers = Readonly<Partial<Record<NoteAnswer, SignedRequest<TransactionEntry>>>>;

/** Asks the ledger as the pseudonym that the note is about. */
type Ask = <Entry extends TransactionEntry>(request: SignedRequest<Entry>) => Promise<Output<Entry>>;

/** As many recoveries as a member lists at once; one is open at a time, and the newest come last. */
const PAGE = 100;
const openRecovery: readonly RecoveryState[] = ['opened', 'coolingOff'];

/** Which notes ask something of the patient, by what the ledger has of it now; of all others they are told. */
const answerable: Readonly<Partial<Record<EventName, (line: AccessEvent, ask: Ask) => Promise<OpenAnswers>>>> = {
  RelationshipProposed: async (line, ask) => {
    const relationship = relationshipOf(line);
    if ((await ask(newRequest(transactions.GetRelationship, relationship))).state !== 'proposed') return {};
    return {
      accept: newRequest<TransactionEntry>(transactions.AcceptRelationship, relationship),
      reject: newRequest<TransactionEntry>(transactions.RejectRelationship, relationship),
    };
  },
  // somebody asks for the patient's place: who has the old key refuses it, and does nothing to agree
  RecoveryOpened: async ({ pseudonym, at }, ask) => {
    for (let after: string | undefined; ;) {
      const page = { pseudonym, limit: PAGE, ...(after === undefined ? {} : { after }) };
      const { items, next } = await ask(newRequest(transactions.ListRecoveries, page));
      // the line and the case are of one transaction, and have its time
      const open = items.find(({ openedAt, state }) => openedAt === at && openRecovery.includes(state));
      if (open !== undefined)
        return { reject: newRequest<TransactionEntry>(transactions.VetoRecovery, { pseudonym, caseId: open.caseId }) };
      if (next === undefined) return {};
      after = next;
    }
  },
};

/** What a note can be answered with now. @throws LedgerFailure */
export async function openAnswers(line: AccessEvent, ask: Ask): Promise<OpenAnswers> {
  try {
    return (await answerable[line.event]?.(line, ask)) ?? {};
  } catch (error) {
    if (error instanceof Refused && error.code === 'NOT_FOUND') return {};
    throw error;
  }
}

/** The relationship with the organisation whose staff proposed it. */
function relationshipOf({ pseudonym, actor }: AccessEvent): { readonly pseudonym: Pseudonym; readonly mspId: MspId } {
  if (!('mspId' in actor)) throw new RangeError('an organisation proposes a relationship');
  return { pseudonym, mspId: actor.mspId };
}
