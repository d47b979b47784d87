import { ledgerErrors } from './errors/ledger-errors';
import { nodeErrors } from './errors/node-errors';

export type { Bilingual, Explanation, Fixer } from './errors/explanation';

/**
 * Every refusal code, once. A code is API: never renamed, never reused. `docs/error-codes.md` is printed from this table.
 */
export const errors = { ...ledgerErrors, ...nodeErrors } as const;

/** A refusal: the request changed nothing. */
export type ErrorCode = keyof typeof errors;

/** Every refusal code, in the order of the table. */
// Object.keys is typed string[]; the table is a constant of this module, so its keys are exactly these
export const errorCodes = Object.keys(errors) as readonly ErrorCode[];

/** Tells whether a text is a refusal code of this version. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errors, text);
}
