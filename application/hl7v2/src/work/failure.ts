import { codeOfFailure, DomainError, type ErrorCode, type ErrorDetails, errors, isErrorCode, LedgerFailure } from '@lianyi/domain';

/** Why something could not be done, and whether trying again may help. */
export interface Failure {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly isPassing: boolean;
}

/**
 * Asking later may help with these, whatever the table says to who asks once: nothing of them is the message's fault, but the moment's, or the standing of
 * the interface's own staff entry, which people set right.
 */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  ...(['OUTCOME_UNKNOWN', 'LEDGER_CONFLICT', 'PATIENT_NOT_LINKED', 'PREPARATION_IN_USE'] as const),
  ...(['NOT_PERMITTED', 'STAFF_REVOKED', 'STAFF_PENDING'] as const),
]);

/** What a failure of the hospital's own node comes to; what is none of those is thrown on. */
export function workFailure(error: unknown): Failure {
  if (error instanceof DomainError) return told(error.code, error.details);
  if (!(error instanceof LedgerFailure)) throw error;
  const code = codeOfFailure(error);
  return told(isErrorCode(code) ? code : 'LEDGER_REJECTED', {});
}

function told(code: ErrorCode, details: ErrorDetails): Failure {
  return { code, details, isPassing: errors[code].retry || PASSING.has(code) };
}
