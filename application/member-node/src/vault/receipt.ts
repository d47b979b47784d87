import { type PrivateKey, signText } from '@lianyi/client';
import {
  canonicalJson,
  DomainError,
  type EndpointId,
  type Instant,
  type MspId,
  type PublicKey,
  type Receipt,
  receiptStatementSchema,
  type Sha256,
  verifySignature,
} from '@lianyi/domain';
import { type StoredObject } from './object-store';

/** A vault as the ledger's directory knows it. */
export type VaultIdentity = { mspId: MspId; endpointId: EndpointId };

/** Signs that this vault holds the object; to be called only after the store has confirmed it. */
export function signReceipt(vault: VaultIdentity, receiptKey: PrivateKey, object: StoredObject, storedAt: Instant): Receipt {
  const statement = receiptStatementSchema.parse({
    t: 'lianyi/receipt/v1',
    objectSha256: object.sha256,
    sizeBytes: object.sizeBytes,
    mspId: vault.mspId,
    endpointId: vault.endpointId,
    storedAt,
  });
  return { statement, signature: signText(receiptKey, canonicalJson(statement)) };
}

/**
 * Checks a receipt: this object, this vault, this key.
 *
 * @throws {@link DomainError} `HASH_MISMATCH` — it is for another object or another vault.
 * @throws {@link DomainError} `BAD_SIGNATURE` — the vault's receipt key did not sign it.
 */
export function assertReceipt(receipt: Receipt, vault: VaultIdentity & { receiptPublicKey: PublicKey }, objectSha256: Sha256): void {
  const { statement, signature } = receipt;
  if (statement.objectSha256 !== objectSha256 || statement.mspId !== vault.mspId || statement.endpointId !== vault.endpointId) {
    throw new DomainError('HASH_MISMATCH', 'the receipt is for another object or vault', { objectSha256, endpointId: vault.endpointId });
  }
  if (!verifySignature(vault.receiptPublicKey, canonicalJson(statement), signature)) {
    throw new DomainError('BAD_SIGNATURE', 'the receipt is not signed by the vault', { objectSha256, endpointId: vault.endpointId });
  }
}
