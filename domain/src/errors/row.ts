/** Who can do something about a refusal. */
export type Fixer = 'caller' | 'client-software' | 'own-administrator' | 'patient' | 'operator' | 'nobody';

/** A sentence in both languages of the project; holds no data. */
export type Bilingual = { readonly en: string; readonly zh: string };

/** What people are told about a code. */
export type Explanation = { readonly meaning: Bilingual; readonly remedy: Bilingual; readonly retry: boolean; readonly whoCanFix: Fixer };

/** One row of a table of codes. */
export function explain(
  whoCanFix: Fixer,
  retry: boolean,
  meaning: readonly [en: string, zh: string],
  remedy: readonly [en: string, zh: string],
): Explanation {
  return { meaning: { en: meaning[0], zh: meaning[1] }, remedy: { en: remedy[0], zh: remedy[1] }, retry, whoCanFix };
}

/** The HTTP statuses a member node answers refusals with (RFC 9110 §15; 429 RFC 6585 §4; 507 RFC 4918 §11.5). */
export type HttpStatus = 400 | 401 | 403 | 404 | 405 | 406 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 502 | 503 | 504 | 507;

/**
 * What a program that ends with a code tells its shell: `refused` — judged, and "may not"; `failure` — "could not", nothing was
 * judged; `unknown` — sent, and nobody knows what became of it; `usage` — nothing was sent, because the program was told too little.
 */
export type ExitClass = 'refused' | 'failure' | 'unknown' | 'usage';

/** FHIR R4 IssueType (http://hl7.org/fhir/issue-type), as far as it is needed here. */
export type IssueType =
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

/** All that is known of a code. */
export type ErrorRow = Explanation & { readonly httpStatus: HttpStatus; readonly exitClass: ExitClass; readonly issueType: IssueType };

type Columns = {
  readonly whoCanFix: Explanation['whoCanFix'];
  readonly retry: boolean;
  readonly http: HttpStatus;
  readonly exit: ExitClass;
  readonly fhir: IssueType;
};

/** One row of a table of refusals. */
export function refusal(
  { whoCanFix, retry, http, exit, fhir }: Columns,
  meaning: readonly [en: string, zh: string],
  remedy: readonly [en: string, zh: string],
): ErrorRow {
  return { ...explain(whoCanFix, retry, meaning, remedy), httpStatus: http, exitClass: exit, issueType: fhir };
}
