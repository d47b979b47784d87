import { newPrivateKey, publicKeyOf, signText } from '@lianyi/client';
import { endpointIdSchema, instantSchema, mspIdSchema, type Receipt, sha256, statementText } from '@lianyi/domain';
import { assertReceipt, signReceipt } from './receipt';

const identity = { mspId: mspIdSchema.parse('HospitalCMSP'), endpointId: endpointIdSchema.parse('vault-c') };
const receiptKey = newPrivateKey();
const content = Buffer.from('sealed bytes');
const versionHash = sha256('a version');
const stored = { sha256: sha256(content), sizeBytes: content.length, versionHash };
const storedAt = instantSchema.parse('2026-11-22T08:00:00.000Z');

describe('a receipt', () => {
  const receipt = signReceipt(identity, receiptKey, stored, storedAt);
  const known = { ...identity, receiptPublicKey: publicKeyOf(receiptKey) };
  const claimed = { objectSha256: stored.sha256, versionHash, sizeBytes: content.length };

  it('holds for its object and vault', () => {
    expect(() => {
      assertReceipt(receipt, known, claimed);
    }).not.toThrow();
  });

  it('holds without a size, which a vault may leave out', () => {
    const { sizeBytes: _size, ...statement } = receipt.statement;
    expect(() => {
      assertReceipt({ statement, signature: signText(receiptKey, statementText(statement)) }, known, claimed);
    }).not.toThrow();
  });

  it.each<[string, Receipt['statement'], string]>([
    ['the size', { ...receipt.statement, sizeBytes: 1 }, 'another object, size'],
    ['the time', { ...receipt.statement, storedAt: instantSchema.parse('2025-11-22T08:00:00.000Z') }, 'not signed by the vault'],
  ])('does not hold with %s changed', (_what, statement, problem) => {
    expect(() => {
      assertReceipt({ ...receipt, statement }, known, claimed);
    }).toThrow(problem);
  });

  it('does not hold for another size than the object has, whoever has signed it', () => {
    expect(() => {
      assertReceipt(signReceipt(identity, receiptKey, { ...stored, sizeBytes: 1 }, storedAt), known, claimed);
    }).toThrow('another object, size');
  });
});
