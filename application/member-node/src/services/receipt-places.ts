import { Conflict, type Input, type Locator, type MspId, type Receipt, Refused, type transactions } from '@lianyi/domain';

/** Where an object is, with everybody's receipt, as the ledger's input has it. */
export function placesOf(receipts: readonly Receipt[]): Pick<Input<typeof transactions.AnchorRecord>, 'locators' | 'receipts'> {
  return { locators: receipts.map(({ statement: { mspId, endpointId } }) => ({ mspId, endpointId })), receipts: [...receipts] };
}

/** Whose receipts an input to publish has. */
export function receiptGiversOf({ locators }: { readonly locators: readonly Locator[] }): readonly MspId[] {
  return locators.map(({ mspId }) => mspId);
}

/**
 * Because of whose places the ledger has refused what was to be published: of the one that a refusal names, if all endorsers say so; else of those
 * who alone refused, for they see another directory than the others. A conflict that stays may be anybody's doing who changes a place in each block.
 * @param members whose receipts it has
 */
export function blamedFor(error: unknown, members: readonly MspId[]): readonly MspId[] {
  if (error instanceof Conflict) return members;
  if (!(error instanceof Refused) || typeof error.details['endpointId'] !== 'string') return [];
  const blamed = error.endorsersDisagree ? Object.keys(error.codesByMspId) : [error.details['mspId']];
  return members.filter((mspId) => blamed.includes(mspId));
}
