import { DomainError, type ErrorCode, errors, Refused, Rejected } from '@lianyi/domain';
import { faultOf, workFailure } from './failure';

const codes = Object.keys(errors) as readonly ErrorCode[];
const final = codes.filter((code) => faultOf(code) === 'message');

describe('what is in the way of a message', () => {
  it('ends it only where the sender alone can set it right: nothing that the hospital, its staff, the patient or time sets right is final', () => {
    expect(final.filter((code) => errors[code].retry)).toEqual([]);
    expect(final.map((code) => errors[code].whoCanFix).filter((who) => who !== 'caller' && who !== 'client-software')).toEqual([]);
    expect(final.filter((code) => !/^(HL7|DOCUMENT|OBJECT_TOO_LARGE|IDENTIFIER_INVALID|CLASS_NOT_OF_RELATIONSHIP)/.test(code))).toEqual([]);
  });

  it.each<readonly [ErrorCode, ReturnType<typeof faultOf>]>([
    ['ILLEGAL_STATE', 'people'],
    ['PATIENT_NOT_LINKED', 'people'],
    ['PATIENT_AMBIGUOUS', 'people'],
    ['PATIENT_DECEASED', 'people'],
    ['LABEL_LOWERED', 'people'],
    ['INVALID_REQUEST', 'people'],
    ['ANSWER_DIFFERS', 'people'],
    ['LEDGER_REJECTED', 'node'],
    ['OFF_DUTY', 'node'],
    ['STAFF_UNPROVEN', 'node'],
    ['STAFF_REVOKED', 'node'],
    ['NOT_PERMITTED', 'node'],
    ['NOT_ACTIVE_ORGANISATION', 'node'],
    ['GATEWAY_UNTRUSTED', 'node'],
    ['STORAGE_FULL', 'node'],
    ['LEDGER_CONFLICT', 'moment'],
    ['OUTCOME_UNKNOWN', 'moment'],
    ['PREPARATION_IN_USE', 'moment'],
    ['DOCUMENT_EMPTY', 'message'],
    ['DOCUMENT_OTHER_FORMAT', 'message'],
    ['HL7_MESSAGE_INVALID', 'message'],
  ])('%s is the fault of: %s', (code, fault) => {
    expect(faultOf(code)).toBe(fault);
    expect(workFailure(new DomainError(code, undefined, {}))).toEqual({ code, details: {}, fault });
  });

  it('is one message’s where a newer node refuses it for what this release has no word for', () => {
    const failure = workFailure(new Refused('NEW_RULE', 'no', {}));
    expect(failure).toEqual({ code: 'LEDGER_REJECTED', details: { unknownCode: 'NEW_RULE' }, fault: 'people' });
  });

  it('is the node’s where the ledger fails in a way that no code names, and no failure at all where a program does', () => {
    expect(workFailure(new Rejected('client identity expired', 'tx', 1))).toMatchObject({ fault: 'node' });
    expect(() => workFailure(new TypeError('no'))).toThrow(TypeError);
  });
});
