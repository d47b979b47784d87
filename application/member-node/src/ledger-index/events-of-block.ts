import { accessArea, type DomainEvent, eventsPayloadSchema, FABRIC_EVENT_NAME, parseStrictJson } from '@lianyi/domain';
import { type BlockTransaction, type CallsOfBlock } from '@lianyi/ledger-client';

/** Events may be this large in all; the chaincode's own limit is far below. */
const EVENT_LIMITS = { maxBytes: 256 * 1024, maxDepth: 8 };
/** How a decision on a ticket is told. */
export const DECISIONS = [
  ...(['AccessPermitted', 'AccessDenied', 'EmergencyPermitted', 'EmergencyDenied'] as const),
  ...(['OwnRecordsOpened', 'OwnRecordsDenied'] as const),
] as const;
/** peer.TxValidationCode */
const VALID = 0;

/**
 * An event that is not ours, not of our form or not of a ticket that is written with it is nobody's permit: it is left out, and what needs
 * it waits in vain. A transaction has few: the form says how many.
 */
export function eventsOf(transaction: BlockTransaction, chaincode: string, calls: CallsOfBlock): readonly DomainEvent[] {
  const { event, validationCode } = transaction;
  if (validationCode !== VALID || event?.chaincode !== chaincode || event.name !== FABRIC_EVENT_NAME) return [];
  try {
    const { events } = eventsPayloadSchema.parse(parseStrictJson(Buffer.from(event.payload).toString('utf8'), EVENT_LIMITS));
    if (!events.some(isDecision)) return events;
    const written = keysWritten(calls.of(transaction));
    return events.filter((each) => !isDecision(each) || written.has(keyOfTicket(each.ticketId)));
  } catch {
    return [];
  }
}

type Decision = Extract<DomainEvent, { readonly name: (typeof DECISIONS)[number] }>;

function isDecision(event: DomainEvent): event is Decision {
  return DECISIONS.some((name) => name === event.name);
}

const keyOfTicket = (ticketId: string): string => `\u0000${accessArea.entities.tickets.objectType}\u0000${ticketId}\u0000`;

/** A decision stands on the ledger; an event alone can come from one member, for what it keeps in private needs no other's endorsement. */
function keysWritten(call: ReturnType<CallsOfBlock['of']>): ReadonlySet<string> {
  const writes = typeof call === 'object' ? call.writes : [];
  return new Set(writes.flatMap(({ key, value }) => (value instanceof Uint8Array ? [key] : [])));
}
