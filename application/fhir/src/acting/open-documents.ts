import { newIdNonce, newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  DomainError,
  newRequest,
  NoAnswer,
  ofRecord,
  type Output,
  type Pseudonym,
  type RecordId,
  Refused,
  type TicketId,
  ticketIdOf,
  transactions,
} from '@lianyi/domain';
import { type OpenedBytes } from '../resources/opened-document';
import { type OpenTicket } from './ports';
import { type AskingStaff, departmentOf } from './permitted-records';

/** As many records as one request for access may name. */
const RECORDS_PER_REQUEST = 16;

/** What came of asking for documents; those that are denied are nowhere in it. */
interface Opening {
  /** The very bytes that were published, and what is said of them. */
  readonly documents: ReadonlyMap<RecordId, OpenedBytes>;
  /** Permitted to be viewed and not to be kept, which is what the application does; nothing of them was released. */
  readonly onlyToBeViewed: readonly RecordId[];
  /** Permitted, and not come: whoever keeps it is away, or what came is not what the ledger has; and why. */
  readonly notCome: ReadonlyMap<RecordId, unknown>;
}

/**
 * Opens documents: each is asked for, the decision on each is committed before anything else is done, and what is permitted is read under that ticket. The
 * ticket's key lives as long as this call. A document that does not come keeps no other from coming.
 *
 * @throws DomainError `WITNESS_UNAVAILABLE`; LedgerFailure — the own node is away: then nothing comes
 */
export async function openDocuments(asker: AskingStaff, pseudonym: Pseudonym, recordIds: readonly RecordId[]): Promise<Opening> {
  const documents = new Map<RecordId, OpenedBytes>();
  const onlyToBeViewed: RecordId[] = [];
  const notCome = new Map<RecordId, unknown>();
  for (let from = 0; from < recordIds.length; from += RECORDS_PER_REQUEST) {
    const { ticket, permitted, viewed } = await ask(asker, pseudonym, recordIds.slice(from, from + RECORDS_PER_REQUEST));
    onlyToBeViewed.push(...viewed);
    for (const recordId of permitted) {
      try {
        documents.set(recordId, await asker.staff.reader.read(ticket, recordId));
      } catch (error) {
        if (!isOfDocument(error)) throw error;
        notCome.set(recordId, error);
      }
    }
  }
  return { documents, onlyToBeViewed, notCome };
}

/** Whether another document may come though this one did not. */
function isOfDocument(error: unknown): boolean {
  if (error instanceof DomainError) return error.code !== 'WITNESS_UNAVAILABLE';
  return error instanceof Refused || error instanceof NoAnswer;
}

/**
 * Opens one document.
 * @throws as {@link openDocuments}, and what keeps the document from coming; DomainError `NOT_OPENED` — denied, of whatever reason, whether there is such a record or not · `ONLY_TO_BE_VIEWED`
 */
export async function openDocument(asker: AskingStaff, pseudonym: Pseudonym, recordId: RecordId): Promise<OpenedBytes> {
  const { documents, onlyToBeViewed, notCome } = await openDocuments(asker, pseudonym, [recordId]);
  if (notCome.has(recordId)) throw notCome.get(recordId);
  if (onlyToBeViewed.length > 0) throw new DomainError('ONLY_TO_BE_VIEWED');
  const opened = documents.get(recordId);
  if (opened === undefined) throw new DomainError('NOT_OPENED');
  return opened;
}

interface Asked {
  readonly ticket: OpenTicket;
  readonly permitted: readonly RecordId[];
  readonly viewed: readonly RecordId[];
}

async function ask(asker: AskingStaff, pseudonym: Pseudonym, recordIds: readonly RecordId[]): Promise<Asked> {
  const { staff, purpose } = asker;
  const nonce = newIdNonce();
  const ephemeralKey = newPrivateKey();
  const ticketId = ticketIdOf({ mspId: staff.mspId, actorTag: staff.actorTag, nonce });
  const input = {
    ...{ ticketId, nonce, pseudonym, recordIds: [...recordIds], purpose, department: departmentOf(staff) },
    ephemeralPublicKey: publicKeyOf(ephemeralKey),
  };
  const { result } = await staff.ledger.submit(newRequest(transactions.RequestAccess, input));
  const ticket = { ticketId, pseudonym, ephemeralKey };
  if (result.decision === 'deny') return { ticket, permitted: [], viewed: [] };
  const denied = new Set((result.denied ?? []).map((each) => each.recordId));
  const permitted = recordIds.filter((each) => !denied.has(each));
  const viewed = asker.keeps ? await onlyViewed(asker, ticketId, permitted, result) : [];
  return { ticket, permitted: permitted.filter((each) => !viewed.includes(each)), viewed };
}

type Permit = Extract<Output<typeof transactions.RequestAccess>, { decision: 'permit' }>;

/** Which of those permitted are only to be viewed: the answer has the strictest word on any of them, the ticket that on each. */
async function onlyViewed(
  { staff }: AskingStaff,
  ticketId: TicketId,
  permitted: readonly RecordId[],
  { copy }: Permit,
): Promise<readonly RecordId[]> {
  if (copy?.handling !== 'view') return [];
  const ticket = await staff.ledger.evaluate(newRequest(transactions.GetDecision, { ticketId }));
  return permitted.filter((recordId) => {
    const decided = ofRecord(ticket, recordId);
    return decided.decision !== 'permit' || decided.copy?.handling === 'view';
  });
}
