import { assertOwnId, type Evaluation, evaluationIdOf, type Input, type Output, type transactions } from '@lianyi/domain';
import { assertHolder, assertReady, countEvaluations, dayOf } from '@lianyi/domain/deciding';
import { recordEventUnaudited } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';

type Entry = typeof transactions.RequestEvaluation;

/** Writes down who has how many inputs evaluated, before any holder answers. */
export async function RequestEvaluation(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId, actorTag } = asStaff(scope.actor);
  const { evaluationId, nonce, keyId, blinded } = input;
  assertOwnId(evaluationId, evaluationIdOf({ mspId, actorTag, nonce }));
  const { evaluations, evaluationDays, functionKeys } = scope.ledger;
  const today = dayOf(scope.now);
  const [existing, before, key] = await Promise.all([
    evaluations.find(evaluationId),
    evaluationDays.find(mspId, today, actorTag),
    functionKeys.get(keyId),
  ]);
  if (madeBefore(scope, existing) !== undefined) return { evaluationId, evaluations: before?.evaluations ?? blinded.length };
  assertHolder(key, mspId);
  assertReady(key);
  const { day, isAlarm } = countEvaluations(before, { mspId, actorTag, inputs: blinded.length }, scope.now);
  const evaluation: Evaluation = { schemaVersion: 1, evaluationId, keyId, mspId, blinded, at: scope.now, origin: originOf(scope) };
  await evaluations.insert(evaluation);
  await evaluationDays.put(day);
  recordEventUnaudited(scope, { name: 'EvaluationRequested', evaluationId, mspId });
  if (isAlarm) recordEventUnaudited(scope, { name: 'EvaluationAlarmRaised', mspId, actorTag, day: today });
  return { evaluationId, evaluations: day.evaluations };
}
