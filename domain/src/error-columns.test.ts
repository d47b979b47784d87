import { outcomeOfError } from './failures';
import { errorCodes, errors, unknownCode } from './index';

/**
 * What every code was answered with when its HTTP status, exit class and FHIR issue type came to stand in its row: they are API, and
 * clients branch on them.
 */
const answers = {
  INVALID_REQUEST: '400 refused invalid',
  UNKNOWN_TRANSACTION: '404 refused not-supported',
  NOT_PERMITTED: '403 refused forbidden',
  ROLE_NOT_ASSERTABLE: '422 refused business-rule',
  LABEL_LOWERED: '422 refused processing',
  CLASS_CHANGED: '422 refused processing',
  NOT_ACTIVE_ORGANISATION: '422 refused forbidden',
  STAFF_REVOKED: '422 refused forbidden',
  STAFF_PENDING: '422 refused forbidden',
  STAFF_KEY_TAKEN: '409 refused duplicate',
  SECOND_PERSON_NEEDED: '403 refused forbidden',
  STAFF_ENTRY_DIFFERS: '422 refused business-rule',
  UNKNOWN_GRANTEE: '422 refused business-rule',
  POLICY_ACTIVE: '409 refused duplicate',
  OFF_DUTY: '422 refused forbidden',
  STALE_KEY: '409 refused security',
  BAD_SIGNATURE: '422 refused security',
  PROOF_MISMATCH: '422 refused security',
  TIME_SKEW: '422 refused expired',
  ILLEGAL_STATE: '409 refused business-rule',
  VERSION_CONFLICT: '409 refused conflict',
  ALREADY_EXISTS: '409 refused duplicate',
  NOT_FOUND: '404 refused not-found',
  HASH_MISMATCH: '422 refused business-rule',
  RECEIPTS_MISSING: '422 refused business-rule',
  GENESIS_MISMATCH: '422 refused business-rule',
  COOLING_OFF_DIFFERS: '422 refused business-rule',
  COOLING_OFF_TOO_SHORT: '422 refused business-rule',
  TICKET_CLOSED: '422 refused expired',
  LIMIT_REACHED: '409 refused business-rule',
  CORRUPT_STATE: '422 refused exception',
  DOCUMENT_EMPTY: '422 refused processing',
  DOCUMENT_TOO_LARGE: '413 refused processing',
  DOCUMENT_NOT_UTF8: '422 refused processing',
  DOCUMENT_NOT_JSON: '422 refused processing',
  DOCUMENT_TOO_DEEP: '422 refused processing',
  DOCUMENT_DUPLICATE_KEY: '422 refused processing',
  CONSENT_NOT_EXPRESSIBLE: '422 refused not-supported',
  DOCUMENT_NOT_FHIR: '422 refused processing',
  SEAL_BROKEN: '422 failure processing',
  OBJECT_TOO_LARGE: '413 refused processing',
  STORAGE_FULL: '507 failure transient',
  REPLICA_UNAVAILABLE: '503 failure transient',
  KEY_FILE_UNUSABLE: '422 failure processing',
  UNKNOWN_OPERATION: '404 refused not-supported',
  METHOD_NOT_ALLOWED: '405 refused not-supported',
  MEDIA_TYPE_NOT_TAKEN: '415 refused not-supported',
  TICKET_KEY_MISSING: '422 failure processing',
  CONNECTION_PROFILE_UNUSABLE: '500 failure exception',
  WALLET_UNREADABLE: '422 failure processing',
  KEPT_GUESS_UNREADABLE: '422 failure processing',
  WALLET_BUSY: '422 failure transient',
  COMMAND_PENDING: '422 failure transient',
  TICKET_UNSEEN: '503 failure transient',
  RELEASE_UNCERTAIN: '503 failure transient',
  LEDGER_UNAVAILABLE: '503 failure transient',
  LEDGER_CONFLICT: '409 failure transient',
  LEDGER_REJECTED: '502 refused processing',
  OUTCOME_UNKNOWN: '504 unknown processing',
  GATEWAY_UNTRUSTED: '502 failure processing',
  NOT_AUTHENTICATED: '401 refused processing',
  MEMBER_UNAVAILABLE: '502 failure transient',
  RATE_LIMITED: '429 failure transient',
} as const;

describe('the columns of the table of refusals', () => {
  it.each(Object.entries(answers))('answer %s with %s, as ever', (code, answer) => {
    const row = Object.entries(errors).find(([name]) => name === code)?.[1];
    expect(`${row?.httpStatus} ${row?.exitClass} ${row?.issueType}`).toBe(answer);
  });
  it('know no code besides these and those that are new', () => {
    expect(Object.keys(answers).filter((code) => !Object.hasOwn(errors, code))).toEqual([]);
  });
  it('answer a code of a newer version as a refusal that promises nothing', () => {
    expect(unknownCode).toEqual({ httpStatus: 422, exitClass: 'refused', issueType: 'processing', retry: false });
  });
  it.each(errorCodes)('never call %s a success', (code) => {
    expect(errors[code].httpStatus).toBeGreaterThanOrEqual(400);
    expect(outcomeOfError(code, 'en').issue[0]?.code).toBe(errors[code].issueType);
  });
});
