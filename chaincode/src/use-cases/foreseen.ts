import { type Input, type TransactionName, type transactions } from '@lianyi/domain';
import { type ReadRepositories } from '../ledger/repositories';
import { readablesOf } from './access/decide';

type Foreseen = {
  readonly [Name in TransactionName]?: (ledger: ReadRepositories, input: Input<(typeof transactions)[Name]>) => readonly Promise<unknown>[];
};

/**
 * What a transaction reads whatever is found, as its request alone tells. It is read together with what says who asks, and so costs no round of reads
 * of its own; the use case finds it read. It is public state: what is private is read by who may, and after they are known.
 */
const foreseen: Foreseen = {
  RequestAccess: (ledger, input) => [ledger.tickets.find(input.ticketId), ...readablesOf(ledger, input)],
  ExplainAccess: (ledger, { pseudonym, question: { recordId, asker } }) => [
    ledger.pseudonyms.find(pseudonym),
    ledger.staff.find(asker.mspId, asker.actorTag),
    ledger.organisations.find(asker.mspId),
    ...readablesOf(ledger, { pseudonym, recordIds: [recordId] }),
  ],
  GetRecord: (ledger, { pseudonym, recordId }) => [ledger.records.find(pseudonym, recordId)],
  ListPermitted: (ledger, { pseudonym }) => [ledger.pseudonyms.find(pseudonym)],
  GetTicketStanding: (ledger, { ticketId }) => [ledger.tickets.find(ticketId)],
  GetKeptKey: (ledger, { ticketId }) => [ledger.tickets.find(ticketId)],
  RecordKeyRelease: (ledger, { ticketId, releaseId, recordId }) => [
    ledger.tickets.find(ticketId),
    ledger.keyReleases.find(ticketId, releaseId),
    ledger.accessUses.find(ticketId, recordId),
  ],
};

/** Has it read. What cannot be read is told where it is looked for. */
export function foresee<Name extends TransactionName>(
  name: Name,
  ledger: ReadRepositories,
  input: Input<(typeof transactions)[Name]>,
): void {
  void Promise.allSettled(foreseen[name]?.(ledger, input) ?? []);
}
