import {
  approveRecovery,
  assertHadWallet,
  assertOwnId,
  DomainError,
  type GuardianActor,
  type Input,
  openByGuardian,
  type Output,
  type Pseudonym,
  recoveryCaseIdOf,
  type transactions,
} from '@lianyi/domain';
import { type WriteScope } from '../scope';
import { madeBefore } from '../standing';
import { circumstancesOf } from './circumstances';
import { answerOfCase, keepVouched, openCase } from './open-case';

type Open = typeof transactions.OpenRecovery;
type Approve = typeof transactions.ApproveRecovery;

/** A guardian opens a case, and with that approves it. */
export async function OpenRecovery(scope: WriteScope, input: Input<Open>): Promise<Output<Open>> {
  const { pseudonym, caseId, newKeyHash, nonce } = input;
  const { keyHash } = asGuardian(scope, pseudonym);
  assertOwnId(caseId, recoveryCaseIdOf({ pseudonym, newKeyHash, nonce }));
  const [existing, entry, named] = await Promise.all([
    scope.ledger.recoveryCases.find(pseudonym, caseId),
    scope.ledger.pseudonyms.get(pseudonym),
    scope.ledger.guardianSets.get(pseudonym),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) return answerOfCase(repeated);
  assertHadWallet(entry);
  const opened = openByGuardian({ pseudonym, caseId, newKeyHash }, keyHash, named, await circumstancesOf(scope));
  await openCase(scope, entry, opened);
  return answerOfCase(opened);
}

/** Another guardian approves it. */
export async function ApproveRecovery(scope: WriteScope, { pseudonym, caseId }: Input<Approve>): Promise<Output<Approve>> {
  const { keyHash } = asGuardian(scope, pseudonym);
  const [recovery, named] = await Promise.all([
    scope.ledger.recoveryCases.get(pseudonym, caseId),
    scope.ledger.guardianSets.get(pseudonym),
  ]);
  const approved = approveRecovery(recovery, keyHash, named, scope.now);
  await keepVouched(scope, approved, 'RecoveryApproved');
  return answerOfCase(approved);
}

/** @throws {@link DomainError} `NOT_PERMITTED` — a guardian of somebody else */
function asGuardian({ actor }: WriteScope, pseudonym: Pseudonym): GuardianActor {
  if (actor.kind !== 'guardian' || actor.pseudonym !== pseudonym) throw new DomainError('NOT_PERMITTED', 'no guardian of this patient');
  return actor;
}
