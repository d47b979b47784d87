import { type AccessEvent, type DomainEvent, referenceTo } from '@lianyi/domain';
import { type WriteScope } from './scope';

/** What an audit line tells besides who, when and what. */
export type AuditDetails = Pick<AccessEvent, 'decision' | 'purpose' | 'ticketId' | 'recordIds' | 'reasons' | 'provisionIds'>;

/**
 * Says that something has happened: an entry of the transaction's one Fabric event and, if it is about a patient, a line of their audit.
 *
 * The line's key holds the transaction's id, so two transactions never meet in one key (security.md L5).
 */
export function happened(scope: WriteScope, event: DomainEvent, details: AuditDetails = {}): void {
  scope.events.push(event);
  if ('pseudonym' in event) {
    scope.ledger.accessEvents.append({
      schemaVersion: 1,
      pseudonym: event.pseudonym,
      at: scope.now,
      txId: scope.txId,
      n: scope.events.length - 1,
      event: event.name,
      actor: referenceTo(scope.actor),
      ...details,
    });
  }
}
