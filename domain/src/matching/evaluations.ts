import { DomainError } from '../domain-error';
import { type ActorTag, type MspId } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { type Day, daySchema, type Evaluation, type EvaluationDay } from './entities';

/** So many inputs a registrar has evaluated in a day at most. */
const MOST_EVALUATIONS_A_DAY = 2_000;
/** With so many in a day it looks like a search for numbers, and everybody is told. */
const ALARMING_EVALUATIONS_A_DAY = 1_000;
/** How long a holder answers for an evaluation, from the ledger's time on, in milliseconds. */
const TIMELY_MS = 600_000;

/** The day of an instant, in UTC. */
export function dayOf(instant: Instant): Day {
  return daySchema.parse(instant.slice(0, 10));
}

/**
 * A registrar's day with so many inputs more.
 * @param before - undefined on a day without one
 * @returns the day, and whether it has become alarming with these
 * @throws {@link DomainError} `LIMIT_REACHED`
 */
export function countEvaluations(
  before: EvaluationDay | undefined,
  asked: { readonly mspId: MspId; readonly actorTag: ActorTag; readonly inputs: number },
  now: Instant,
): { readonly day: EvaluationDay; readonly isAlarm: boolean } {
  const { mspId, actorTag, inputs } = asked;
  const evaluations = (before?.evaluations ?? 0) + inputs;
  if (evaluations > MOST_EVALUATIONS_A_DAY)
    throw new DomainError('LIMIT_REACHED', undefined, { entity: 'evaluation', limit: MOST_EVALUATIONS_A_DAY });
  const day = { ...(before ?? { schemaVersion: 1, mspId, actorTag, day: dayOf(now) }), evaluations };
  const isAlarm = before?.alarmedAt === undefined && evaluations >= ALARMING_EVALUATIONS_A_DAY;
  return { day: isAlarm ? { ...day, alarmedAt: now } : day, isAlarm };
}

/** @throws {@link DomainError} `EVALUATION_OVER` — it was asked for ten minutes ago, or will be */
export function assertTimely({ at, evaluationId }: Pick<Evaluation, 'at' | 'evaluationId'>, now: Instant): void {
  const isTimely = now < addMilliseconds(at, TIMELY_MS) && at < addMilliseconds(now, TIMELY_MS);
  if (!isTimely) throw new DomainError('EVALUATION_OVER', undefined, { evaluationId });
}
