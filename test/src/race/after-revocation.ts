import { type DomainEvent, type EventName, eventsPayloadSchema, parseStrictJson } from '@lianyi/domain';
import { type ParsedBlock } from '@lianyi/ledger-client';

/** What a patient's chain of events tells of a race. */
export interface ChainTally {
  readonly permits: number;
  readonly denials: number;
  readonly releases: number;
  readonly revocations: number;
  /** Permits and releases that stand behind a revocation and before the next grant, in the order of the chain. */
  readonly afterRevocation: readonly string[];
}

/** An event, and where its transaction stands. */
export interface PlacedEvent {
  readonly place: string;
  readonly name: EventName;
  readonly pseudonym: string;
}

const VALID = 0;
const LIMITS = { maxBytes: 1_000_000, maxDepth: 16 };

/** The events of valid transactions of one chaincode, in the order of the chain. */
export function eventsInOrder(blocks: readonly ParsedBlock[], chaincode: string): readonly PlacedEvent[] {
  return blocks.flatMap(({ blockNumber, transactions }) =>
    transactions.flatMap(({ validationCode, transactionIndex, event }) => {
      if (validationCode !== VALID || event?.chaincode !== chaincode) return [];
      const { events } = eventsPayloadSchema.parse(parseStrictJson(Buffer.from(event.payload).toString('utf8'), LIMITS));
      return events.flatMap((each) => placed(each, `block ${blockNumber}, transaction ${transactionIndex}`));
    }),
  );
}

function placed(event: DomainEvent, place: string): readonly PlacedEvent[] {
  return 'pseudonym' in event ? [{ place, name: event.name, pseudonym: event.pseudonym }] : [];
}

/** Counts what was decided and released for patients with one grant each, and what of it came while that was revoked. */
export function tallyOf(events: readonly PlacedEvent[]): ChainTally {
  const revoked = new Set<string>();
  const count = (name: EventName): number => events.filter((event) => event.name === name).length;
  const afterRevocation = events.flatMap(({ name, place, pseudonym }) => {
    if (name === 'PolicyRevoked') revoked.add(pseudonym);
    if (name === 'PolicyGranted') revoked.delete(pseudonym);
    return revoked.has(pseudonym) && (name === 'AccessPermitted' || name === 'KeyReleased') ? [`${name}: ${place}`] : [];
  });
  return {
    permits: count('AccessPermitted'),
    denials: count('AccessDenied'),
    releases: count('KeyReleased'),
    revocations: count('PolicyRevoked'),
    afterRevocation,
  };
}
