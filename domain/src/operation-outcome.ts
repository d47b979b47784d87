import { type DenyReason, denyReasons } from './access/deny-reasons';
import { type ErrorCode, errors } from './errors';
import { type Bilingual } from './errors/explanation';

/** FHIR R4 IssueType (http://hl7.org/fhir/issue-type), as far as it is needed here. */
type IssueType =
  | 'invalid'
  | 'not-supported'
  | 'forbidden'
  | 'business-rule'
  | 'expired'
  | 'conflict'
  | 'duplicate'
  | 'not-found'
  | 'security'
  | 'transient'
  | 'processing'
  | 'exception';

const issueTypes: Readonly<Partial<Record<ErrorCode, IssueType>>> = {
  INVALID_REQUEST: 'invalid',
  UNKNOWN_TRANSACTION: 'not-supported',
  NOT_PERMITTED: 'forbidden',
  ROLE_NOT_ASSERTABLE: 'business-rule',
  NOT_ACTIVE_ORGANISATION: 'forbidden',
  STAFF_REVOKED: 'forbidden',
  OFF_DUTY: 'forbidden',
  STALE_KEY: 'security',
  BAD_SIGNATURE: 'security',
  PROOF_MISMATCH: 'security',
  TIME_SKEW: 'expired',
  ILLEGAL_STATE: 'business-rule',
  VERSION_CONFLICT: 'conflict',
  ALREADY_EXISTS: 'duplicate',
  NOT_FOUND: 'not-found',
  HASH_MISMATCH: 'business-rule',
  RECEIPTS_MISSING: 'business-rule',
  GENESIS_MISMATCH: 'business-rule',
  TICKET_CLOSED: 'expired',
  CORRUPT_STATE: 'exception',
};

/** The code systems of our codes, for `OperationOutcome.issue.details.coding`. */
export const ERROR_SYSTEM = 'urn:lianyi:error';
export const DENY_REASON_SYSTEM = 'urn:lianyi:deny-reason';

export type Language = keyof Bilingual;
export type OutcomeIssue = {
  readonly severity: 'error';
  readonly code: IssueType;
  readonly details: { readonly coding: readonly [{ readonly system: string; readonly code: string }]; readonly text: string };
  readonly diagnostics: string;
};
/** A FHIR R4 OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html). */
export type OperationOutcome = { readonly resourceType: 'OperationOutcome'; readonly issue: readonly OutcomeIssue[] };

/** A refusal as a FHIR OperationOutcome: what it means, and what to do. */
export function outcomeOfError(code: ErrorCode, language: Language): OperationOutcome {
  return outcome([issue(issueTypeOf(code), ERROR_SYSTEM, code, errors[code], language)]);
}

/** A denial as a FHIR OperationOutcome: one issue for each reason. */
export function outcomeOfDenial(reasons: readonly DenyReason[], language: Language): OperationOutcome {
  return outcome(reasons.map((reason) => issue('forbidden', DENY_REASON_SYSTEM, reason, denyReasons[reason], language)));
}

/** A code without a type of its own: FHIR's transient or processing, by whether trying again may help. */
function issueTypeOf(code: ErrorCode): IssueType {
  return issueTypes[code] ?? (errors[code].retry ? 'transient' : 'processing');
}

function outcome(issues: readonly OutcomeIssue[]): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: issues };
}

function issue(
  type: IssueType,
  system: string,
  code: string,
  texts: { readonly meaning: Bilingual; readonly remedy: Bilingual },
  language: Language,
): OutcomeIssue {
  return {
    severity: 'error',
    code: type,
    details: { coding: [{ system, code }], text: texts.meaning[language] },
    diagnostics: texts.remedy[language],
  };
}
