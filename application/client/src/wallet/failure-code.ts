import { DomainError, OutcomeUnknown, Refused } from '@lianyi/domain';

/** The code of why a member did not do what the wallet asked, for a report that goes on without it. */
export function failureCode(error: unknown): string {
  if (error instanceof DomainError || error instanceof Refused) return error.code;
  if (error instanceof OutcomeUnknown) return 'OUTCOME_UNKNOWN';
  return 'LEDGER_UNAVAILABLE';
}
