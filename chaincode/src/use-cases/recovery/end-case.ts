import {
  completeRecovery,
  type DomainEvent,
  type Input,
  type Output,
  type RecoveryCase,
  type transactions,
  vetoRecovery,
  withoutRecoveries,
} from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { asPatient } from '../standing';
import { answerOfCase } from './open-case';

type Veto = typeof transactions.VetoRecovery;
type Complete = typeof transactions.CompleteRecovery;

/** The patient, with the old key, ends a case. */
export async function VetoRecovery(scope: WriteScope, { pseudonym, caseId }: Input<Veto>): Promise<Output<Veto>> {
  asPatient(scope.actor, pseudonym);
  const vetoed = vetoRecovery(await scope.ledger.recoveryCases.get(pseudonym, caseId), scope.now);
  return end(scope, vetoed, 'RecoveryVetoed');
}

/** The command was signed with the case's new key and has announced the one after it, as every command does. */
export async function CompleteRecovery(scope: WriteScope, { pseudonym, caseId }: Input<Complete>): Promise<Output<Complete>> {
  asPatient(scope.actor, pseudonym);
  const [recovery, named] = await Promise.all([
    scope.ledger.recoveryCases.get(pseudonym, caseId),
    scope.ledger.guardianSets.find(pseudonym),
  ]);
  const completed = completeRecovery(recovery, named, scope.now);
  const entry = await scope.ledger.pseudonyms.get(pseudonym);
  await scope.ledger.pseudonyms.replace({ ...entry, recoveredAt: scope.now });
  return end(scope, completed, 'RecoveryCompleted');
}

async function end(
  scope: WriteScope,
  ended: RecoveryCase,
  name: Extract<DomainEvent['name'], 'RecoveryVetoed' | 'RecoveryCompleted'>,
): Promise<Output<Veto>> {
  const { pseudonym, caseId } = ended;
  await scope.ledger.recoveryCases.replace(ended);
  await scope.ledger.pseudonyms.replace(withoutRecoveries(await scope.ledger.pseudonyms.get(pseudonym), [caseId]));
  recordEvent(scope, { name, pseudonym, caseId });
  return answerOfCase(ended);
}
