import {
  assertHadWallet,
  assertOwnId,
  confirmRecovery,
  type Input,
  openByRegistrar,
  type Output,
  recoveryCaseIdOf,
  referenceTo,
  type transactions,
} from '@lianyi/domain';
import { type WriteScope } from '../scope';
import { assertOfHospital, madeBefore, ownPseudonym } from '../standing';
import { circumstancesOf } from './circumstances';
import { answerOfCase, keepVouched, openCase } from './open-case';

type Propose = typeof transactions.ProposeRecovery;
type Confirm = typeof transactions.ConfirmRecovery;

/** A registrar of the patient's hospital, who has met the patient, opens a case. */
export async function ProposeRecovery(scope: WriteScope, input: Input<Propose>): Promise<Output<Propose>> {
  const { pseudonym, caseId, newKeyHash, nonce, evidence } = input;
  assertOwnId(caseId, recoveryCaseIdOf({ pseudonym, newKeyHash, nonce }));
  const [existing, entry, named] = await Promise.all([
    scope.ledger.recoveryCases.find(pseudonym, caseId),
    ownPseudonym(scope, pseudonym),
    scope.ledger.guardianSets.find(pseudonym),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) return answerOfCase(repeated);
  assertHadWallet(entry);
  const opened = openByRegistrar({ pseudonym, caseId, newKeyHash }, evidence, named, await circumstancesOf(scope));
  await openCase(scope, entry, opened);
  return answerOfCase(opened);
}

/** A registrar of another hospital confirms it. */
export async function ConfirmRecovery(scope: WriteScope, { pseudonym, caseId, evidence }: Input<Confirm>): Promise<Output<Confirm>> {
  await assertOfHospital(scope);
  const recovery = await scope.ledger.recoveryCases.get(pseudonym, caseId);
  const confirmed = confirmRecovery(recovery, referenceTo(scope.actor), evidence, scope.now);
  await keepVouched(scope, confirmed, 'RecoveryConfirmed');
  return answerOfCase(confirmed);
}
