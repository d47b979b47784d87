import {
  type Input,
  isOwnAsker,
  ofRecord,
  type Output,
  type PermittedTicket,
  type RecordId,
  type transactions,
  usedAgain,
} from '@lianyi/domain';
import { assertReleasable } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';
import { askAgain } from '../access/ask-again';

type Entry = typeof transactions.RecordKeyRelease;
type Get = typeof transactions.GetKeyRelease;

/**
 * Records that the custodian's key service releases a record's key to a live permit; only then may the key leave.
 *
 * The question of the ticket is asked again now, about this record alone ({@link askAgain}): a revocation that commits first makes this transaction fail (MVCC), and so
 * does revoking the clinician who asked.
 */
export async function RecordKeyRelease(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId, actorTag } = asStaff(scope.actor);
  const { ticketId, recordId, releaseId, sealedSha256 } = input;
  const { accessUses, keyReleases, tickets } = scope.ledger;
  const [ticket, existing, use] = await Promise.all([
    tickets.get(ticketId),
    keyReleases.find(ticketId, releaseId),
    accessUses.find(ticketId, recordId),
  ]);
  const answer = { ticketId, releaseId };
  if (madeBefore(scope, existing) !== undefined) {
    return answer;
  }
  const own = ofRecord(ticket, recordId);
  const { records, ...again } = await askAgain(scope, own);
  const recordVersion = records[own.recordIds.indexOf(recordId)]?.version ?? 0;
  assertReleasable(own, { ...again, now: scope.now, serviceMspId: mspId, recordId, recordVersion });
  const counted = usedAgain(use, ticketId, recordId);
  await accessUses.put(counted);
  const service = { mspId, actorTag };
  await keyReleases.insert({
    schemaVersion: 1,
    ticketId,
    releaseId,
    recordId,
    sealedSha256,
    service,
    at: scope.now,
    origin: originOf(scope),
  });
  if (use === undefined) await noteCopy(scope, own, recordId);
  recordEvent(
    scope,
    { name: 'KeyReleased', ticketId, releaseId, recordId, pseudonym: ticket.pseudonym },
    { ticketId, recordIds: [recordId], purpose: ticket.purpose },
  );
  return answer;
}

/** What leaves its custodian for another member's staff is a copy there from the first release on. */
async function noteCopy(
  scope: WriteScope,
  { actor, custodianMspId, pseudonym, ticketId }: PermittedTicket,
  recordId: RecordId,
): Promise<void> {
  const holderMspId = actor.mspId;
  if (isOwnAsker(actor) || holderMspId === custodianMspId) return;
  const copy = { holderMspId, pseudonym, ticketId, recordId, takenAt: scope.now, state: 'held', origin: originOf(scope) } as const;
  await scope.ledger.copies.insert({ schemaVersion: 1, ...copy });
}

/** Reads what was recorded of a release; whoever received a key compares it with what came. */
export function GetKeyRelease(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.keyReleases.get(input.ticketId, input.releaseId);
}
