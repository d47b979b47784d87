import { NodeProblem } from '@lianyi/client/node';
import { DomainError, isErrorCode, LedgerFailure } from '@lianyi/domain';

/**
 * Whether a failure proves that the command was not committed and never will be: then its key may sign the next one.
 * In doubt it does not: a node that fell silent may have sent the command on.
 */
export function isCertainlyNotCommitted(error: unknown): boolean {
  if (error instanceof LedgerFailure) return error.kind !== 'outcome-unknown';
  if (error instanceof NodeProblem || error instanceof DomainError) return isErrorCode(error.code) && error.code !== 'OUTCOME_UNKNOWN';
  return false;
}
