import { ZodError } from 'zod';
import {
  codeOfFailure,
  DomainError,
  type ErrorCode,
  errors,
  isErrorCode,
  LedgerFailure,
  NotCanonicalError,
  Refused,
  StrictJsonError,
} from '@lianyi/domain';
import { type JsonObject } from '@lianyi/documents/json-object';
import { type Language, type OperationOutcome, outcomeOfError } from '@lianyi/domain/errors';

/** A failure as a client of the facade sees it: the row of the one error table, in the asker's language. */
export interface FailureAnswer {
  readonly status: number;
  readonly code: ErrorCode;
  readonly outcome: OperationOutcome;
}

/** A word of ours for a format, which is no value of anybody's. */
const FORMAT = /^[a-z][a-z0-9-]{1,20}$/;
/** Places of a request that did not fit, as FHIRPath has them; never a value. */
const PLACE = /^[A-Za-z$][A-Za-z0-9_$.[\]-]{0,255}$/;

/** Turns whatever was thrown into an OperationOutcome that says nothing it should not. */
export function outcomeOfFailure(error: unknown, language: Language): FailureAnswer {
  const code = codeOf(error);
  const outcome = outcomeOfError(code, language);
  const place = error instanceof DomainError ? error.details['path'] : undefined;
  const isPlace = typeof place === 'string' && PLACE.test(place);
  const looks = error instanceof DomainError ? error.details['looksLike'] : undefined;
  return {
    status: errors[code].httpStatus,
    code,
    outcome: {
      ...outcome,
      issue: outcome.issue.map(({ diagnostics, ...issue }) => ({
        ...issue,
        diagnostics: typeof looks === 'string' && FORMAT.test(looks) ? `${looks}: ${diagnostics}` : diagnostics,
        ...(isPlace ? { expression: [place] } : {}),
      })),
    },
  };
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof DomainError) return error.code;
  if (error instanceof Refused) return isErrorCode(error.code) ? error.code : 'FACADE_FAILED';
  if (error instanceof LedgerFailure) return known(codeOfFailure(error));
  if (error instanceof StrictJsonError || error instanceof NotCanonicalError || error instanceof ZodError) return 'INVALID_REQUEST';
  return ofWebServer(error) ?? 'FACADE_FAILED';
}

function known(code: string): ErrorCode {
  return isErrorCode(code) ? code : 'FACADE_FAILED';
}

/** The web server's own refusals: a body too large, a media type that nothing parses, a path that is none. */
function ofWebServer(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  const codes: Readonly<Record<number, ErrorCode>> = { 413: 'DOCUMENT_TOO_LARGE', 415: 'MEDIA_TYPE_NOT_TAKEN', 429: 'RATE_LIMITED' };
  return codes[error.statusCode] ?? (error.statusCode >= 400 && error.statusCode < 500 ? 'INVALID_REQUEST' : undefined);
}

/** An outcome is JSON; its type is narrower. */
export function jsonOfOutcome({ resourceType, issue }: OperationOutcome): JsonObject {
  return { resourceType, issue: issue.map(({ severity, code, diagnostics, ...more }) => ({ severity, code, diagnostics, ...more })) };
}
