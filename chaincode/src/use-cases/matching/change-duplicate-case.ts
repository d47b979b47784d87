import {
  type DuplicateCase,
  type DuplicateCaseId,
  type EventName,
  type Input,
  type Instant,
  type MspId,
  type Output,
  type transactions,
} from '@lianyi/domain';
import { confirmMerge, confirmUnmerge, dismissDuplicate, proposeMerge, proposeUnmerge } from '@lianyi/domain/deciding';
import { recordEventUnaudited } from '../record-event';
import { type WriteScope } from '../scope';
import { asStaff } from '../standing';

type Answer = Output<typeof transactions.ConfirmMerge>;
type OfCase = Input<typeof transactions.ConfirmMerge>;
type CaseEvent = Extract<EventName, `Merge${string}` | `Unmerge${string}` | 'DuplicateDismissed'>;

export function ProposeMerge(scope: WriteScope, { caseId, sealed }: Input<typeof transactions.ProposeMerge>): Promise<Answer> {
  return change(scope, caseId, 'MergeProposed', (duplicate, by, now) => proposeMerge(duplicate, by, sealed, now));
}

export function ConfirmMerge(scope: WriteScope, { caseId }: OfCase): Promise<Answer> {
  return change(scope, caseId, 'MergeConfirmed', confirmMerge);
}

export function DismissDuplicate(scope: WriteScope, { caseId }: OfCase): Promise<Answer> {
  return change(scope, caseId, 'DuplicateDismissed', dismissDuplicate);
}

export function ProposeUnmerge(scope: WriteScope, { caseId }: OfCase): Promise<Answer> {
  return change(scope, caseId, 'UnmergeProposed', proposeUnmerge);
}

export function ConfirmUnmerge(scope: WriteScope, { caseId }: OfCase): Promise<Answer> {
  return change(scope, caseId, 'UnmergeConfirmed', confirmUnmerge);
}

async function change(
  scope: WriteScope,
  caseId: DuplicateCaseId,
  name: CaseEvent,
  step: (duplicate: DuplicateCase, by: MspId, now: Instant) => DuplicateCase,
): Promise<Answer> {
  const changed = step(await scope.ledger.duplicateCases.get(caseId), asStaff(scope.actor).mspId, scope.now);
  await scope.ledger.duplicateCases.replace(changed);
  const { openerMspId, partnerMspId, state } = changed;
  recordEventUnaudited(scope, { name, caseId, openerMspId, partnerMspId });
  return { caseId, state };
}
