import { type Origin } from '../actor';
import { DomainError } from '../domain-error';
import { type DuplicateCaseId, type MspId } from '../ids';
import { type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { type DuplicateCase, type DuplicateCaseState, type SealedToBoth } from './entities';

export type DuplicateCaseCommand = 'proposeMerge' | 'confirmMerge' | 'dismiss' | 'proposeUnmerge' | 'confirmUnmerge';

/** One hospital opens, the other proposes, the first confirms; and two take a merge back. What is over is opened anew as another case. */
export const duplicateCaseTable: StateTable<DuplicateCaseState, DuplicateCaseCommand> = {
  open: { proposeMerge: 'mergeProposed', dismiss: 'dismissed' },
  mergeProposed: { confirmMerge: 'merged', dismiss: 'dismissed' },
  merged: { proposeUnmerge: 'unmergeProposed' },
  unmergeProposed: { confirmUnmerge: 'unmerged' },
  unmerged: {},
  dismissed: {},
};

/** @throws {@link DomainError} `INVALID_REQUEST` — with itself, or not sealed to the two */
export function openDuplicateCase(
  opened: {
    readonly caseId: DuplicateCaseId;
    readonly openerMspId: MspId;
    readonly partnerMspId: MspId;
    readonly sealed: SealedToBoth;
  },
  now: Instant,
  origin: Origin,
): DuplicateCase {
  const { caseId, openerMspId, partnerMspId, sealed } = opened;
  if (openerMspId === partnerMspId) throw misfit('input.partnerMspId', 'the organisation itself');
  const made = { schemaVersion: 1, caseId, openerMspId, partnerMspId, state: 'open', opened: sealed } as const;
  assertSealedToBoth(made, sealed);
  return { ...made, openedAt: now, changedAt: now, origin };
}

function assertSealedToBoth(
  { openerMspId, partnerMspId }: Pick<DuplicateCase, 'openerMspId' | 'partnerMspId'>,
  [first, second]: SealedToBoth,
): void {
  if (first.mspId !== openerMspId || second.mspId !== partnerMspId) throw misfit('input.sealed', 'not sealed to the two');
}

function misfit(path: string, problem: string): DomainError {
  return new DomainError('INVALID_REQUEST', undefined, { path, problem });
}

/** @throws {@link DomainError} `NOT_PERMITTED` — the case is of two others */
export function assertOfCase({ openerMspId, partnerMspId, caseId }: DuplicateCase, mspId: MspId): void {
  if (mspId !== openerMspId && mspId !== partnerMspId)
    throw new DomainError('NOT_PERMITTED', 'the case concerns two other organisations', { caseId });
}

/** @throws {@link DomainError} `NOT_PERMITTED` — by another than the hospital that did not open it; `ILLEGAL_STATE`; `INVALID_REQUEST` */
export function proposeMerge(duplicate: DuplicateCase, by: MspId, sealed: SealedToBoth, now: Instant): DuplicateCase {
  assertIs(duplicate, by, duplicate.partnerMspId);
  const state = nextState(duplicateCaseTable, duplicate.state, 'proposeMerge');
  assertSealedToBoth(duplicate, sealed);
  return { ...duplicate, state, joined: sealed, changedAt: now };
}

/** @throws {@link DomainError} `NOT_PERMITTED` — by another than the hospital that opened it; `ILLEGAL_STATE` */
export function confirmMerge(duplicate: DuplicateCase, by: MspId, now: Instant): DuplicateCase {
  assertIs(duplicate, by, duplicate.openerMspId);
  return { ...duplicate, state: nextState(duplicateCaseTable, duplicate.state, 'confirmMerge'), changedAt: now };
}

/** @throws {@link DomainError} `NOT_PERMITTED`, `ILLEGAL_STATE` */
export function dismissDuplicate(duplicate: DuplicateCase, by: MspId, now: Instant): DuplicateCase {
  assertOfCase(duplicate, by);
  return { ...duplicate, state: nextState(duplicateCaseTable, duplicate.state, 'dismiss'), changedAt: now };
}

/** @throws {@link DomainError} `NOT_PERMITTED`, `ILLEGAL_STATE` */
export function proposeUnmerge(duplicate: DuplicateCase, by: MspId, now: Instant): DuplicateCase {
  assertOfCase(duplicate, by);
  return {
    ...duplicate,
    state: nextState(duplicateCaseTable, duplicate.state, 'proposeUnmerge'),
    unmergeProposedBy: by,
    changedAt: now,
  };
}

/** @throws {@link DomainError} `NOT_PERMITTED` — by the hospital that has proposed it, or a third; `ILLEGAL_STATE` */
export function confirmUnmerge(duplicate: DuplicateCase, by: MspId, now: Instant): DuplicateCase {
  assertOfCase(duplicate, by);
  const state = nextState(duplicateCaseTable, duplicate.state, 'confirmUnmerge');
  if (duplicate.unmergeProposedBy === by) throw notTheOther(duplicate);
  return { ...duplicate, state, changedAt: now };
}

function assertIs(duplicate: DuplicateCase, by: MspId, expected: MspId): void {
  assertOfCase(duplicate, by);
  if (by !== expected) throw notTheOther(duplicate);
}

function notTheOther({ caseId }: DuplicateCase): DomainError {
  return new DomainError('NOT_PERMITTED', 'a registrar of the other organisation does this', { caseId });
}
