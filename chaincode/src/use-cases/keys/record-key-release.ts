import { type Input, isOwnAsker, ofRecord, type Output, type transactions, usedAgain } from '@lianyi/domain';
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
  const { accessUses, copies, keyReleases, tickets } = scope.ledger;
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
  const [origin, service] = [originOf(scope), { mspId, actorTag }];
  await keyReleases.insert({
    schemaVersion: 1,
    ticketId,
    releaseId,
    recordId,
    sealedSha256,
    service,
    at: scope.now,
    origin,
  });
  // what leaves its custodian for another member is a copy from the first release on
  const holderMspId = ticket.actor.mspId;
  if (use === undefined && !isOwnAsker(ticket.actor) && holderMspId !== mspId) {
    const copy = { holderMspId, pseudonym: ticket.pseudonym, ticketId, recordId, takenAt: scope.now, state: 'held', origin } as const;
    await copies.insert({ schemaVersion: 1, ...copy });
  }
  recordEvent(
    scope,
    { name: 'KeyReleased', ticketId, releaseId, recordId, pseudonym: ticket.pseudonym },
    { ticketId, recordIds: [recordId], purpose: ticket.purpose },
  );
  return answer;
}

/** Reads what was recorded of a release; whoever received a key compares it with what came. */
export function GetKeyRelease(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.keyReleases.get(input.ticketId, input.releaseId);
}
