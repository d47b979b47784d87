import { type PrivateKey, signText } from '@lianyi/client';
import {
  canonicalJson,
  type DepositClaim,
  DomainError,
  type EndpointId,
  type Instant,
  isReceiptFor,
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

/** An object that is to be kept for one version of a record, wherever. */
export type ObjectClaim = Pick<DepositClaim, 'objectSha256' | 'versionHash' | 'sizeBytes'>;

/**
 * Checks a receipt: this object of this size for this version of a record, this vault, this key.
 *
 * @throws {@link DomainError} `HASH_MISMATCH` — it is for another object, size, version or vault.
 * @throws {@link DomainError} `BAD_SIGNATURE` — the vault's receipt key did not sign it.
 */
export function assertReceipt(
  receipt: Receipt,
  vault: VaultIdentity & { receiptPublicKey: PublicKey },
  { objectSha256, versionHash, sizeBytes }: ObjectClaim,
): void {
  const { mspId, endpointId, receiptPublicKey } = vault;
  assertSaysJust(receipt, { objectSha256, versionHash, sizeBytes, mspId, endpointId });
  if (!verifySignature(receiptPublicKey, canonicalJson(receipt.statement), receipt.signature)) {
    throw new DomainError('BAD_SIGNATURE', 'the receipt is not signed by the vault', { objectSha256, endpointId });
  }
}

function assertSaysJust(receipt: Receipt, claim: DepositClaim): void {
  if (isReceiptFor(receipt, claim)) return;
  const { objectSha256, endpointId } = claim;
  throw new DomainError('HASH_MISMATCH', 'the receipt is for another object, size, version or vault', { objectSha256, endpointId });
}
