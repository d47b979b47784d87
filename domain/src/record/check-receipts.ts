import { type Endpoint } from '../directory/entities';
import { DomainError } from '../domain-error';
import { type Sha256 } from '../encoding/values';
import { isSignedBy } from '../proof/check-proof';
import { type Receipt } from '../proof/statements';
import { type Locator } from './entities';

/** What receipts must prove: that each place holds this object for this version of this record ({@link hashOfVersion}). `endpoints` are the ledger's entries of the locators, in any order. */
export type ReceiptClaim = {
  readonly cipherSha256: Sha256;
  readonly versionHash: Sha256;
  readonly locators: readonly Locator[];
  readonly receipts: readonly Receipt[];
  readonly endpoints: readonly Pick<Endpoint, 'mspId' | 'endpointId' | 'kind' | 'state' | 'receiptPublicKey'>[];
};

/**
 * Checks that every locator is an active vault that signed for the object, and that no receipt is left over.
 * @throws {@link DomainError} `NOT_FOUND` — no such active vault with a receipt key; `RECEIPTS_MISSING` — a locator without its receipt;
 * `HASH_MISMATCH` — a receipt for another object or another version; `BAD_SIGNATURE`; `INVALID_REQUEST` — a receipt of a place that is not named.
 */
export function checkReceipts(claim: ReceiptClaim): void {
  for (const locator of claim.locators) checkReceiptOf(locator, claim);
  if (claim.receipts.length !== claim.locators.length)
    throw new DomainError('INVALID_REQUEST', 'a receipt that no locator names', { path: 'input.receipts' });
}

function checkReceiptOf(locator: Locator, claim: ReceiptClaim): void {
  const place = { mspId: locator.mspId, endpointId: locator.endpointId };
  const receipt = claim.receipts.find(({ statement }) => isAt(statement, locator));
  if (receipt === undefined) throw new DomainError('RECEIPTS_MISSING', undefined, place);
  if (receipt.statement.objectSha256 !== claim.cipherSha256) throw new DomainError('HASH_MISMATCH', undefined, place);
  assertOfVersion(receipt, claim);
  const key = claim.endpoints.find(
    (endpoint) => isAt(endpoint, locator) && endpoint.kind === 'vault' && endpoint.state === 'active',
  )?.receiptPublicKey;
  if (key === undefined) throw new DomainError('NOT_FOUND', 'no such active vault with a receipt key', place);
  if (!isSignedBy(key, receipt)) throw new DomainError('BAD_SIGNATURE', undefined, place);
}

/** Receipts stand on the ledger for everybody to copy; each is good for the version that it was given for. */
function assertOfVersion({ statement: { mspId, endpointId, versionHash } }: Receipt, claim: ReceiptClaim): void {
  if (versionHash !== claim.versionHash)
    throw new DomainError('HASH_MISMATCH', 'the receipt is for another version or record', { mspId, endpointId });
}

function isAt(one: Locator, other: Locator): boolean {
  return one.mspId === other.mspId && one.endpointId === other.endpointId;
}
