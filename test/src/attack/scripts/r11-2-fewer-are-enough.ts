import { type DealtKey } from '@lianyi/client/matching';
import { type FunctionDeal, functionDealSchema, type MspId } from '@lianyi/domain';
import { hashOfDeals, termsOf } from '@lianyi/domain/deciding';
import { blindInput, polynomialFrom } from '@lianyi/domain/oblivious';
import { type FollowedKeys } from '@lianyi/member-node/testing';
import { type Attack, type AttackOutcome } from '../attack';
import { dealOf, four, keyEntry, nodeOfA } from '../function-keys-in-memory';
import { refusedWith } from '../staff';

const [A, B, C, D] = four;
const keyId = 'f-1';

/** What the blocks have of a key, signed by who has opened it, dealt for it and accepted it. */
function followedOf({ key, deals }: DealtKey): Partial<FollowedKeys> {
  const said = termsOf(key);
  const byDealer = deals.map((deal) => [deal.mspId, { commitments: deal.commitments, dealSha256: hashOfDeals([deal]) }] as const);
  const acceptances = new Map<MspId, FunctionDeal['origin']['requestHash']>([[A, hashOfDeals(deals)]]);
  return { functionKey: () => Promise.resolve({ said, deals: new Map(byDealer), acceptances }) };
}

/** What A's node deals where the three others have dealt. */
async function dealOfA(others: readonly FunctionDeal[]): Promise<FunctionDeal> {
  const dealt = { key: keyEntry({ keyId, state: 'dealing', dealt: [B, C, D], accepted: [] }), deals: others };
  let own: FunctionDeal | undefined;
  const ledger = (name: string, input: object): unknown => {
    const [first] = others;
    if (name === 'DealFunctionShares') own = functionDealSchema.parse({ ...first, ...input, mspId: A });
    return dealt;
  };
  await nodeOfA(ledger, followedOf(dealt)).takePart(dealt.key.keyId);
  if (own === undefined) throw new Error('A has dealt nothing');
  return own;
}

/** A's node has answered by a key of which three of four are needed. Then the state says that two are: they are asked for no third part. */
async function run(): Promise<AttackOutcome> {
  const others = await Promise.all(
    [B, C, D].map((mspId, index) => dealOf(keyId, mspId, polynomialFrom(new Uint8Array(32).fill(index), 3))),
  );
  const deals = [await dealOfA(others), ...others];
  const dealt = { key: keyEntry({ keyId }), deals };
  const node = nodeOfA(() => dealt, followedOf(dealt));
  const asked = [blindInput(new Uint8Array(8)).blinded];
  await node.partOf(dealt, asked);
  const refused = await refusedWith(node.partOf({ key: keyEntry({ keyId, threshold: 2 }), deals }, asked));
  return {
    succeeded: refused === undefined,
    seen: refused === undefined ? 'A evaluates as if two of four were enough' : `A’s node: ${refused}`,
  };
}

export const fewerAreEnough: Attack = {
  id: 'R11-2',
  title: 'a majority writes that fewer hospitals are enough for a key by which a node has answered before',
  defences: [
    { file: 'domain/src/matching/function-key.ts', name: 'hashOfDealtKey', body: 'return hashOfDeals(deals);' },
    { file: 'application/client/src/matching/shared-evaluation.ts', name: 'isDealtFor', body: 'return true;' },
  ],
  networks: ['embedded'],
  run,
};
