import { assertOwnId, type Input, type Output, ticketIdOf, type transactions } from '@lianyi/domain';
import { assertMemberOf } from '@lianyi/domain/deciding';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';
import { belongingsOf } from './belongings-of';
import { answerToStaff, commitTicket, takeUses } from './commit-ticket';
import { decide } from './decide';

type Entry = typeof transactions.RequestAccess;

/**
 * Decides whether a clinician may read records, each of them by itself, and commits the decisions whichever they are: a denial leaves a trace too.
 * What a permit takes of a consent's uses is written with it: of two that read the same count only one is valid.
 *
 * The answer opens nothing by itself. The custodian's key service acts on the committed ticket only.
 */
export async function RequestAccess(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId, actorTag, roles, departments } = asStaff(scope.actor);
  assertMemberOf({ departments }, input.department);
  const { department, nonce, ...asked } = input;
  assertOwnId(asked.ticketId, ticketIdOf({ mspId, actorTag, nonce }));
  const actor = { mspId, actorTag, roles, department };
  const asker = { ...actor, ...(await belongingsOf(scope.ledger, actor)) };
  const [existing, decided] = await Promise.all([
    scope.ledger.tickets.find(input.ticketId),
    decide(scope.ledger, { pseudonym: input.pseudonym, recordIds: input.recordIds, purpose: input.purpose, at: scope.now, actor: asker }),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerToStaff(repeated);
  }
  await takeUses(scope, input.pseudonym, decided);
  return answerToStaff(
    await commitTicket(scope, { schemaVersion: 1, ...asked, actor, requestedAt: scope.now, origin: originOf(scope) }, decided),
  );
}
