import { type ActorReference, type Origin } from '../actor';
import { DomainError } from '../domain-error';
import { addMilliseconds, type Instant } from '../instant';
import { assertVersion, nextState, type StateTable } from '../state-table';
import { type DataLevel } from '../vocabulary';
import { type AccessApproval, type Approver, type LevelApprovers } from './transactions';

/** How long an approval may be good for. */
const MOST_APPROVED_MS = 30 * 24 * 60 * 60_000;

export const accessApprovalTable: StateTable<AccessApproval['state'], 'withdraw'> = {
  given: { withdraw: 'withdrawn' },
  withdrawn: {},
};

/**
 * An approval, in the place of the one before of the same person.
 * @throws {@link DomainError} `VERSION_CONFLICT`; `SECOND_PERSON_NEEDED` — somebody approves themself; `INVALID_REQUEST` — it is over already, or
 * good for more than 30 days
 */
export function newApproval(
  { previousVersion, ...asked }: Pick<AccessApproval, 'pseudonym' | 'asker' | 'levels' | 'until'> & { readonly previousVersion: number },
  before: AccessApproval | undefined,
  { by, now, origin }: { readonly by: ActorReference; readonly now: Instant; readonly origin: Origin },
): AccessApproval {
  assertVersion(before?.version ?? 0, previousVersion);
  const { asker, until } = asked;
  if (by.kind === 'staff' && by.mspId === asker.mspId && by.actorTag === asker.actorTag) throw new DomainError('SECOND_PERSON_NEEDED');
  if (until <= now || until > addMilliseconds(now, MOST_APPROVED_MS))
    throw new DomainError('INVALID_REQUEST', 'an approval ends after now, and within 30 days', { path: 'input.until' });
  return { schemaVersion: 1, ...asked, version: previousVersion + 1, state: 'given', approvedBy: by, changedAt: now, origin };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — it is withdrawn already */
export function withdrawApproval(approval: AccessApproval, now: Instant): AccessApproval {
  return { ...approval, state: nextState(accessApprovalTable, approval.state, 'withdraw'), changedAt: now };
}

/** Who has to approve, besides the patient, that a record of a level is read. */
export function approverOf(value: LevelApprovers, level: DataLevel): Approver {
  return value[`${level}`];
}
