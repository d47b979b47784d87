import { checkReceipts, type ReceiptClaim } from '../deciding';
import {
  decodeBase64url,
  encodeBase64url,
  endpointSchema,
  type ErrorCode,
  hashOfVersion,
  type Receipt,
  pseudonymSchema,
  receiptSchema,
  recordIdSchema,
  sha256,
  signatureSchema,
  statementText,
  toLowS,
  versionIdentityOf,
} from '../index';
import { expectRefusal } from '../refusals.fixture';
import { newKey, signText, type TestKey } from '../signing.fixture';
import { A, B, labReport, NOW, patient } from '../story.fixture';

const keys = { [A]: newKey(), [B]: newKey() };
const cipherSha256 = sha256('cipher');
const version = versionIdentityOf({ channel: 'emr', genesis: sha256('block 0') }, { pseudonym: patient, recordId: labReport, version: 1 });
const versionHash = hashOfVersion(version);
const endpoint = (mspId: typeof A, changes: object = {}): ReturnType<typeof endpointSchema.parse> =>
  endpointSchema.parse({
    schemaVersion: 1,
    mspId,
    endpointId: 'vault',
    kind: 'vault',
    host: 'localhost',
    port: 1,
    tlsSha256: sha256('tls'),
    receiptPublicKey: keys[mspId]?.publicKey,
    state: 'active',
    changedAt: NOW,
    ...changes,
  });

function receipt(mspId: typeof A, key: TestKey | undefined = keys[mspId], changes: object = {}): Receipt {
  const { statement } = receiptSchema.parse({
    statement: { t: 'lianyi/receipt/v1', objectSha256: cipherSha256, versionHash, mspId, endpointId: 'vault', storedAt: NOW, ...changes },
    signature: signText('', newKey()),
  });
  return { statement, signature: signText(statementText(statement), key ?? newKey()) };
}
const { endpointId } = endpoint(A);
const claim: ReceiptClaim = {
  cipherSha256,
  versionHash,
  locators: [
    { mspId: A, endpointId },
    { mspId: B, endpointId },
  ],
  receipts: [receipt(A), receipt(B)],
  endpoints: [endpoint(B), endpoint(A)],
};

describe('checkReceipts', () => {
  it('accepts a receipt of each place, in any order', () => {
    expect(() => {
      checkReceipts(claim);
    }).not.toThrow();
    expect(() => {
      checkReceipts({ ...claim, receipts: [receipt(B, keys[B], { sizeBytes: 9 }), receipt(A)] });
    }).not.toThrow();
  });

  const resigned = { ...receipt(B), signature: receipt(A).signature };
  it.each<readonly [string, ErrorCode, Partial<ReceiptClaim>]>([
    ['a place without a receipt', 'RECEIPTS_MISSING', { receipts: [receipt(A)] }],
    [
      'a place whose receipt names another endpoint',
      'RECEIPTS_MISSING',
      { receipts: [receipt(A), receipt(B, keys[B], { endpointId: 'other' })] },
    ],
    ['two receipts of one place', 'RECEIPTS_MISSING', { receipts: [receipt(A), receipt(A)] }],
    ['a receipt too many', 'INVALID_REQUEST', { receipts: [receipt(A), receipt(B), receipt(B)] }],
    ['a receipt for another object', 'HASH_MISMATCH', { receipts: [receipt(A), receipt(B, keys[B], { objectSha256: sha256('other') })] }],
    [
      'receipts for another patient',
      'HASH_MISMATCH',
      { versionHash: hashOfVersion({ ...version, pseudonym: pseudonymSchema.parse('psn-2') }) },
    ],
    [
      'receipts for another record',
      'HASH_MISMATCH',
      { versionHash: hashOfVersion({ ...version, recordId: recordIdSchema.parse('rec-image') }) },
    ],
    ['receipts for another version', 'HASH_MISMATCH', { versionHash: hashOfVersion({ ...version, version: 2 }) }],
    ['receipts for another channel', 'HASH_MISMATCH', { versionHash: hashOfVersion({ ...version, channel: 'emr-2' }) }],
    [
      'receipts for a channel of the same name on another network',
      'HASH_MISMATCH',
      { versionHash: hashOfVersion({ ...version, genesis: sha256('another block 0') }) },
    ],
    [
      'one receipt for another version among good ones',
      'HASH_MISMATCH',
      { receipts: [receipt(A), receipt(B, keys[B], { versionHash: sha256('another') })] },
    ],
    ['a receipt signed by the other vault', 'BAD_SIGNATURE', { receipts: [receipt(A), receipt(B, keys[A])] }],
    ['a receipt with another’s signature', 'BAD_SIGNATURE', { receipts: [receipt(A), resigned] }],
    ['a place that is not registered', 'NOT_FOUND', { endpoints: [endpoint(A)] }],
    ['a retired place', 'NOT_FOUND', { endpoints: [endpoint(A), endpoint(B, { state: 'retired' })] }],
    ['a place that is no vault', 'NOT_FOUND', { endpoints: [endpoint(A), endpoint(B, { kind: 'fhir' })] }],
  ])('refuses %s', (_what, code, changes) => {
    expectRefusal(code, () => {
      checkReceipts({ ...claim, ...changes });
    });
  });
  it('refuses a vault without a receipt key', () => {
    const keyless = endpoint(B);
    delete keyless.receiptPublicKey;
    expectRefusal('NOT_FOUND', () => {
      checkReceipts({ ...claim, endpoints: [endpoint(A), keyless] });
    });
  });
  it('refuses the high-S twin of a good signature', () => {
    const good = receipt(B);
    const bytes = decodeBase64url(good.signature) ?? new Uint8Array();
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const s = order - BigInt(`0x${Buffer.from(bytes.subarray(32)).toString('hex')}`);
    const high = new Uint8Array([...bytes.subarray(0, 32), ...Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
    expect(toLowS(high)).toEqual(bytes);
    const twin = { ...good, signature: signatureSchema.parse(encodeBase64url(high)) };
    expectRefusal('BAD_SIGNATURE', () => {
      checkReceipts({ ...claim, receipts: [receipt(A), twin] });
    });
  });
});

describe('an endpoint', () => {
  it.each(['localhost', 'vault.hospital-a.example', '127.0.0.1', '::1', 'fe80::1'])('may be at %s', (host) => {
    expect(endpoint(A, { host }).host).toBe(host);
  });
  it.each(['', 'http://x', 'a b', 'a/b', '-a', 'a..b', 'a@b', '[::1]', 'a\n', 'x'.repeat(254)])('may not be at %j', (host) => {
    expect(() => endpoint(A, { host })).toThrow();
  });
});
