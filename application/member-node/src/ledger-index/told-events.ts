import type { Kysely } from 'kysely';
import { z } from 'zod';
import { type EventCursor, type ToldEvent, toldEventSchema } from '@lianyi/client';
import {
  type ActorReference,
  actorTagSchema,
  canonicalJson,
  type DomainEvent,
  instantOf,
  mspIdSchema,
  parseStrictJson,
} from '@lianyi/domain';
import { type Asked, auditLinesIn, type BlockCall, type BlockTransaction, isLedTo, type WrittenLine } from '@lianyi/ledger-client';
import { keyOfTicket, type NumberedEvent } from './events-of-block';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;

/** A valid transaction of the own chain that has told something. */
export interface TellingTransaction {
  readonly blockNumber: number;
  readonly transaction: BlockTransaction;
  readonly events: readonly NumberedEvent[];
  readonly call: BlockCall;
  /** What staff or an administrator has asked for with it. */
  readonly asked: Asked | undefined;
  /** Whether the index has raised an alarm about it: it does not believe what was written. */
  readonly isAlarmed: boolean;
}

/** What stands on the ledger of an event: the line of a patient's audit, or the ticket of a denial that is no affair of the patient's. */
type Proven = Pick<WrittenLine, 'actor' | 'decision' | 'purpose' | 'ticketId' | 'recordIds' | 'reasons' | 'grantee' | 'policyVersion'>;

/** A staff member's denial, as far as it says who has asked; a later chaincode may write more. */
const deniedTicket = z.looseObject({
  decision: z.literal('deny'),
  actor: z.looseObject({ mspId: mspIdSchema, actorTag: actorTagSchema }),
});
const TICKET_LIMITS = { maxBytes: 64 * 1024, maxDepth: 16 };

/**
 * Keeps of a transaction's events those that concern the own hospital, under the names that they have for ever: number of the block, of the
 * transaction, of the event. To be called once the block's other facts are kept: a patient may have come with it.
 *
 * An event counts as far as its transaction has written that it happened (the line of a patient's audit, or the ticket): an event alone can come from one member.
 */
export async function keepTold(db: Database, ownMspId: string, told: TellingTransaction): Promise<void> {
  const { blockNumber, transaction, events, call, asked, isAlarmed } = told;
  const lines = [...auditLinesIn(call)];
  for (const { event, number } of events) {
    const proven = takeLine(lines, event) ?? ticketOf(call, event);
    if (proven === undefined || !(await concerns(db, ownMspId, event, proven))) continue;
    const place = { block_number: blockNumber, transaction_index: transaction.transactionIndex, event_index: number };
    const of = { transaction_id: transaction.transactionId, ticket_id: 'ticketId' in event ? event.ticketId : null };
    const isDoubtful = isAlarmed || !isLedTo(call, event, proven.actor, asked);
    const said = { event, at: instantOf(call.proposedAtMillis), ...detailsOf(proven), ...(isDoubtful ? { isDoubtful } : {}) };
    await db
      .insertInto('told_event')
      .values({ ...place, ...of, told: canonicalJson(said) })
      .execute();
    await keepRead(db, event);
  }
}

/** The next events behind a place, in the order of the chain. */
export async function toldIn(db: Database, after: EventCursor | undefined, limit: number): Promise<readonly ToldEvent[]> {
  const [block = -1, transaction = 0, event = 0] = after === undefined ? [] : after.split('-').map(Number);
  const rows = await db
    .selectFrom('told_event')
    .selectAll()
    // SQLite compares rows by the index of the key (sqlite.org/rowvalue.html)
    .where((place) =>
      place.eb(place.refTuple('block_number', 'transaction_index', 'event_index'), '>', place.tuple(block, transaction, event)),
    )
    .orderBy('block_number')
    .orderBy('transaction_index')
    .orderBy('event_index')
    .limit(limit)
    .execute();
  return rows.map((row) =>
    toldEventSchema.parse({
      cursor: `${row.block_number}-${row.transaction_index}-${row.event_index}`,
      transactionId: row.transaction_id,
      ...(JSON.parse(row.told) as object), // as keepTold wrote it
    }),
  );
}

/** The line of the transaction that says of the same patient that this happened; each line stands for one event. */
function takeLine(lines: WrittenLine[], event: DomainEvent): Proven | undefined {
  if (!('pseudonym' in event)) return undefined;
  const index = lines.findIndex((line) => line.event === event.name && line.pseudonym === event.pseudonym);
  return index < 0 ? undefined : lines.splice(index, 1)[0];
}

/** A staff member's question about what nobody has is no affair of the patient's: only the ticket tells of it. */
function ticketOf({ writes }: BlockCall, event: DomainEvent): Proven | undefined {
  if (event.name !== 'AccessDenied' && event.name !== 'EmergencyDenied') return undefined;
  const value = writes.find(({ key }) => key === keyOfTicket(event.ticketId))?.value;
  if (!(value instanceof Uint8Array)) return undefined;
  const ticket = deniedTicket.safeParse(attempt(() => parseStrictJson(Buffer.from(value).toString('utf8'), TICKET_LIMITS)));
  if (!ticket.success) return undefined;
  const { mspId, actorTag } = ticket.data.actor;
  return { actor: { kind: 'staff', mspId, actorTag }, decision: 'deny', ticketId: event.ticketId };
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined; // bytes of strangers
  }
}

/**
 * Whether an event concerns the own hospital: it is about a patient of its own, by its staff, or names it; or it follows from a request of its
 * staff, or is about a record that they have read.
 */
async function concerns(db: Database, ownMspId: string, event: DomainEvent, { actor, grantee }: Proven): Promise<boolean> {
  if (organisationOf(actor) === ownMspId || grantee?.mspId === ownMspId || names(event, ownMspId)) return true;
  if ('ticketId' in event && (await isTold(db, event.ticketId))) return true;
  if (!('pseudonym' in event)) return false;
  const patient = db.selectFrom('patient').select('pseudonym').where('pseudonym', '=', event.pseudonym);
  if ((await patient.executeTakeFirst()) !== undefined) return true;
  if (!('recordId' in event)) return false;
  const read = db.selectFrom('read_record').select('record_id').where('pseudonym', '=', event.pseudonym);
  return (await read.where('record_id', '=', event.recordId).executeTakeFirst()) !== undefined;
}

function organisationOf(actor: ActorReference): string | undefined {
  return 'mspId' in actor ? actor.mspId : undefined;
}

/** An event has ids and versions only; those of organisations are called so. */
function names(event: DomainEvent, ownMspId: string): boolean {
  return Object.entries(event).some(([field, value]) => /mspId$/i.test(field) && value === ownMspId);
}

async function isTold(db: Database, ticketId: string): Promise<boolean> {
  return (await db.selectFrom('told_event').select('ticket_id').where('ticket_id', '=', ticketId).executeTakeFirst()) !== undefined;
}

/** What becomes of a record whose key was released to own staff, of whichever hospital's patient, is told from then on. */
async function keepRead(db: Database, event: DomainEvent): Promise<void> {
  if (event.name !== 'KeyReleased') return;
  const { pseudonym, recordId } = event;
  const row = { pseudonym, record_id: recordId };
  await db
    .insertInto('read_record')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function detailsOf({ actor, decision, purpose, recordIds, reasons, grantee, policyVersion }: Proven): object {
  const details = { actor, decision, purpose, recordIds, reasons, grantee, policyVersion };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}
