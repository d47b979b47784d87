import { type Receipt, type ReceiptStatement } from '../proof/statements';

/** An object that a vault keeps for one version of a record ({@link hashOfVersion}), as whoever has its bytes knows it. */
export type DepositClaim = Pick<ReceiptStatement, 'objectSha256' | 'versionHash' | 'mspId' | 'endpointId'> & { readonly sizeBytes: number };

const SAID = ['objectSha256', 'versionHash', 'mspId', 'endpointId'] as const;

/**
 * Whether a receipt says just this. Whoever takes a receipt and whoever signs for what it says ask the same, so that what one has taken the
 * next does not refuse. A vault may leave the size out; who has signed is another matter.
 */
export function isReceiptFor({ statement }: Pick<Receipt, 'statement'>, claim: DepositClaim): boolean {
  const { sizeBytes = claim.sizeBytes } = statement;
  return sizeBytes === claim.sizeBytes && SAID.every((field) => statement[field] === claim[field]);
}
