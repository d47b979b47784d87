import { z } from 'zod';
import {
  accessArea,
  addMilliseconds,
  askedRecordIdsOf,
  canonicalJson,
  type DelegationId,
  earliest,
  groundOf,
  type Instant,
  isOwnAsker,
  type OwnAsker,
  OWN_PROVISION_ID,
  ownTicketIdOf,
  type PermittedTicket,
  permittedTicketSchema,
  type StaffActor,
  TICKET_LIFETIME_MS,
  type TicketId,
  ticketIdOf,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { type BlockCall, type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { entryAt } from './composite-key';
import { leavesItsReview } from './left-by-emergency';
import { type KnownMembers, type PermitOfOne, type TicketFact } from './member-facts';
import { type AlarmFact, type Command, type KnownPatients, type OwnTicketFact } from './patient-facts';
import { jsonOf } from './strangers-json';
import { type Timeliness } from './timeliness';

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
  { call, value }: Pick<BlockWrite, 'value'> & { readonly call: BlockCall },
  ticketId: TicketId,
  asking: () => Promise<Asked | undefined>,
  { isFollowed }: { readonly isFollowed: (mspId: string) => boolean },
  known: Pick<KnownMembers, 'ticketOf'>,
): Promise<readonly (TicketFact | AlarmFact)[]> {
  const permit = permitOf(ticketId, value);
  // a patient's own is held against the patient's command: ownTicketFacts
  if (permit !== undefined && isOwnAsker(permit.actor)) return [];
  // what is closed opens nothing
  if (permit?.state === 'closed') return [];
  const isNew = (await known.ticketOf(ticketId)) === undefined;
  // over a known permit nothing goes unseen, and nowhere what this version cannot read: another one may
  if (isNew && (permit === undefined ? opensNothing(ticketId, value) : !isFollowed(permit.custodianMspId))) return [];
  const asked = await asking();
  return heldAgainst(call, isNew && asked !== undefined ? requestIn(asked) : undefined, ticketId, permit);
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
  call: BlockCall,
  request: RequestedAccess | undefined,
  ticketId: TicketId,
  permit: PermittedTicket | undefined,
): readonly (TicketFact | AlarmFact)[] {
  const isAsked = request !== undefined && permit !== undefined && isAsRequested(permit, request) && isToBeReviewed(call, permit, request);
  const fact: TicketFact = { kind: 'ticket', ticketId, isAsked };
  if (isAsked) {
    const { pseudonym, actor } = permit;
    return [{ ...fact, askedBy: { mspId: actor.mspId, pseudonym }, alone: permitsOfOneIn(permit) }];
  }
  const alarm = request === undefined ? 'ticket-without-request' : 'ticket-not-as-requested';
  return [fact, { kind: 'alarm', alarm, ...(permit === undefined ? {} : { pseudonym: permit.pseudonym }), detail: ticketId }];
}

/** What each of its permits rests on, where that is one provision of one grant; of an emergency nothing, which rests on no consent and takes no use. */
function permitsOfOneIn(permit: PermittedTicket): readonly PermitOfOne[] {
  const { pseudonym, recordIds, emergency } = permit;
  if (emergency !== undefined) return [];
  return recordIds.flatMap((recordId, place) => {
    const { provisionIds, grantVersions } = groundOf(permit, place);
    const [provisionId, ...otherProvisions] = provisionIds;
    const [grantVersion, ...otherGrants] = grantVersions;
    if (provisionId === undefined || grantVersion === undefined || otherProvisions.length + otherGrants.length > 0) return [];
    return [{ pseudonym, recordId, grantVersion, provisionId }];
  });
}

interface RequestedAccess {
  readonly asked: Asked;
  readonly actor: StaffActor;
}

function requestIn(asked: Asked): RequestedAccess | undefined {
  const { entry, actor } = asked;
  const isRequest = entry.name === transactions.RequestAccess.name || entry.name === transactions.BreakGlass.name;
  return isRequest && actor.kind === 'staff' ? { asked, actor } : undefined;
}

/** What was asked, as a ticket has it, and for how long at most. */
function wishIn({ entry, input }: Asked) {
  if (entry.name !== transactions.BreakGlass.name) {
    const { nonce, department, ...request } = transactions.RequestAccess.request.parse(input);
    return { nonce, department, request, lastsMillis: TICKET_LIFETIME_MS };
  }
  const asked = transactions.BreakGlass.request.parse(input);
  const { ticketId, pseudonym, recordIds, ephemeralPublicKey, nonce, department, opening, second, lastsMinutes } = asked;
  const of = { purpose: 'ETREAT', emergency: { scope: opening.scope, ...(second === undefined ? {} : { second }) } } as const;
  return { nonce, department, request: { ticketId, pseudonym, recordIds, ephemeralPublicKey, ...of }, lastsMillis: lastsMinutes * 60_000 };
}

/** Whether a permit is for just what was asked, by whom, with which key and when; what it rests on is looked at when a key is released. */
function isAsRequested(written: PermittedTicket, { asked, actor }: RequestedAccess): boolean {
  const { at } = asked;
  const { nonce, department, request, lastsMillis } = wishIn(asked);
  const { mspId, actorTag, roles, departments } = actor;
  const { ticketId, pseudonym, purpose, ephemeralPublicKey, requestedAt, expiresAt, emergency } = written;
  const recordIds = askedRecordIdsOf(written);
  const wanted = { ...request, recordIds: [...request.recordIds].sort(), requestedAt: at, actor: { mspId, actorTag, roles, department } };
  const of = { ticketId, pseudonym, recordIds, purpose, ephemeralPublicKey, ...(emergency === undefined ? {} : { emergency }) };
  const has = { ...of, requestedAt, actor: written.actor };
  return (
    canonicalJson(has) === canonicalJson(wanted) &&
    departments.includes(department) &&
    ticketId === ticketIdOf({ mspId, actorTag, nonce }) &&
    expiresAt <= addMilliseconds(at, lastsMillis)
  );
}

/** A permit of an emergency that nobody would review opens nothing. */
function isToBeReviewed(call: BlockCall, permit: PermittedTicket, { asked: { input } }: RequestedAccess): boolean {
  const { actor, emergency } = permit;
  if (emergency === undefined || isOwnAsker(actor)) return true;
  return leavesItsReview(call, { ...permit, actor }, transactions.BreakGlass.request.parse(input));
}

/** The patient's command in a transaction, if its patient's announced key has signed it. */
export interface OwnAsking {
  readonly own: Command | undefined;
  /** The time of the proposal. */
  readonly at: Instant;
  readonly timeliness: Timeliness;
}

/**
 * What a transaction makes of permits that patients have for their own records, held against the patient's command in it; nothing of what no
 * followed hospital could act on. A command that came late, or before its time, opens nothing.
 */
export async function ownTicketFacts(
  call: BlockCall,
  asking: OwnAsking,
  { isFollowed }: { readonly isFollowed: (mspId: string) => boolean },
  known: Pick<KnownMembers, 'ticketOf'> & Pick<KnownPatients, 'delegationOf'>,
): Promise<readonly (OwnTicketFact | AlarmFact)[]> {
  const facts: (OwnTicketFact | AlarmFact)[] = [];
  for (const { key, value } of call.writes) {
    const entry = entryAt(key);
    const ticketId = isOfTicket(entry?.objectType) ? ticketIdSchema.safeParse(entry?.parts[0]).data : undefined;
    const permit = ticketId && permitOf(ticketId, value);
    // what is closed opens nothing
    if (permit === undefined || permit.state === 'closed' || !isOwnAsker(permit.actor)) continue;
    const isNew = (await known.ticketOf(permit.ticketId)) === undefined;
    if (!isNew || isFollowed(permit.custodianMspId))
      facts.push(...(await ownTicket({ ...permit, actor: permit.actor }, isNew, call, asking, known)));
  }
  return facts;
}

type OwnPermit = PermittedTicket & { readonly actor: OwnAsker };

async function ownTicket(
  permit: OwnPermit,
  isNew: boolean,
  call: BlockCall,
  { own, at, timeliness }: OwnAsking,
  known: Pick<KnownPatients, 'delegationOf'>,
): Promise<readonly (OwnTicketFact | AlarmFact)[]> {
  const { ticketId, pseudonym } = permit;
  const command = isNew && own?.isAllowed === true && own.entry.name === transactions.OpenOwnRecords.name ? own : undefined;
  const until = command && (await endOf(command, known));
  const isCommanded = command !== undefined && isAsCommanded(permit, command, { carrier: call.creatorMspId, at, until });
  const by = command === undefined ? {} : delegationOf(command);
  const fact: OwnTicketFact = { kind: 'ownTicket', ticketId, pseudonym, ...by, isAsked: isCommanded && timeliness === 'in-time' };
  if (isCommanded) return [fact];
  const alarm = command === undefined ? 'ticket-without-request' : 'ticket-not-as-requested';
  return [fact, { kind: 'alarm', alarm, pseudonym, detail: ticketId }];
}

function delegationOf({ proof }: Command): { readonly delegationId?: DelegationId } {
  return proof.kind === 'delegate' ? { delegationId: proof.statement.delegationId } : {};
}

/** When what somebody acts by for the patient ends, as those have said whose word that is. */
async function endOf({ proof }: Command, known: Pick<KnownPatients, 'delegationOf'>): Promise<Instant | undefined> {
  if (proof.kind !== 'delegate') return undefined;
  return (await known.delegationOf(proof.statement.pseudonym, proof.statement.delegationId))?.said.validUntil;
}

/** Whether a permit is for just what the patient's side has commanded, through whom, with which key and when. */
function isAsCommanded(
  written: OwnPermit,
  command: Command,
  { carrier, at, until }: { readonly carrier: string; readonly at: Instant; readonly until: Instant | undefined },
): boolean {
  const { nonce, mspId, ...request } = transactions.OpenOwnRecords.request.parse(command.input);
  const { ticketId, pseudonym, purpose, ephemeralPublicKey, requestedAt, actor, provisionIds, grantVersions } = written;
  const recordIds = askedRecordIdsOf(written);
  const asker = command.proof.kind === 'patient' ? { kind: 'patient' } : { kind: 'delegate', ...delegationOf(command) };
  const commanded = { ...request, recordIds: [...request.recordIds].sort() };
  const wanted = {
    ...commanded,
    purpose: 'PATRQT',
    requestedAt: at,
    actor: { ...asker, mspId: carrier },
    provisionIds: [OWN_PROVISION_ID],
  };
  const has = { ticketId, pseudonym, recordIds, ephemeralPublicKey, purpose, requestedAt, actor, provisionIds };
  return (
    canonicalJson(has) === canonicalJson(wanted) &&
    grantVersions.length === 0 &&
    mspId === carrier &&
    pseudonym === command.proof.statement.pseudonym &&
    ticketId === ownTicketIdOf({ pseudonym, nonce }) &&
    written.expiresAt <= (earliest([addMilliseconds(at, TICKET_LIFETIME_MS), ...(until === undefined ? [] : [until])]) ?? at)
  );
}
