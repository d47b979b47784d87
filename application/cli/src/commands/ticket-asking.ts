import { newIdNonce } from '@lianyi/client';
import { createTicketKey, forgetOldGlass, type LoadedProfile } from '@lianyi/client/node';
import {
  actorTagSchema,
  type DeniedRecord,
  denialsOf,
  type Department,
  type IdNonce,
  mspIdSchema,
  type OutcomeOf,
  type Pseudonym,
  type PublicKey,
  type RecordId,
  type TicketId,
  ticketIdOf,
  type transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { lacking } from '../cli-problem';
import { forgetExpiredTicketKeys, keepKeyFor } from './ticket-end';

/** What a staff member says who asks to read, in an emergency or not. */
export interface TicketAsking {
  readonly loaded: LoadedProfile;
  readonly asked: {
    readonly ticketId: TicketId;
    readonly nonce: IdNonce;
    readonly pseudonym: Pseudonym;
    readonly recordIds: RecordId[];
    readonly department: Department;
  };
}

/** A new ticket's id, and for which department it is asked. */
export type NewTicket = Pick<TicketAsking['asked'], 'ticketId' | 'nonce' | 'department'>;

/** For the department named or that of the profile. @param nonce - of one that was countersigned before @throws CliProblem — neither names a department */
export function newTicket(call: CommandCall, named?: Department, nonce: IdNonce = newIdNonce()): NewTicket {
  const { profile } = call.actorOf('staff');
  const department = named ?? profile.department;
  if (department === undefined) throw lacking('--department <name>');
  const ticketId = ticketIdOf({ mspId: mspIdSchema.parse(profile.mspId), actorTag: actorTagSchema.parse(profile.actorTag), nonce });
  return { ticketId, nonce, department };
}

/** Asks by a new ticket. @throws CliProblem as `newTicket` */
export function newTicketAsking(
  call: CommandCall,
  input: { readonly pseudonym: Pseudonym; readonly records: RecordId[]; readonly department?: Department | undefined },
): TicketAsking {
  const { loaded } = call.actorOf('staff');
  return { loaded, asked: { ...newTicket(call, input.department), pseudonym: input.pseudonym, recordIds: input.records } };
}

type Answered = OutcomeOf<typeof transactions.RequestAccess>;
/** The answer, and each record that is denied. */
export type AnsweredAsking = { readonly answered: Answered; readonly denials: readonly DeniedRecord[]; readonly isDenied: boolean };

/** Makes the key of a ticket, asks with it, and keeps it for what is permitted. */
export async function askWithKey(
  call: CommandCall,
  { loaded, asked: { ticketId, pseudonym, recordIds } }: TicketAsking,
  send: (ephemeralPublicKey: PublicKey) => Promise<Answered>,
): Promise<AnsweredAsking> {
  forgetExpiredTicketKeys(loaded, call.terminal.now());
  forgetOldGlass(loaded, call.terminal.now());
  return answeredWith(loaded, recordIds, await send(await createTicketKey(loaded, ticketId, { pseudonym, unread: recordIds })));
}

/** Keeps the key of a ticket for what is permitted. */
export async function answeredWith(loaded: LoadedProfile, recordIds: readonly RecordId[], answered: Answered): Promise<AnsweredAsking> {
  const denials = denialsOf({ ...answered.result, recordIds: [...recordIds] });
  await keepKeyFor(loaded, answered.result, denials);
  return { answered, denials, isDenied: answered.result.decision === 'deny' };
}
