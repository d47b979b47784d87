import { z } from 'zod';
import {
  accessArea,
  addMilliseconds,
  canonicalJson,
  type PermittedTicket,
  permittedTicketSchema,
  type StaffActor,
  TICKET_LIFETIME_MS,
  type TicketId,
  ticketIdOf,
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

/**
 * What a write makes of a ticket, held against what whom it names has asked in this transaction; nothing if no followed hospital could act on
 * it or on what stood there.
 */
export async function ticketFacts(
  { value }: BlockWrite,
  ticketId: TicketId,
  asking: () => Promise<Asked | undefined>,
  { isFollowed }: { readonly isFollowed: (mspId: string) => boolean },
  known: Pick<KnownMembers, 'ticketOf'>,
): Promise<readonly (TicketFact | AlarmFact)[]> {
  const permit = permitOf(ticketId, value);
  // what is closed opens nothing
  if (permit?.state === 'closed') return [];
  const isNew = (await known.ticketOf(ticketId)) === undefined;
  // over a known permit nothing goes unseen, and nowhere what this version cannot read: another one may
  if (isNew && (permit === undefined ? opensNothing(ticketId, value) : !isFollowed(permit.custodianMspId))) return [];
  const asked = await asking();
  return heldAgainst(isNew && asked !== undefined ? requestIn(asked) : undefined, ticketId, permit);
}

/** The permit that stands under its own id, open or closed; undefined for a denial and for whatever else this version does not read so. */
function permitOf(ticketId: TicketId, value: BlockWrite['value']): PermittedTicket | undefined {
  const written = permittedTicketSchema.strip().safeParse(jsonOf(value)).data;
  return written?.ticketId === ticketId ? written : undefined;
}

const denialSchema = z.looseObject({ decision: z.literal('deny') });

/** A deletion, or a denial, which nobody reads as a permit, whatever else it says. */
function opensNothing(ticketId: TicketId, value: BlockWrite['value']): boolean {
  return value === undefined || denialSchema.extend({ ticketId: z.literal(ticketId) }).safeParse(jsonOf(value)).success;
}

function heldAgainst(
  request: RequestedAccess | undefined,
  ticketId: TicketId,
  permit: PermittedTicket | undefined,
): readonly (TicketFact | AlarmFact)[] {
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
