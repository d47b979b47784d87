import { type DepositClaim, isReceiptFor, type ReceiptStatement, receiptStatementSchema, sha256 } from '../index';
import { A, B, NOW } from '../story.fixture';

const statement = receiptStatementSchema.parse({
  ...{ t: 'lianyi/receipt/v1', objectSha256: sha256('cipher'), versionHash: sha256('a version'), sizeBytes: 9 },
  ...{ mspId: A, endpointId: 'vault', storedAt: NOW },
});
const { objectSha256, versionHash, mspId, endpointId } = statement;
const claim: DepositClaim = { objectSha256, versionHash, mspId, endpointId, sizeBytes: 9 };

describe('a receipt', () => {
  it('is for the object of its size', () => {
    expect(isReceiptFor({ statement }, claim)).toBe(true);
  });

  it('is for the object whose size it leaves out', () => {
    const { sizeBytes: _size, ...silent } = statement;
    expect(isReceiptFor({ statement: silent }, claim)).toBe(true);
  });

  it.each<readonly [string, Partial<ReceiptStatement>]>([
    ['a smaller size', { sizeBytes: 8 }],
    ['a larger size', { sizeBytes: 10 }],
    ['no bytes', { sizeBytes: 0 }],
    ['another object', { objectSha256: sha256('other') }],
    ['another version', { versionHash: sha256('another version') }],
    ['another member', { mspId: B }],
    ['another vault', { endpointId: 'vault-2' as ReceiptStatement['endpointId'] }],
  ])('of %s is not for it', (_what, changes) => {
    expect(isReceiptFor({ statement: { ...statement, ...changes } }, claim)).toBe(false);
  });
});
