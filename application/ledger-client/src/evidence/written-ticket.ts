import {
  accessArea,
  addMilliseconds,
  canonicalJson,
  type MspId,
  type PermittedTicket,
  permittedTicketSchema,
  type StaffActor,
  TICKET_LIFETIME_MS,
  type TicketId,
  ticketIdOf,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { type KnownMembers, type TicketFact } from './member-facts';
import { type AlarmFact } from './patient-facts';
import { jsonOf } from './strangers-json';

const { objectType } = accessArea.entities.tickets;

/** Whether a key is one of a ticket. */
export function isOfTicket(type: string | undefined): boolean {
  return type === objectType;
}

/** What a write makes of a ticket. */
export interface WrittenTicket {
  readonly ticketId: TicketId;
  /** Undefined for what is no open permit under its own id: nobody has asked for that. */
  readonly permit: PermittedTicket | undefined;
}

/** What a write makes of a ticket, if a followed hospital could act on it, or on what stood there; undefined otherwise. */
export async function ticketWritten(
  { key, value }: BlockWrite,
  isFollowed: (custodianMspId: MspId) => boolean,
  known: Pick<KnownMembers, 'ticketOf'>,
): Promise<WrittenTicket | undefined> {
  const written = permittedTicketSchema.strip().safeParse(jsonOf(value)).data;
  const ticketId = ticketIdSchema.safeParse(key.split('\u0000')[2]).data;
  // what is closed opens nothing
  if (ticketId === undefined || (written?.ticketId === ticketId && written.state !== 'open')) return undefined;
  const isOwn = written?.ticketId === ticketId;
  if (isOwn && isFollowed(written.custodianMspId)) return { ticketId, permit: written };
  // over a known permit nothing goes unseen, least of all what the chaincode may read and this version cannot
  return (await known.ticketOf(ticketId)) === undefined ? undefined : { ticketId, permit: isOwn ? written : undefined };
}

/** What a written permit says, held against what whom it names has asked in this transaction. */
export async function ticketFacts(
  { ticketId, permit }: WrittenTicket,
  asked: Asked | undefined,
  known: Pick<KnownMembers, 'ticketOf'>,
): Promise<readonly (TicketFact | AlarmFact)[]> {
  const isNew = (await known.ticketOf(ticketId)) === undefined;
  const request = isNew && asked !== undefined ? requestIn(asked) : undefined;
  const isAsked = request !== undefined && permit !== undefined && isAsRequested(permit, request);
  const fact: TicketFact = { kind: 'ticket', ticketId, isAsked };
  if (isAsked) return [fact];
  const alarm = request === undefined ? 'ticket-without-request' : 'ticket-not-as-requested';
  return [fact, { kind: 'alarm', alarm, ...(permit === undefined ? {} : { pseudonym: permit.pseudonym }), detail: ticketId }];
}

interface RequestedAccess {
  readonly asked: Asked;
  readonly actor: StaffActor;
}

function requestIn(asked: Asked): RequestedAccess | undefined {
  const { entry, actor } = asked;
  return entry.name === transactions.RequestAccess.name && actor.kind === 'staff' ? { asked, actor } : undefined;
}

/** Whether a permit is for just what was asked, by whom, with which key and when; what it rests on is looked at when a key is released. */
function isAsRequested(written: PermittedTicket, { asked: { input, at }, actor }: RequestedAccess): boolean {
  const { nonce, department, ...request } = transactions.RequestAccess.request.parse(input);
  const { mspId, actorTag, roles, departments } = actor;
  const { ticketId, pseudonym, recordIds, purpose, ephemeralPublicKey, requestedAt, expiresAt } = written;
  const wanted = { ...request, requestedAt: at, actor: { mspId, actorTag, roles, department } };
  const has = { ticketId, pseudonym, recordIds, purpose, ephemeralPublicKey, requestedAt, actor: written.actor };
  return (
    canonicalJson(has) === canonicalJson(wanted) &&
    departments.includes(department) &&
    ticketId === ticketIdOf({ mspId, actorTag, nonce }) &&
    expiresAt <= addMilliseconds(at, TICKET_LIFETIME_MS)
  );
}
