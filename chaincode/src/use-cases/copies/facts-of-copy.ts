import { type Copy, type Grant, type Instant, isOwnAsker, isPointerId, type PermittedTicket } from '@lianyi/domain';
import { type CopyFacts } from '@lianyi/domain/deciding';
import { belongingsIn } from '../access/belongings-of';
import { prohibitionOf } from '../access/decide';
import { type ReadScope } from '../scope';
import { ticketOfCopy } from './ticket-of-copy';

/** What the ledger has of what a copy rests on: all of it is read, and nothing of it was written for the copy. */
export async function factsOfCopy(scope: ReadScope, copy: Copy): Promise<CopyFacts & { readonly ticket: PermittedTicket }> {
  const ticket = await ticketOfCopy(scope, copy);
  const [consentChangedAt, forbiddenAt, retractedAt, notJustifiedAt] = await Promise.all([
    consentChangeOf(scope, ticket),
    forbiddenTo(scope, copy, ticket),
    retractionOf(scope, copy),
    notJustified(scope, ticket),
  ]);
  return { ticket, consentChangedAt, forbiddenAt, retractedAt, notJustifiedAt };
}

/** When the first of the grants that a permit rests on was changed after it: with the version that followed the one it names. */
async function consentChangeOf({ ledger }: ReadScope, { pseudonym, grantVersions }: PermittedTicket): Promise<Instant | undefined> {
  const changes = await Promise.all(
    grantVersions.map(async ({ grantee: { kind, mspId, name }, version }): Promise<Grant | undefined> => {
      const present = await ledger.grants.find(pseudonym, kind, mspId, name);
      if (present === undefined || present.version <= version) return undefined;
      if (present.version === version + 1) return present;
      return ledger.replacedGrants.find(pseudonym, kind, mspId, name, version + 1);
    }),
  );
  return changes.flatMap((grant) => grant?.changedAt ?? []).sort()[0];
}

/** Since when the patient has forbidden the record to whom of the holder's the copy went. */
async function forbiddenTo(scope: ReadScope, { from }: Copy, ticket: PermittedTicket): Promise<Instant | undefined> {
  const { pseudonym, recordIds, purpose, actor: asker } = ticket;
  if (isOwnAsker(asker)) return undefined;
  const { mspId, actorTag, department } = from?.to ?? asker;
  const staff = await scope.ledger.staff.find(mspId, actorTag);
  const roles = from === undefined ? asker.roles : (staff?.roles ?? []);
  const actor = { mspId, actorTag, department, roles, ...belongingsIn(staff) };
  return prohibitionOf(scope.ledger, { pseudonym, recordIds, purpose, at: scope.now, actor });
}

async function retractionOf({ ledger }: ReadScope, { pseudonym, recordId }: Copy): Promise<Instant | undefined> {
  const entry = isPointerId(recordId) ? await ledger.pointers.find(pseudonym, recordId) : await ledger.records.find(pseudonym, recordId);
  return entry === undefined || entry.state === 'current' ? undefined : entry.changedAt;
}

/** When a reviewer has said of an emergency that it was none. */
async function notJustified({ ledger }: ReadScope, { emergency, ticketId }: PermittedTicket): Promise<Instant | undefined> {
  if (emergency === undefined) return undefined;
  const review = (await ledger.emergencies.find(ticketId))?.review;
  return review?.outcome === 'not-justified' ? review.at : undefined;
}
