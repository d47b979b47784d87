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

/** What a member tells, and of whose notes it was asked: who answers never says who signs. */
export interface ToldLine {
  readonly pseudonym: Pseudonym;
  readonly line: AccessEvent;
}

/** What can be said now, and the command that says it. */
export type OpenAnswers = Readonly<Partial<Record<NoteAnswer, SignedRequest<TransactionEntry>>>>;

/** Asks the ledger as the pseudonym whose notes are read. */
type Ask = <Entry extends TransactionEntry>(request: SignedRequest<Entry>) => Promise<Output<Entry>>;

/** As many recoveries as a member lists at once. */
const PAGE = 100;
/** A member that goes on giving pages is not asked for more. */
const MOST_PAGES = 10;
const openRecovery: readonly RecoveryState[] = ['opened', 'coolingOff'];

/** Which notes ask something of the patient, by what the ledger has of it now; of all others they are told. */
const answerable: Readonly<Partial<Record<EventName, (told: ToldLine, ask: Ask) => Promise<OpenAnswers>>>> = {
  RelationshipProposed: async (told, ask) => {
    const relationship = relationshipOf(told);
    if ((await ask(newRequest(transactions.GetRelationship, relationship))).state !== 'proposed') return {};
    return {
      accept: newRequest<TransactionEntry>(transactions.AcceptRelationship, relationship),
      reject: newRequest<TransactionEntry>(transactions.RejectRelationship, relationship),
    };
  },
  // somebody asks for the patient's place: who has the old key refuses it, and does nothing to agree
  RecoveryOpened: async ({ pseudonym, line: { at } }, ask) => {
    for (let pages = 0, after: string | undefined; pages < MOST_PAGES; pages += 1) {
      const page = { pseudonym, limit: PAGE, ...(after === undefined ? {} : { after }) };
      const { items, next } = await ask(newRequest(transactions.ListRecoveries, page));
      // the line and the case are of one transaction, and have its time; of two of one time, the second is found once the first is vetoed
      const open = items.find(({ openedAt, state }) => openedAt === at && openRecovery.includes(state));
      if (open !== undefined)
        return { reject: newRequest<TransactionEntry>(transactions.VetoRecovery, { pseudonym, caseId: open.caseId }) };
      if (next === undefined) return {};
      after = next;
    }
    return {};
  },
};

/** What a note can be answered with now. @throws LedgerFailure */
export async function openAnswers(told: ToldLine, ask: Ask): Promise<OpenAnswers> {
  try {
    return (await answerable[told.line.event]?.(told, ask)) ?? {};
  } catch (error) {
    if (error instanceof Refused && error.code === 'NOT_FOUND') return {};
    throw error;
  }
}

/** The relationship with the organisation whose staff proposed it. */
function relationshipOf({ pseudonym, line: { actor } }: ToldLine): { readonly pseudonym: Pseudonym; readonly mspId: MspId } {
  if (!('mspId' in actor)) throw new RangeError('an organisation proposes a relationship');
  return { pseudonym, mspId: actor.mspId };
}
