import {
  canonicalJson,
  checkPatientStatement,
  checkStaffStatement,
  encodeBase64url,
  hashOfKey,
  mspIdSchema,
  type PatientProof,
  patientProofSchema,
  type PatientStatement,
  type PseudonymEntry,
  pseudonymEntrySchema,
  type RequestContext,
  rollKey,
  sha256,
  type Staff,
  type StaffProof,
  staffProofSchema,
  staffSchema,
  type StaffStatement,
  statementHashOf,
  statementText,
} from '../index';
import { expectRefusal } from '../refusals.fixture';
import { newKey, signText, type TestKey } from '../signing.fixture';
import { B, hours, lin, NOW, origin, patient } from '../story.fixture';

const MINUTE = 1 / 60;
const staffKey = newKey();
const [firstKey, secondKey] = [newKey(), newKey()];

const context: RequestContext = {
  channel: 'emr',
  chaincode: 'emr',
  genesis: sha256('genesis'),
  transaction: 'AccessContract:RequestAccess',
  requestHash: sha256('input'),
  now: NOW,
};
const bindings = {
  channel: 'emr',
  chaincode: 'emr',
  genesis: sha256('genesis'),
  transaction: context.transaction,
  requestHash: context.requestHash,
};

/** Every binding, swapped for another value of the same form. */
type Swap = readonly [field: string, value: string];
const swaps: readonly Swap[] = [
  ['channel', 'emr2'],
  ['chaincode', 'emr2'],
  ['genesis', sha256('another genesis')],
  ['transaction', 'AccessContract:CloseTicket'],
  ['requestHash', sha256('another input')],
];

