import { type DocumentRequest } from '@lianyi/client';
import { connectWitness, loadTicketKey, networkOf } from '@lianyi/client/node';
import { DomainError, type RecordId, type TicketId, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { lacking } from '../cli-problem';
import { openStaffSession } from '../ledger/staff-session';
import { ask } from '../transact';
import { forgetExpiredTicketKeys } from './ticket-end';

type Session = Awaited<ReturnType<typeof openStaffSession>>;

/** What is read under a ticket. */
export interface ToRead {
  readonly ticket: TicketId;
  /** Left out: the ticket's only one. */
  readonly id: RecordId | undefined;
  /** The option that would name it. */
  readonly option: string;
  /** The own node's word is enough. */
  readonly unwitnessed: boolean;
}

/**
 * Reads what a permitted ticket is for, with the ticket's key and, unless the reader does without, a witness that says what the ledger has.
 * @throws {@link DomainError} `WITNESS_UNAVAILABLE` — the profile names none; {@link CliProblem} `USAGE` — the ticket is for several, and none was named
 */
export async function readUnderTicket<Result>(
  call: CommandCall,
  { ticket, id, option, unwitnessed }: ToRead,
  read: (session: Session, request: DocumentRequest & { readonly recordId: RecordId }) => Promise<Result>,
): Promise<Result> {
  const { profile, loaded } = call.actorOf('staff');
  forgetExpiredTicketKeys(loaded, call.terminal.now());
  const { ephemeralKey, pseudonym } = await loadTicketKey(loaded, ticket);
  const witness = unwitnessed ? undefined : await connectWitness(profile);
  if (witness === undefined && !unwitnessed) throw new DomainError('WITNESS_UNAVAILABLE', undefined, { obstacle: 'none-named' });
  const session = await openStaffSession(call);
  try {
    const recordId = id ?? (await soleOfTicket(session, ticket, option));
    const ids = { ticketId: ticket, recordId, pseudonym, network: networkOf(profile), mspId: profile.mspId };
    return await read(session, { ...ids, ephemeralKey, witness: witness ?? 'none' });
  } finally {
    session.close();
    witness?.close();
  }
}

async function soleOfTicket(session: Session, ticketId: TicketId, option: string): Promise<RecordId> {
  const { result } = await ask(session, transactions.GetDecision, { ticketId });
  const [only] = result.recordIds;
  if (only === undefined || result.recordIds.length > 1) throw lacking(`${option} <id>`);
  return only;
}
