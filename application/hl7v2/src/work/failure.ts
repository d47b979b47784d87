import { codeOfFailure, DomainError, type ErrorCode, type ErrorDetails, errors, isErrorCode, LedgerFailure } from '@lianyi/domain';

/**
 * What is in the way of a message. `message`: what stands in it, so that nothing but another message helps. `node`: the node, the network or the
 * standing of the interface's own staff entry, which is in the way of every message. `moment`: something that was at work at the same time.
 * `people`: what somebody has to set right for this one message.
 */
export type Fault = 'message' | 'node' | 'moment' | 'people';

/** Why something could not be done. */
export interface Failure {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly fault: Fault;
}

/** Final: nobody but the sender can set right what stands in the message. Whatever is not named here or below waits for people. */
const OF_THE_MESSAGE: ReadonlySet<ErrorCode> = new Set([
  ...(['HL7_MESSAGE_INVALID', 'HL7_CHARSET_NOT_TAKEN', 'HL7_MESSAGE_NOT_TAKEN', 'IDENTIFIER_INVALID'] as const),
  ...(['DOCUMENT_EMPTY', 'DOCUMENT_TOO_LARGE', 'DOCUMENT_NOT_UTF8', 'DOCUMENT_NOT_JSON', 'DOCUMENT_OTHER_FORMAT'] as const),
  ...(['DOCUMENT_TOO_DEEP', 'DOCUMENT_DUPLICATE_KEY', 'DOCUMENT_NOT_FHIR', 'OBJECT_TOO_LARGE', 'CLASS_NOT_OF_RELATIONSHIP'] as const),
]);
const OF_THE_NODE: ReadonlySet<ErrorCode> = new Set([
  ...([
    'LEDGER_UNAVAILABLE',
    'MEMBER_UNAVAILABLE',
    'REPLICA_UNAVAILABLE',
    'RECEIPTS_MISSING',
    'QUERY_UNAVAILABLE',
    'NODE_BUSY',
    'STORAGE_FULL',
  ] as const),
  ...(['PEER_BEHIND', 'STAFF_UNSEEN', 'RATE_LIMITED', 'TIME_SKEW', 'LEDGER_REJECTED', 'GATEWAY_UNTRUSTED'] as const),
  ...(['NOT_ACTIVE_ORGANISATION', 'GENESIS_MISMATCH', 'INDEX_OF_ANOTHER_NETWORK', 'DATABASE_UNUSABLE', 'TEMPLATE_MISMATCH'] as const),
  ...(['NOT_PERMITTED', 'ROLE_NOT_ASSERTABLE', 'STAFF_REVOKED', 'STAFF_PENDING', 'STAFF_UNPROVEN', 'OFF_DUTY'] as const),
  ...(['BAD_SIGNATURE', 'NOT_AUTHENTICATED', 'KEY_FILE_UNUSABLE', 'CERTIFICATE_UNUSABLE', 'CONNECTION_PROFILE_UNUSABLE'] as const),
]);
const OF_THE_MOMENT: ReadonlySet<ErrorCode> = new Set(['OUTCOME_UNKNOWN']);

/** What a failure of the hospital's own node comes to; what is none of those is thrown on. */
export function workFailure(error: unknown): Failure {
  if (error instanceof DomainError) return told(error.code, error.details);
  if (!(error instanceof LedgerFailure)) throw error;
  const code = codeOfFailure(error);
  if (isErrorCode(code)) return told(code, {});
  // a newer node or chaincode has more words: of what it refuses one message for, the others are innocent
  return { code: 'LEDGER_REJECTED', details: { unknownCode: code.slice(0, 64) }, fault: 'people' };
}

function told(code: ErrorCode, details: ErrorDetails): Failure {
  return { code, details, fault: faultOf(code) };
}

/** Whose fault it is by the code alone. */
export function faultOf(code: ErrorCode): Fault {
  if (OF_THE_MESSAGE.has(code)) return 'message';
  if (OF_THE_NODE.has(code)) return 'node';
  const { retry, whoCanFix } = errors[code];
  return OF_THE_MOMENT.has(code) || (retry && whoCanFix === 'caller') ? 'moment' : 'people';
}
