import { denyReasons, explanationOf, type Explanation } from '@lianyi/domain/errors';
import { cliProblems, isCliProblemCode } from './cli-problem';
import { type Text } from './language';

/** What a code means, wherever it comes from; undefined for a code this version does not know. */
export function explainCode(
  code: string,
): { readonly origin: 'refusal' | 'deny-reason' | 'client'; readonly meaning: Text; readonly remedy: Text } | undefined {
  const refusal = explanationOf(code);
  if (refusal !== undefined) return { origin: 'refusal', meaning: refusal.meaning, remedy: refusal.remedy };
  const denial = denyExplanation(code);
  if (denial !== undefined) return { origin: 'deny-reason', meaning: denial.meaning, remedy: denial.remedy };
  if (isCliProblemCode(code)) return { origin: 'client', meaning: cliProblems[code].meaning, remedy: cliProblems[code].remedy };
  return undefined;
}

export function denyExplanation(reason: string): Explanation | undefined {
  return Object.entries(denyReasons).find(([code]) => code === reason)?.[1];
}
