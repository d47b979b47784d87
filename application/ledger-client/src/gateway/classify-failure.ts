import { EndorseError, GatewayError, StatusCode } from '@hyperledger/fabric-gateway';
import { status as grpcStatus } from '@grpc/grpc-js';
import {
  Conflict,
  decodeError,
  type LedgerFailure,
  OutcomeUnknown,
  Refused,
  Rejected,
  Unavailable,
  UntrustedGateway,
  type WireError,
} from '@lianyi/domain';
import { connectionCauseOf } from '@lianyi/domain/errors';

/** What one endorser answered, as Fabric reports it: of which organisation, in its own words. */
type EndorserAnswer = { readonly mspId: string; readonly message: string };

/**
 * Texts by which Fabric says "you may not", as real v3.1.5 peers answered them: the access filter, an unknown or foreign
 * certificate, a channel policy. gRPC codes alone do not tell: the same refusal comes as 7, 9, 10 or 14.
 */
const NO_RIGHT = /access denied|creator org unknown|permission denied|failed evaluating policy|failed to get policy manager/i;
/** The client's clock, not its right, is the cause; the peer's window is 15 minutes. */
const WRONG_TIME = /request unauthorized due to incorrect timestamp|client identity expired/i;
/** Endorsers answered different bytes: a block was committed between two endorsements (gateway/endorsement.go). */
const ENDORSERS_DIFFER = /ProposalResponsePayloads do not match/;
/** The gateway's words once its first endorser has agreed; before that it says "failed to endorse transaction" (gateway/endorse.go). */
const FIRST_AGREED = /failed to collect enough transaction endorsements/;
/** An orderer that has looked at the envelope and said no; the transaction cannot be in a block through this call. */
const ORDERER_REFUSED = /status=(FORBIDDEN|BAD_REQUEST)/;

/** Turns what `evaluate` or `endorse` threw into a failure that tells the caller what to do. */
export function classifyBeforeOrdering(error: unknown): LedgerFailure {
  if (error instanceof UntrustedGateway) return error;
  if (!(error instanceof GatewayError)) return new Unavailable('the answer cannot be read', { cause: error });
  const answers = answersOf(error);
  const refused = refusalOf(answers, FIRST_AGREED.test(error.message));
  if (refused !== undefined) return refused;
  const transactionId = error instanceof EndorseError ? error.transactionId : undefined;
  if (transactionId !== undefined && answers.some(({ message }) => ENDORSERS_DIFFER.test(message))) {
    return new Conflict(transactionId, undefined, { cause: error });
  }
  if (answers.some(({ message }) => WRONG_TIME.test(message))) {
    return new Rejected('the peer finds the time of the request or the certificate out of range', transactionId, undefined, {
      cause: error,
    });
  }
  if (answers.some(({ message }) => NO_RIGHT.test(message))) {
    return new Rejected('this certificate may not do that on this channel', transactionId, undefined, { cause: error });
  }
  return new Unavailable(reasonOf(error), { cause: error });
}

/**
 * Turns what `submit` or the commit status threw into a failure. A submit error does not mean that nothing was ordered:
 * under SmartBFT 39 of 39 such transactions had been committed when they were looked up.
 *
 * @param isFirstSending - of a later one a refusal tells nothing: the bytes that were sent before may still come into a block
 */
export function classifyAfterSubmit(error: unknown, transactionId: string, isFirstSending: boolean): LedgerFailure {
  // the library exports the SubmitError class as a type only, so it is told by its name
  if (isFirstSending && error instanceof GatewayError && error.name === 'SubmitError') {
    const answers = error.details.length > 0 ? error.details : [error];
    if (answers.every(({ message }) => ORDERER_REFUSED.test(message))) {
      return new Rejected('the orderers refused the transaction', transactionId, undefined, { cause: error });
    }
  }
  return new OutcomeUnknown(transactionId, { cause: error });
}

/** Turns the validation code of a transaction that is in a block but had no effect into a failure. */
export function classifyInvalid(transactionId: string, validationCode: number): LedgerFailure {
  if (validationCode === StatusCode.MVCC_READ_CONFLICT || validationCode === StatusCode.PHANTOM_READ_CONFLICT) {
    return new Conflict(transactionId, validationCode);
  }
  const name = Object.entries(StatusCode).find(([, code]) => code === validationCode)?.[0] ?? 'unknown code';
  return new Rejected(`validation code ${validationCode} ${name}`, transactionId, validationCode);
}

function answersOf(error: GatewayError): readonly EndorserAnswer[] {
  // Evaluate puts the chaincode's words into the message, Endorse into one detail per organisation
  const own = { mspId: '', message: error.message };
  return [...error.details.map(({ mspId, message }) => ({ mspId, message })), own];
}

function refusalOf(answers: readonly EndorserAnswer[], firstAgreed: boolean): Refused | undefined {
  const refusals = answers.flatMap(({ mspId, message }): (WireError & { mspId: string })[] => {
    const refusal = decodeError(message);
    return refusal === undefined ? [] : [{ ...refusal, mspId }];
  });
  const [first] = refusals;
  if (first === undefined) return undefined;
  const codesByMspId = Object.fromEntries(refusals.filter(({ mspId }) => mspId !== '').map(({ mspId, code }) => [mspId, code]));
  return new Refused(first.code, first.message, first.details, codesByMspId, { firstAgreed });
}

/** A short reason without the peer's own text, which may quote arguments. */
function reasonOf(error: GatewayError): string {
  const name = connectionCauseOf(error) ?? grpcStatus[error.code] ?? 'UNKNOWN';
  const organisations = [...new Set(error.details.map(({ mspId }) => mspId))].filter((mspId) => mspId !== '').sort();
  return organisations.length === 0 ? name : `${name}, as answered by ${organisations.join(', ')}`;
}
