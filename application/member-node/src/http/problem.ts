import { basename } from 'node:path';
import { ZodError } from 'zod';
import {
  codeOfFailure,
  Conflict,
  DomainError,
  explanationOf,
  InvalidRequest,
  invalidRequest,
  LedgerFailure,
  NotCanonicalError,
  OutcomeUnknown,
  Refused,
  StrictJsonError,
  unknownCode,
} from '@lianyi/domain';

type Text = { readonly en: string; readonly zh: string };

/** A failure as the node's clients see it. `code` is for programs, `meaning` and `remedy` for people. */
export interface HttpProblem {
  readonly status: number;
  readonly body: {
    readonly code: string;
    readonly message: string;
    readonly meaning: Text;
    readonly remedy: Text;
    readonly retry: boolean;
    readonly details: Readonly<Record<string, unknown>>;
  };
}

const INTERNAL: HttpProblem = {
  status: 500,
  body: {
    code: 'INTERNAL',
    message: 'The node failed.',
    meaning: { en: 'The node failed.', zh: '节点内部出错。' },
    remedy: { en: 'Have the operator read the node’s log.', zh: '请运维人员查看节点日志。' },
    retry: false,
    details: {},
  },
};

/** Turns whatever was thrown into an answer that says nothing it should not. */
export function httpProblemOf(error: unknown): HttpProblem {
  if (error instanceof InvalidRequest) return ofCode(error.code, error.message, { ...error.details, faults: error.faults });
  if (error instanceof DomainError) return ofCode(error.code, error.message, withoutFolder(error.details));
  if (error instanceof LedgerFailure) return ofLedgerFailure(error);
  if (error instanceof StrictJsonError) return ofCode('INVALID_REQUEST', undefined, { problem: error.problem, offset: error.offset });
  if (error instanceof NotCanonicalError) return ofCode('INVALID_REQUEST', undefined, { problem: 'NOT_CANONICAL' });
  // with every place that does not fit, of a parse that knew the value
  if (error instanceof ZodError) return httpProblemOf(invalidRequest(error, undefined, ''));
  return ofHttpError(error) ?? INTERNAL;
}

/** Where the node's files lie is nobody's business but the operator's, who finds it in the log. */
function withoutFolder(details: DomainError['details']): DomainError['details'] {
  const { file, ...others } = details;
  return typeof file === 'string' ? { ...others, file: basename(file) } : details;
}

function ofLedgerFailure(failure: LedgerFailure): HttpProblem {
  if (failure instanceof Refused) {
    const disagreement = failure.endorsersDisagree ? { endorsers: failure.codesByMspId } : {};
    return ofCode(failure.code, failure.message, { ...failure.details, ...disagreement });
  }
  if (failure instanceof Conflict || failure instanceof OutcomeUnknown) {
    const { transactionId } = failure;
    return ofCode(codeOfFailure(failure), undefined, transactionId === undefined ? {} : { transactionId });
  }
  return ofCode(codeOfFailure(failure), failure.message, {});
}

/** How the web server's own refusals are told: its names are nobody's business. */
const serverProblems: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'CONTENT_LENGTH',
  FST_ERR_BAD_URL: 'URL',
  FST_ERR_MAX_PARAM_LENGTH: 'URL',
};

/** The web server's own refusals: wrong media type, body too large, a path that is none. */
function ofHttpError(error: unknown): HttpProblem | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  if (error.statusCode < 400 || error.statusCode >= 500) return undefined;
  if (error.statusCode === 415) return ofCode('MEDIA_TYPE_NOT_TAKEN', undefined, {});
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { ...ofCode('INVALID_REQUEST', undefined, { problem: serverProblems[code] ?? 'HTTP' }), status: error.statusCode };
}

/** The answer for a code of the domain's table; of a code this version does not know, its own sentence is all there is. */
export function ofCode(code: string, message: string | undefined, details: Readonly<Record<string, unknown>>): HttpProblem {
  const known = explanationOf(code);
  const own = message ?? known?.meaning.en ?? code;
  const unknown = { en: own, zh: own };
  return {
    status: (known ?? unknownCode).httpStatus,
    body: {
      code,
      message: own,
      meaning: known?.meaning ?? unknown,
      remedy: known?.remedy ?? { en: 'See docs/error-codes.md of the chaincode’s version.', zh: '请查阅链码版本的 docs/error-codes.md。' },
      retry: (known ?? unknownCode).retry,
      details,
    },
  };
}
