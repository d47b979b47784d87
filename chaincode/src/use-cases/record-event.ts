import { type AccessEvent, type DomainEvent, referenceTo } from '@lianyi/domain';
import { type WriteScope } from './scope';

/** What an audit line says besides who, when and which event. */
export type AuditDetails = Pick<
  AccessEvent,
  'decision' | 'purpose' | 'ticketId' | 'recordIds' | 'reasons' | 'denied' | 'provisionIds' | 'grantee' | 'policyVersion' | 'receiver'
>;

/** Records an event that has no place in a patient's audit: it becomes an entry of the transaction's one Fabric event. */
export function recordEventUnaudited(scope: WriteScope, event: DomainEvent): void {
  scope.events.push(event);
}

/**
 * Records an event: it becomes an entry of the transaction's one Fabric event and, if it is about a patient, a line of their audit.
 *
 * The line's key holds the unit's id and the event's number in it, so that no two lines ever meet in one key: concurrent transactions
 * about one patient do not conflict, and none can overwrite another's line.
 */
export function recordEvent(scope: WriteScope, event: DomainEvent, details: AuditDetails = {}): void {
  scope.events.push(event);
  if ('pseudonym' in event) {
    scope.ledger.accessEvents.append({
      schemaVersion: 1,
      pseudonym: event.pseudonym,
      at: scope.now,
      txId: scope.unitId,
      n: scope.events.length - 1,
      event: event.name,
      actor: referenceTo(scope.actor),
      ...details,
    });
  }
}