describe('checkStaffStatement', () => {
  const statement = { t: 'lianyi/request/v1', ...bindings, msp: B, actorTag: lin, issuedAt: NOW, notAfter: hours(5 * MINUTE) };
  const entry = staffSchema.parse({
    schemaVersion: 1,
    mspId: B,
    actorTag: lin,
    roles: ['clinician'],
    departments: ['cardiology'],
    publicKeyHash: hashOfKey(staffKey.publicKey),
    dutyWindows: [],
    state: 'active',
    registeredAt: hours(-9),
    changedAt: hours(-9),
    origin,
  });

  function signed(changes: Partial<Record<keyof StaffStatement, string>> = {}, key: TestKey = staffKey): StaffProof {
    const whole = { ...statement, ...changes };
    return staffProofSchema.parse({
      kind: 'staff',
      statement: whole,
      publicKey: key.publicKey,
      signature: signText(canonicalJson(whole), key),
    });
  }
  const check =
    (proof: StaffProof, changes: Partial<typeof context> & { carrierMspId?: typeof B } = {}, staff: Staff = entry) =>
    (): void => {
      checkStaffStatement(proof, { ...context, carrierMspId: B, ...changes }, staff);
    };

  it('accepts the statement of this request by the registered key', () => {
    expect(check(signed())).not.toThrow();
  });
  it.each<Swap>([...swaps, ['msp', 'HospitalCMSP'], ['actorTag', 'dr-wu']])(
    'refuses a well-signed statement with another %s',
    (field, value) => {
      expectRefusal('PROOF_MISMATCH', check(signed({ [field]: value })), { field });
    },
  );
  it.each<Swap>([...swaps, ['msp', 'HospitalCMSP'], ['actorTag', 'dr-wu'], ['issuedAt', hours(-MINUTE)], ['notAfter', hours(6 * MINUTE)]])(
    'refuses a statement whose %s was changed after signing, even where it fits the request',
    (field, value) => {
      const proof = { ...signed(), statement: { ...statement, [field]: value } } as StaffProof;
      const carrierMspId = mspIdSchema.parse(field === 'msp' ? value : B);
      const staff = {
        ...entry,
        ...(field === 'msp' ? { mspId: carrierMspId } : {}),
        ...(field === 'actorTag' ? { actorTag: value } : {}),
      } as Staff;
      expectRefusal('BAD_SIGNATURE', check(proof, { ...(field in context ? { [field]: value } : {}), carrierMspId }, staff));
    },
  );
  it('refuses another organisation’s carrier', () => {
    expectRefusal('PROOF_MISMATCH', check(signed(), { carrierMspId: mspIdSchema.parse('HospitalCMSP') }), { field: 'msp' });
  });
  it('refuses a statement of another kind', () => {
    expect(() => signed({ t: 'lianyi/command/v1' })).toThrow();
  });
  it('refuses a key that is not the registered one', () => {
    expectRefusal('BAD_SIGNATURE', check(signed({}, newKey())));
  });
  it('refuses a signature of another key under the registered one', () => {
    expectRefusal('BAD_SIGNATURE', check({ ...signed({}, newKey()), publicKey: staffKey.publicKey }));
  });
  it.each<readonly [string, number, number, string]>([
    ['issued more than two minutes ahead', 2 * MINUTE + 0.001, 5 * MINUTE, 'issuedAt'],
    ['at its end', -5 * MINUTE, 0, 'notAfter'],
    ['long over', -500, -499.99, 'notAfter'],
    ['valid for more than ten minutes', 0, 10 * MINUTE + 0.001, 'notAfter'],
  ])('refuses a statement %s', (_what, issued, ends, field) => {
    expectRefusal('TIME_SKEW', check(signed({ issuedAt: hours(issued), notAfter: hours(ends) })), { field });
  });
  it.each([
    ['two minutes ahead', 2 * MINUTE, 5 * MINUTE],
    ['a moment before its end', -5 * MINUTE, 0.00001],
    ['for ten minutes', 0, 10 * MINUTE],
  ])('accepts a statement %s', (_what, issued, ends) => {
    expect(check(signed({ issuedAt: hours(issued), notAfter: hours(ends) }))).not.toThrow();
  });
  it('refuses revoked staff', () => {
    expectRefusal('STAFF_REVOKED', check(signed(), {}, { ...entry, state: 'revoked' }));
  });
  it('refuses staff off duty and accepts them on duty', () => {
    expectRefusal('OFF_DUTY', check(signed(), {}, { ...entry, dutyWindows: [{ from: hours(-8), until: NOW }] }));
    expect(check(signed(), {}, { ...entry, dutyWindows: [{ from: NOW, until: hours(8) }] })).not.toThrow();
  });
  it('tells nobody who cannot sign that somebody is revoked', () => {
    expectRefusal('BAD_SIGNATURE', check(signed({}, newKey()), {}, { ...entry, state: 'revoked' }));
  });
});

