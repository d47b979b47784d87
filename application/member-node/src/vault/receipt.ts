import { type PrivateKey, signText } from '@lianyi/client';
import {
  canonicalJson,
  DomainError,
  type EndpointId,
  type Instant,
  type MspId,
  type PublicKey,
  type Receipt,
  type ReceiptStatement,
  receiptStatementSchema,
  type Sha256,
  verifySignature,
} from '@lianyi/domain';
import { type StoredObject } from './object-store';

/** A vault as the ledger's directory knows it. */
export type VaultIdentity = { mspId: MspId; endpointId: EndpointId };

/** An object that was deposited for one version of a record. */
export type DepositedObject = StoredObject & {
  /** {@link hashOfVersion} of that version. */
  versionHash: Sha256;
};

/** Signs that this vault holds the object for this version; to be called only after the store has confirmed it. */
export function signReceipt(vault: VaultIdentity, receiptKey: PrivateKey, object: DepositedObject, storedAt: Instant): Receipt {
  const statement = receiptStatementSchema.parse({
    t: 'lianyi/receipt/v1',
    objectSha256: object.sha256,
    versionHash: object.versionHash,
    sizeBytes: object.sizeBytes,
    mspId: vault.mspId,
    endpointId: vault.endpointId,
    storedAt,
  });
  return { statement, signature: signText(receiptKey, canonicalJson(statement)) };
}

/**
 * Checks a receipt: this object for this version of a record, this vault, this key.
 *
 * @throws {@link DomainError} `HASH_MISMATCH` — it is for another object, version or vault.
 * @throws {@link DomainError} `BAD_SIGNATURE` — the vault's receipt key did not sign it.
 */
export function assertReceipt(
  receipt: Receipt,
  vault: VaultIdentity & { receiptPublicKey: PublicKey },
  { objectSha256, versionHash }: Pick<ReceiptStatement, 'objectSha256' | 'versionHash'>,
): void {
  const { statement, signature } = receipt;
  const isOfVault = statement.mspId === vault.mspId && statement.endpointId === vault.endpointId;
  if (!isOfVault || statement.objectSha256 !== objectSha256 || statement.versionHash !== versionHash) {
    throw new DomainError('HASH_MISMATCH', 'the receipt is for another object, version or vault', {
      objectSha256,
      endpointId: vault.endpointId,
    });
  }
  if (!verifySignature(vault.receiptPublicKey, canonicalJson(statement), signature)) {
    throw new DomainError('BAD_SIGNATURE', 'the receipt is not signed by the vault', { objectSha256, endpointId: vault.endpointId });
  }
}
