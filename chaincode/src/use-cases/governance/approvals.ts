import { type AccessApproval, type Input, isFrom, type Output, referenceTo, type transactions } from '@lianyi/domain';
import { newApproval, withdrawApproval } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { assertConcerns, ownActivePseudonym, ownPseudonym } from '../standing';

type Approve = typeof transactions.ApproveAccess;
type Withdraw = typeof transactions.WithdrawApproval;
type List = typeof transactions.ListApprovals;

/** An officer of the hospital of a pseudonym approves that somebody reads what it keeps of some levels. */
export async function ApproveAccess(scope: WriteScope, input: Input<Approve>): Promise<Output<Approve>> {
  const { accessApprovals, staff } = scope.ledger;
  const { pseudonym, asker } = input;
  const [before] = await Promise.all([
    accessApprovals.find(pseudonym, asker.mspId, asker.actorTag),
    ownActivePseudonym(scope, pseudonym),
    staff.get(asker.mspId, asker.actorTag),
  ]);
  if (before !== undefined && isFrom(before.origin, scope.requestHash, scope.actor)) return answerOf(before);
  const approval = newApproval(input, before, { by: referenceTo(scope.actor), now: scope.now, origin: originOf(scope) });
  await accessApprovals.put(approval);
  recordEvent(scope, { name: 'AccessApproved', pseudonym, ...asker, version: approval.version });
  return answerOf(approval);
}

/** An officer of that hospital takes an approval back. */
export async function WithdrawApproval(scope: WriteScope, { pseudonym, asker }: Input<Withdraw>): Promise<Output<Withdraw>> {
  await ownPseudonym(scope, pseudonym);
  const present = await scope.ledger.accessApprovals.get(pseudonym, asker.mspId, asker.actorTag);
  const withdrawn = withdrawApproval(present, scope.now);
  await scope.ledger.accessApprovals.replace(withdrawn);
  recordEvent(scope, { name: 'AccessApprovalCancelled', pseudonym, ...asker, version: withdrawn.version });
  return answerOf(withdrawn);
}

/** The approvals under a pseudonym, for those whom it concerns. */
export async function ListApprovals(scope: ReadScope, input: Input<List>): Promise<Output<List>> {
  await assertConcerns(scope, input.pseudonym);
  return scope.ledger.accessApprovals.list([input.pseudonym], input);
}

function answerOf({ pseudonym, asker, version, state }: AccessApproval): Output<Approve> {
  return { pseudonym, asker, version, state };
}
