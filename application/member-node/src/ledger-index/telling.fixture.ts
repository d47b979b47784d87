import { type AccessEvent, auditArea, canonicalJson, type DomainEvent, FABRIC_EVENT_NAME, instantOf } from '@lianyi/domain';
import { type Call, TRANSACTION_ID } from './block-of-calls.fixture';
import { type Person } from './member-chain.fixture';

const { objectType, key } = auditArea.entities.accessEvents;

/** The events that a call tells, as the chaincode makes one Fabric event of them. */
export function saying(call: Call, ...events: readonly DomainEvent[]): Call {
  return { ...call, event: { chaincode: 'emr', name: FABRIC_EVENT_NAME, payload: Buffer.from(canonicalJson({ events })) } };
}

interface Line {
  readonly pseudonym: string;
  readonly event: string;
  readonly actor: object;
  readonly n?: number;
}

/** What the chaincode writes into a patient's audit beside an event, but for what is said. */
export function lineOf(call: Call, { pseudonym, event, actor, n = 0 }: Line, details: Partial<AccessEvent> = {}): Call {
  const at = instantOf(call.atMillis);
  const line = { schemaVersion: 1, pseudonym, at, txId: TRANSACTION_ID, n, event, actor, ...details };
  const place = ['', objectType, pseudonym, key[1].spell(at), TRANSACTION_ID, String(n).padStart(3, '0'), ''].join('\u0000');
  return { ...call, writes: { ...call.writes, [place]: canonicalJson(line) } };
}

type Told = DomainEvent & { readonly pseudonym: string };

/** An event as it is told: with its line. */
export function telling(call: Call, event: Told, actor: object, details: Partial<AccessEvent> = {}): Call {
  return saying(lineOf(call, { pseudonym: event.pseudonym, event: event.name, actor }, details), event);
}

export const staffActor = ({ mspId, actorTag }: Person): object => ({ kind: 'staff', mspId, actorTag });