describe('checkPatientStatement', () => {
  const statement = {
    t: 'lianyi/command/v1',
    ...bindings,
    pseudonym: patient,
    publicKey: firstKey.publicKey,
    nextKeyHash: hashOfKey(secondKey.publicKey),
    issuedAt: NOW,
    notAfter: hours(1),
  };
  const entry = pseudonymEntrySchema.parse({
    schemaVersion: 1,
    pseudonym: patient,
    mspId: 'HospitalAMSP',
    suite: 'P256-SHA256',
    nextKeyHash: hashOfKey(firstKey.publicKey),
    state: 'active',
    registeredAt: hours(-9),
    origin,
  });

  function signed(changes: Partial<Record<keyof PatientStatement, string>> = {}, key: TestKey = firstKey): PatientProof {
    const whole = { ...statement, ...changes };
    return patientProofSchema.parse({ kind: 'patient', statement: whole, signature: signText(canonicalJson(whole), key) });
  }
  const check =
    (proof: PatientProof, kind: 'submit' | 'evaluate' = 'submit', of: PseudonymEntry = entry) =>
    (): void => {
      checkPatientStatement(proof, { ...context, kind }, of);
    };

  it('accepts the statement of this request by the announced key', () => {
    expect(check(signed())).not.toThrow();
  });
  it.each<Swap>([...swaps, ['pseudonym', 'psn-2']])('refuses a well-signed statement with another %s', (field, value) => {
    expectRefusal('PROOF_MISMATCH', check(signed({ [field]: value })), { field });
  });
  it.each([
    ['pseudonym', 'psn-2'],
    ['publicKey', secondKey.publicKey],
    ['nextKeyHash', sha256('a thief’s key')],
    ['issuedAt', hours(0.01)],
    ['notAfter', hours(0.9)],
  ])('refuses a statement whose %s was changed after signing', (field, value) => {
    const proof = { ...signed(), statement: { ...statement, [field]: value } } as PatientProof;
    expectRefusal(
      'BAD_SIGNATURE',
      check(proof, 'submit', field === 'pseudonym' ? ({ ...entry, pseudonym: value } as PseudonymEntry) : entry),
    );
  });
  it('refuses a used key, and a key nobody announced', () => {
    const rolled = rollKey(entry, signed().statement, hours(0.5));
    expectRefusal('STALE_KEY', check(signed(), 'submit', rolled));
    const stranger = newKey();
    expectRefusal('STALE_KEY', check(signed({ publicKey: stranger.publicKey }, stranger)));
  });
  it('accepts only the announced key after a command', () => {
    const rolled = rollKey(entry, signed().statement, hours(0.5));
    const next = signed({ publicKey: secondKey.publicKey, nextKeyHash: sha256('third') }, secondKey);
    expect(check(next, 'submit', rolled)).not.toThrow();
    expect(rolled).toEqual({
      ...entry,
      nextKeyHash: hashOfKey(secondKey.publicKey),
      lastCommand: { statementHash: sha256(canonicalJson(statement)), at: hours(0.5) },
    });
  });
  it('leaves in the entry which of two commands of one key was committed', () => {
    const [one, other] = [signed().statement, signed({ requestHash: sha256('another input') }).statement];
    expect(one.nextKeyHash).toBe(other.nextKeyHash);
    expect(rollKey(entry, one, NOW).lastCommand).not.toEqual(rollKey(entry, other, NOW).lastCommand);
    expect(rollKey(entry, other, NOW).lastCommand?.statementHash).toBe(statementHashOf(other));
  });
  it('names the last command only, whatever came before', () => {
    const [one, other] = [signed().statement, signed({ issuedAt: hours(-0.01) }).statement];
    expect(rollKey(rollKey(entry, one, NOW), other, hours(1))).toEqual(rollKey(entry, other, hours(1)));
  });
  it('refuses a submit that announces the key it uses, but not an evaluate', () => {
    const reusing = signed({ nextKeyHash: entry.nextKeyHash });
    expectRefusal('PROOF_MISMATCH', check(reusing), { field: 'nextKeyHash' });
    expect(check(reusing, 'evaluate')).not.toThrow();
  });
  it('refuses a closed pseudonym', () => {
    expectRefusal('NOT_PERMITTED', check(signed(), 'submit', { ...entry, state: 'closed' }));
  });
  it.each<readonly [string, number, number]>([
    ['issued ahead', 0.05, 1],
    ['at its end', -1, 0],
    ['valid for more than an hour', 0, 1.001],
  ])('refuses a statement %s', (_what, issued, ends) => {
    expectRefusal('TIME_SKEW', check(signed({ issuedAt: hours(issued), notAfter: hours(ends) })));
  });
  it('has no room for a signature that is not 64 bytes', () => {
    const long = encodeBase64url(new Uint8Array(65).fill(1));
    expect(patientProofSchema.safeParse({ ...signed(), signature: long }).success).toBe(false);
    expect(patientProofSchema.safeParse({ ...signed(), extra: 1 }).success).toBe(false);
  });
});

describe('statementText', () => {
  it('is the canonical JSON, whatever the order of the members', () => {
    const receipt = {
      t: 'lianyi/receipt/v1',
      storedAt: NOW,
      mspId: B,
      endpointId: 'v',
      objectSha256: sha256('o'),
    } as unknown as Parameters<typeof statementText>[0];
    expect(statementText(receipt)).toBe(
      `{"endpointId":"v","mspId":"HospitalBMSP","objectSha256":"${sha256('o')}","storedAt":"${NOW}","t":"lianyi/receipt/v1"}`,
    );
  });
});
