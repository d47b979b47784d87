import { isOwnAsker, ofRecord, type PermittedTicket, type Ticket } from '../access/entities';
import { type Emergency } from '../emergency/entities';
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
  const [record] = recordIds;
  const permit = ticket?.decision === 'permit' ? (record === undefined ? ticket : ofRecord(ticket, record)) : undefined;
  const grounds = permit === undefined ? {} : { provisionIds: [...permit.provisionIds] };
  const because = { ...grounds, ...(emergency === undefined ? {} : { emergency: emergency.reason }) };
  if (event === 'CopyDisclosed') {
    const by = actor.kind === 'staff' ? { handedOnBy: actor.mspId } : {};
    return { ...said, ...because, kind: 'handed-on', ...by, ...(receiver === undefined ? {} : { to: receiver }) };
  }
  return { ...said, ...because, kind: 'released', ...(permit === undefined ? {} : { to: askerOf(permit) }) };
}

function askerOf({ actor }: PermittedTicket): NonNullable<Disclosure['to']> {
  if (isOwnAsker(actor)) return { mspId: actor.mspId, own: actor.kind };
  const { mspId, actorTag, department } = actor;
  return { mspId, actorTag, department };
}
