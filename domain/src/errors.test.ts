import fc from 'fast-check';
import { outcomeOfDenial, outcomeOfError } from './failures';
import {
  decodeError,
  denyReasonCodes,
  denyReasons,
  DomainError,
  encodeError,
  errorCodes,
  errors,
  type Explanation,
  explanationOf,
  isErrorCode,
} from './index';

const rows: readonly (readonly [string, Explanation])[] = [...Object.entries(errors), ...Object.entries(denyReasons)];

describe('the tables of codes', () => {
  it.each(rows)('%s has its texts in both languages and its form', (code, { meaning, remedy, whoCanFix }) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    for (const text of [meaning, remedy]) {
      expect(text.en).toMatch(/^[A-Z].*\.$/);
      expect(text.zh).toMatch(/\p{Script=Han}.*。$/u);
    }
    expect(whoCanFix).not.toBe('');
  });
  it('keep refusals and deny reasons apart', () => {
    expect(errorCodes.filter((code) => Object.hasOwn(denyReasons, code))).toEqual([]);
    expect(denyReasonCodes.length + errorCodes.length).toBe(rows.length);
  });
  it('know only their own codes', () => {
    expect(['NOT_FOUND', 'NO_CONSENT', 'constructor', '', 'toString'].map((code) => isErrorCode(code))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(explanationOf('NOT_FOUND')).toBe(errors.NOT_FOUND);
    expect(explanationOf('hasOwnProperty')).toBeUndefined();
  });
});

describe('the wire line of a refusal', () => {
  const error = new DomainError('NOT_FOUND', 'no such record', { recordId: 'rec-1', version: 2 });
  const line = 'LIANYI/1 {"code":"NOT_FOUND","details":{"recordId":"rec-1","version":2},"message":"no such record"}';

  it('is marker and canonical JSON', () => {
    expect(encodeError(error)).toBe(line);
  });
  it('says the table’s sentence when nobody says another', () => {
    expect(new DomainError('OFF_DUTY')).toMatchObject({ message: errors.OFF_DUTY.meaning.en, details: {}, name: 'DomainError' });
  });
  it('carries no cause and no stack', () => {
    expect(encodeError(new DomainError('NOT_FOUND', 'x', {}, { cause: new Error('secret') }))).toBe(
      'LIANYI/1 {"code":"NOT_FOUND","details":{},"message":"x"}',
    );
  });
  it.each([line, `chaincode response 500, ${line}`, `10 ABORTED: chaincode response 500, ${line} (and more)`, `${line}${line}`])(
    'is found in %j',
    (text) => {
      expect(decodeError(text)).toEqual({ code: 'NOT_FOUND', details: { recordId: 'rec-1', version: 2 }, message: 'no such record' });
    },
  );
  it('is read when its code is of a newer version', () => {
    expect(decodeError('LIANYI/1 {"code":"NEWER","details":{},"message":"m"}')).toMatchObject({ code: 'NEWER' });
  });
  it('is read when its texts hold braces and quotes', () => {
    const tricky = new DomainError('NOT_FOUND', 'a "}" \\ {', { path: '}{"\\' });
    expect(decodeError(`x ${encodeError(tricky)} y`)).toMatchObject({ message: 'a "}" \\ {', details: { path: '}{"\\' } });
  });
  it.each([
    '',
    'chaincode response 500, boom',
    'LIANYI/1 ',
    'LIANYI/1 {"code":"NOT_FOUND"',
    'LIANYI/1 {"code":1,"details":{},"message":"m"}',
    'LIANYI/1 {"code":"X","message":"m"}',
    'LIANYI/1 {"code":"X","details":[],"message":"m"}',
    'LIANYI/1 {"code":"X","details":{"a":{}},"message":"m"}',
    'LIANYI/1 {"code":"X","details":{},"details":{},"message":"m"}',
    'LIANYI/1 {not json}',
    'LIANYI/1 []',
    'LIANYI/2 {"code":"X","details":{},"message":"m"}',
    `LIANYI/1 {"code":"X","details":{},"message":"${'m'.repeat(20_000)}"}`,
  ])('is not found in %.60j', (text) => {
    expect(decodeError(text)).toBeUndefined();
  });
  it('is read from anything without failing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
        (text) => decodeError(`LIANYI/1 ${text}`) === undefined || text.includes('{'),
      ),
    );
  });
});

describe('OperationOutcome', () => {
  it('says a refusal in the language asked for', () => {
    expect(outcomeOfError('NOT_FOUND', 'zh')).toEqual({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'not-found',
          details: { coding: [{ system: 'urn:lianyi:error', code: 'NOT_FOUND' }], text: '没有这个条目。' },
          diagnostics: '请检查标识。',
        },
      ],
    });
  });
  it('has an issue for each reason of a denial', () => {
    const outcome = outcomeOfDenial(['NO_CONSENT', 'EXPIRED'], 'en');
    expect(outcome.issue.map(({ code, details }) => `${code} ${details.coding[0].code} ${details.text}`)).toEqual([
      'forbidden NO_CONSENT No consent of the patient covers the actor.',
      'forbidden EXPIRED The consent has ended.',
    ]);
  });
  it('finds a FHIR issue type for every code', () => {
    for (const code of errorCodes) expect(outcomeOfError(code, 'en').issue[0]?.code).toMatch(/^[a-z-]+$/);
  });
});
