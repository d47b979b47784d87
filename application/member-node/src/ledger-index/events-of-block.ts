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

/** An event, and which of its transaction it is: by that it is called for ever, whatever else is left out. */
export interface NumberedEvent {
  readonly event: DomainEvent;
  readonly number: number;
}

/**
 * An event that is not ours, not of our form or not of a ticket that is written with it is nobody's permit: it is left out, and what needs
 * it waits in vain. A transaction has few: the form says how many.
 */
export function eventsOf(transaction: BlockTransaction, chaincode: string, calls: CallsOfBlock): readonly NumberedEvent[] {
  const { event, validationCode } = transaction;
  if (validationCode !== VALID || event?.chaincode !== chaincode || event.name !== FABRIC_EVENT_NAME) return [];
  try {
    const { events } = eventsPayloadSchema.parse(parseStrictJson(Buffer.from(event.payload).toString('utf8'), EVENT_LIMITS));
    const numbered = events.map((event, number) => ({ event, number }));
    if (!events.some(isDecision)) return numbered;
    const written = keysWritten(calls.of(transaction));
    return numbered.filter(({ event }) => !isDecision(event) || written.has(keyOfTicket(event.ticketId)));
  } catch {
    return [];
  }
}

type Decision = Extract<DomainEvent, { readonly name: (typeof DECISIONS)[number] }>;

function isDecision(event: DomainEvent): event is Decision {
  return DECISIONS.some((name) => name === event.name);
}

/** Under which key a ticket is written. */
export const keyOfTicket = (ticketId: string): string => `\u0000${accessArea.entities.tickets.objectType}\u0000${ticketId}\u0000`;

/** A decision stands on the ledger; an event alone can come from one member, for what it keeps in private needs no other's endorsement. */
function keysWritten(call: ReturnType<CallsOfBlock['of']>): ReadonlySet<string> {
  const writes = typeof call === 'object' ? call.writes : [];
  return new Set(writes.flatMap(({ key, value }) => (value instanceof Uint8Array ? [key] : [])));
}
