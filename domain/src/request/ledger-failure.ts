import { type ErrorCode, type ExitClass, type Explanation } from '../errors/table';

/** The ways a ledger call can end other than in its result. Decide by `kind`, never by text. Holds nothing of Fabric's. */
export abstract class LedgerFailure extends Error {
  abstract readonly kind: 'refused' | 'conflict' | 'unavailable' | 'no-answer' | 'outcome-unknown' | 'rejected' | 'untrusted-gateway';
}

/** What somebody on the way says of a code that this version may not know. */
export type ForeignExplanation = Partial<Pick<Explanation, 'meaning' | 'remedy'>> & { readonly exitClass?: ExitClass };

/** What is known of a refusal besides its words. */
export type RefusalContext = {
  /** The first endorser had agreed before the others refused. */
  readonly firstAgreed?: boolean;
  /** The words of the member node that carried the request. */
  readonly explanation?: ForeignExplanation;
};

/** The chaincode refused with a code of the domain's table. Asking again will not help unless the table says so. */
export class Refused extends LedgerFailure {
  override readonly name = 'Refused';
  readonly kind = 'refused';
  constructor(
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>>,
    readonly codesByMspId: Readonly<Record<string, string>> = {},
    private readonly more: RefusalContext = {},
  ) {
    super(message);
  }

  /** The words of the member node that carried the request; undefined without one. */
  get explanation(): ForeignExplanation | undefined {
    return this.more.explanation;
  }

  /** One of them lags behind by a block (then a new proposal helps), or runs something else (then report it). */
  get endorsersDisagree(): boolean {
    return this.more.firstAgreed === true || new Set(Object.values(this.codesByMspId)).size > 1;
  }
}

/**
 * Another transaction changed what this one had read. A new proposal may succeed.
 *
 * `validationCode` is the block's; it is absent when the change came between two endorsements, whose answers then differ.
 */
export class Conflict extends LedgerFailure {
  override readonly name = 'Conflict';
  readonly kind = 'conflict';
  constructor(
    readonly transactionId: string,
    readonly validationCode: number | undefined,
    options?: ErrorOptions,
  ) {
    super(
      validationCode === undefined
        ? 'the endorsers saw different states; if it lasts, their chaincode differs'
        : 'another transaction changed the same state first',
      options,
    );
  }
}

/** The request did not reach ordering. Sending it again is safe. */
export class Unavailable extends LedgerFailure {
  override readonly name = 'Unavailable';
  readonly kind = 'unavailable';
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`the ledger cannot be reached: ${reason}`, options);
  }
}

/**
 * The member node that was asked is silent, or what answers is no member node. It is the end of a question only: of a command without an
 * answer nobody knows whether the node has carried it on, so that it ends as {@link OutcomeUnknown}, with this as its cause.
 */
export class NoAnswer extends LedgerFailure {
  override readonly name = 'NoAnswer';
  readonly kind = 'no-answer';
  constructor(
    message: string,
    /** The places of an answer that do not fit the catalogue; undefined if it was not so much as an answer. */
    readonly misfits?: readonly string[],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The transaction was sent, or given to a member node that did not answer, and nobody can say what became of it. Ask for `transactionId`;
 * never resend blindly. The id is undefined when no answer came that names one.
 */
export class OutcomeUnknown extends LedgerFailure {
  override readonly name = 'OutcomeUnknown';
  readonly kind = 'outcome-unknown';
  constructor(
    readonly transactionId: string | undefined,
    options?: ErrorOptions,
  ) {
    super(
      transactionId === undefined
        ? 'the member node may have sent the transaction, its outcome is not known'
        : 'the transaction was sent, its outcome is not known',
      options,
    );
  }
}

/** Fabric itself turned the request down: no rights, bad signature, a validation code other than a conflict. */
export class Rejected extends LedgerFailure {
  override readonly name = 'Rejected';
  readonly kind = 'rejected';
  constructor(
    readonly reason: string,
    readonly transactionId: string | undefined,
    readonly validationCode: number | undefined,
    options?: ErrorOptions,
  ) {
    super(`the network turned the request down: ${reason}`, options);
  }
}

/** The gateway peer asked us to sign something we did not propose. Nothing was signed. */
export class UntrustedGateway extends LedgerFailure {
  override readonly name = 'UntrustedGateway';
  readonly kind = 'untrusted-gateway';
  constructor(
    reason: string,
    readonly transactionId: string,
  ) {
    super(reason);
  }
}

const codes = {
  conflict: 'LEDGER_CONFLICT',
  unavailable: 'LEDGER_UNAVAILABLE',
  'no-answer': 'LEDGER_UNAVAILABLE',
  'outcome-unknown': 'OUTCOME_UNKNOWN',
  rejected: 'LEDGER_REJECTED',
  'untrusted-gateway': 'GATEWAY_UNTRUSTED',
} as const satisfies Record<Exclude<LedgerFailure['kind'], 'refused'>, ErrorCode>;

/** The code by which people and programs are told of a failure. A refusal brings its own; a newer chaincode's is not in our table. */
export function codeOfFailure(failure: LedgerFailure): string {
  if (failure instanceof Refused) return failure.code;
  // only a Refused is of kind "refused"; the compiler does not follow the class
  return codes[failure.kind as keyof typeof codes];
}
