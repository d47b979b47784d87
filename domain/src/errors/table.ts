import { type ErrorRow } from './row';
import { directoryErrors } from './directory-errors';
import { ledgerErrors } from './ledger-errors';
import { nodeErrors } from './node-errors';
import { permitErrors } from './permit-errors';
import { representationErrors } from './representation-errors';
import { walletErrors } from './wallet-errors';

export { denyReasonCodes, denyReasons, type DenyReason } from './deny-reasons';
export type { Bilingual, Explanation, Fixer } from './row';
export type { ErrorRow, ExitClass, HttpStatus, IssueType } from './row';

/**
 * Every refusal code, once, with everything that depends on it. A code is API: never renamed, never reused. A code without one of its
 * columns does not compile. `docs/error-codes.md` is printed from this table.
 */
export const errors = {
  ...ledgerErrors,
  ...nodeErrors,
  ...walletErrors,
  ...permitErrors,
  ...representationErrors,
  ...directoryErrors,
} as const satisfies Readonly<Record<string, ErrorRow>>;

/** A refusal: the request changed nothing. */
export type ErrorCode = keyof typeof errors;

/** Every refusal code, in the order of the table. */
// Object.keys is typed string[]; the table is a constant of this module, so its keys are exactly these
export const errorCodes = Object.keys(errors) as readonly ErrorCode[];

/** How a code of a newer version is answered: as a refusal, of which only its own sentence is known. */
export const unknownCode = {
  httpStatus: 422,
  exitClass: 'refused',
  issueType: 'processing',
  retry: false,
} as const satisfies Partial<ErrorRow>;

/** Tells whether a text is a refusal code of this version. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errors, text);
}

/** The row of a refusal's code; undefined for a code this version does not know. */
export function explanationOf(code: string): ErrorRow | undefined {
  return isErrorCode(code) ? errors[code] : undefined;
}
