import { isOwnAsker, ofRecord, type PermittedTicket, type Ticket } from '../access/entities';
import { type Emergency } from '../emergency/entities';
import { type RecordId } from '../ids';
import { type Instant } from '../instant';
import { type AccessEvent, type Disclosure } from './transactions';

/** What the ledger has of what a line of the audit is about. */
type AboutLine = { readonly ticket?: Ticket | undefined; readonly emergency?: Emergency | undefined };

/** Whether a line tells that something has left its custodian, or a holder; a permit alone is no disclosure: nothing may have been fetched under it. */
export function isDisclosure({ event }: Pick<AccessEvent, 'event'>): boolean {
  return event === 'KeyReleased' || event === 'CopyDisclosed';
}

/** Whether an instant is of a period, from its beginning (inclusive) to its end (exclusive). */
export function isOfPeriod(
  at: Instant,
  { since, until }: { readonly since?: Instant | undefined; readonly until?: Instant | undefined },
): boolean {
  return (since === undefined || at >= since) && (until === undefined || at < until);
}

/** What was disclosed: when, to whom, what for, and under which rule or in which emergency. */
export function disclosureOf(line: AccessEvent, { ticket, emergency }: AboutLine): Disclosure {
  const { at, txId, event, ticketId, recordIds = [], purpose, receiver, actor } = line;
  const said = { at, txId, ...(ticketId === undefined ? {} : { ticketId }), recordIds, ...(purpose === undefined ? {} : { purpose }) };
  const permit = permitOf(ticket, recordIds);
  const because = { ...groundsOf(permit), ...(emergency === undefined ? {} : { emergency: emergency.reason }) };
  if (event !== 'CopyDisclosed') return { ...said, ...because, kind: 'released', ...(permit === undefined ? {} : { to: askerOf(permit) }) };
  const by = actor.kind === 'staff' ? { handedOnBy: actor.mspId } : {};
  return { ...said, ...because, kind: 'handed-on', ...by, ...(receiver === undefined ? {} : { to: receiver }) };
}

/** The permit as it is for the record that has left. */
function permitOf(ticket: Ticket | undefined, [record]: readonly RecordId[]): PermittedTicket | undefined {
  if (ticket?.decision !== 'permit') return undefined;
  return record === undefined ? ticket : ofRecord(ticket, record);
}

function groundsOf(permit: PermittedTicket | undefined): Pick<Disclosure, 'provisionIds'> {
  return permit === undefined ? {} : { provisionIds: [...permit.provisionIds] };
}

function askerOf({ actor }: PermittedTicket): NonNullable<Disclosure['to']> {
  if (isOwnAsker(actor)) return { mspId: actor.mspId, own: actor.kind };
  const { mspId, actorTag, department } = actor;
  return { mspId, actorTag, department };
}
