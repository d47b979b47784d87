import { denyReasons, errors, type Bilingual, type DenyReason, type ErrorCode, type IssueType } from './errors/table';
/** The code systems of our codes, for `OperationOutcome.issue.details.coding`. */
const ERROR_SYSTEM = 'urn:lianyi:error';
const DENY_REASON_SYSTEM = 'urn:lianyi:deny-reason';

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
  return outcome([issue(errors[code].issueType, ERROR_SYSTEM, code, errors[code], language)]);
}

/** A denial as a FHIR OperationOutcome: one issue for each reason. */
export function outcomeOfDenial(reasons: readonly DenyReason[], language: Language): OperationOutcome {
  return outcome(reasons.map((reason) => issue('forbidden', DENY_REASON_SYSTEM, reason, denyReasons[reason], language)));
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
