import { type MemberNodeClient, newIdNonce, newPrivateKey, type OpenedDocument, publicKeyOf } from '@lianyi/client';
import { networkOf, type StaffProfile } from '@lianyi/client/node';
import { type GraphSource } from '@lianyi/graph';
import {
  actorTagSchema,
  codeOfFailure,
  denialsOf,
  type Department,
  DomainError,
  LedgerFailure,
  mspIdSchema,
  newRequest,
  ofRecord,
  type Output,
  type Pseudonym,
  type Purpose,
  type RecordId,
  ticketIdOf,
  transactions,
} from '@lianyi/domain';
import { everyPage } from '../every-page';
import { type StaffLedgerSession } from '../ledger/staff-session';
import { graphSourceOf } from './source-of';

/** Who opens, and for what. */
export interface PictureReader {
  readonly session: StaffLedgerSession;
  readonly profile: StaffProfile;
  readonly purpose: Purpose;
  readonly department: Department;
  readonly witness: MemberNodeClient | 'none';
  /** Told of each document before the next is opened: its patient may disagree with it. */
  readonly onOpened: (document: OpenedDocument) => void;
}
/** What came of opening. */
export interface OpenedForPicture {
  readonly sources: readonly GraphSource[];
  readonly leftOut: readonly LeftOut[];
  /** Of the requests and releases, as they stand in the patient's audit. */
  readonly transactionIds: readonly string[];
}
/** What of the list is not in the picture, and the code that says why. */
export interface LeftOut {
  readonly recordId: RecordId;
  readonly code: string;
}
type Listed = Output<typeof transactions.ListPermitted>['items'][number];
/** As many records as one request for access may name. */
const AT_ONCE = 16;

/**
 * Opens whatever the reader would be permitted of a patient: each record is asked for, the decision is committed, and what is permitted is read under that
 * ticket, whose key lives as long as this call. What does not come is left out and named; of what is not permitted nothing is known.
 */
export async function openPermitted(reader: PictureReader, pseudonyms: Iterable<Pseudonym>): Promise<OpenedForPicture> {
  const parts: OpenedForPicture[] = [];
  for (const pseudonym of pseudonyms) {
    const listed = await permitted(reader, pseudonym);
    for (let from = 0; from < listed.length; from += AT_ONCE) {
      parts.push(await openTogether(reader, pseudonym, listed.slice(from, from + AT_ONCE)));
    }
  }
  return {
    sources: parts.flatMap(({ sources }) => sources),
    leftOut: parts.flatMap(({ leftOut }) => leftOut),
    transactionIds: parts.flatMap(({ transactionIds }) => transactionIds),
  };
}

/** Documents alone: a pointer has none. */
async function permitted({ session, purpose, department }: PictureReader, pseudonym: Pseudonym): Promise<readonly Listed[]> {
  const request = { pseudonym, purpose, department };
  const { items } = await everyPage(async (page) => ({
    result: await session.ledger.evaluate(newRequest(transactions.ListPermitted, { ...request, ...page })),
  }));
  return items.filter(({ format }) => format !== undefined);
}

async function openTogether(reader: PictureReader, pseudonym: Pseudonym, records: readonly Listed[]): Promise<OpenedForPicture> {
  const { session, profile, purpose, department, witness, onOpened } = reader;
  const nonce = newIdNonce();
  const ephemeralKey = newPrivateKey();
  const mspId = mspIdSchema.parse(profile.mspId);
  const ticketId = ticketIdOf({ mspId, actorTag: actorTagSchema.parse(profile.actorTag), nonce });
  const recordIds = records.map(({ recordId }) => recordId);
  const asked = { ticketId, nonce, pseudonym, recordIds, purpose, department, ephemeralPublicKey: publicKeyOf(ephemeralKey) };
  const { result, transactionId } = await session.ledger.submit(newRequest(transactions.RequestAccess, asked));
  const denied = new Set(denialsOf({ ...result, recordIds }).map(({ recordId }) => recordId));
  const [sources, leftOut]: [GraphSource[], LeftOut[]] = [[], []];
  const transactionIds = transactionId === undefined ? [] : [transactionId];
  const ticket =
    result.decision === 'permit' ? await session.ledger.evaluate(newRequest(transactions.GetDecision, { ticketId })) : undefined;
  for (const record of records) {
    const { recordId } = record;
    // the list was of a moment before: what is not permitted any more is as if it had not been on it
    if (ticket === undefined || denied.has(recordId)) continue;
    const decided = ofRecord(ticket, recordId);
    const request = { ticketId, recordId, pseudonym, network: networkOf(profile), mspId, ephemeralKey, witness };
    try {
      // a picture is a file that is kept
      if (decided.decision === 'permit' && decided.copy?.handling === 'view') throw new DomainError('ONLY_TO_BE_VIEWED');
      const document = await session.node.readDocument(request, session.sign);
      transactionIds.push(document.releaseTransactionId);
      onOpened(document);
      sources.push(graphSourceOf(document, record.custodianMspId));
    } catch (error) {
      leftOut.push({ recordId, code: codeOf(error) });
    }
  }
  return { sources, leftOut, transactionIds };
}

/** @throws what is no refusal */
function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  if (error instanceof LedgerFailure) return codeOfFailure(error);
  throw error;
}
