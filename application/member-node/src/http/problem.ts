import { basename } from 'node:path';
import { ZodError } from 'zod';
import {
  codeOfFailure,
  Conflict,
  DomainError,
  explanationOf,
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
  if (error instanceof DomainError) return ofCode(error.code, error.message, withoutFolder(error.details));
  if (error instanceof LedgerFailure) return ofLedgerFailure(error);
  if (error instanceof StrictJsonError) return ofCode('INVALID_REQUEST', undefined, { problem: error.problem, offset: error.offset });
  if (error instanceof NotCanonicalError) return ofCode('INVALID_REQUEST', undefined, { problem: 'NOT_CANONICAL' });
  if (error instanceof ZodError) return ofZodError(error);
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

function ofZodError(error: ZodError): HttpProblem {
  const [issue] = error.issues;
  // a caller's own key may stand in the path: only what looks like an id is repeated
  const path = (issue?.path ?? []).map(String).join('.');
  return ofCode('INVALID_REQUEST', undefined, {
    path: /^[A-Za-z0-9_.-]{0,128}$/.test(path) ? path : '?',
    problem: issue?.code ?? 'invalid',
  });
}

/** Fastify's own refusals: wrong media type, body too large, no such route. */
function ofHttpError(error: unknown): HttpProblem | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  if (error.statusCode < 400 || error.statusCode >= 500) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'HTTP';
  return { ...ofCode('INVALID_REQUEST', undefined, { problem: code }), status: error.statusCode };
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
