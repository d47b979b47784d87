import { newPrivateKey, type PrivateKey, publicKeyOf } from '@lianyi/client';
import { type DealtKey, sealMessage } from '@lianyi/client/matching';
import {
  encodeBase64url,
  type FunctionDeal,
  functionDealSchema,
  functionKeySchema,
  instantOf,
  type Ledger,
  type MspId,
  mspIdSchema,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';
import { contextOfDeal } from '@lianyi/domain/deciding';
import { commitmentsOf, type Polynomial, provePossession, shareFor } from '@lianyi/domain/oblivious';
import { type FollowedKeys, FunctionShares, SaidKeys } from '@lianyi/member-node/testing';
import { network } from './member-in-memory';

/** Four hospitals that hold keys together, and the node of the first, to which the others show what they like. */
export const four = ['A', 'B', 'C', 'D'].map((name) => mspIdSchema.parse(`Hospital${name}MSP`)) as [MspId, MspId, MspId, MspId];
const [A] = four;
const privateKeys = new Map<MspId, PrivateKey>(four.map((mspId) => [mspId, newPrivateKey()]));

function privateKeyOf(mspId: MspId): PrivateKey {
  const found = privateKeys.get(mspId);
  if (found === undefined) throw new Error('no hospital');
  return found;
}

const at = instantOf(Date.now());
const origin = { requestHash: network.genesis, actor: { kind: 'staff', mspId: A, actorTag: 'key-service' } };

export function keyEntry(changes: object): DealtKey['key'] {
  const of = { mspId: A, holders: four, threshold: 3, state: 'ready', dealt: four, accepted: four };
  return functionKeySchema.parse({ schemaVersion: 1, ...of, openedAt: at, changedAt: at, origin, ...changes });
}

/** What whoever has a polynomial deals in anybody's name, with a share for A that opens. */
export async function dealOf(keyId: string, dealer: MspId, polynomial: Polynomial): Promise<FunctionDeal> {
  const { channel, genesis } = network;
  const context = { t: 'lianyi/function-share/v1', channel, genesis, keyId, dealer, to: A, organisationKeyEpoch: 1 } as const;
  const forA = await sealMessage(shareFor(polynomial, 1), publicKeyOf(privateKeyOf(A)), context);
  const shares = four.map((mspId) => ({ mspId, organisationKeyEpoch: 1, sealed: encodeBase64url(forA) }));
  const named = functionKeySchema.shape.keyId.parse(keyId);
  const possession = provePossession(polynomial, contextOfDeal(genesis, named, dealer));
  return functionDealSchema.parse({
    schemaVersion: 1,
    keyId,
    mspId: dealer,
    commitments: commitmentsOf(polynomial),
    possession,
    shares,
    at,
    origin,
  });
}

/** A's node on a state that others write. @param answers - what a question or transaction of this name brings */
export function nodeOfA(
  answers: (name: string, input: { readonly keyId: string; readonly mspId: MspId }) => unknown,
  followed: Partial<FollowedKeys>,
): FunctionShares {
  const ask = ({ entry, input }: SignedRequest<TransactionEntry>): Promise<unknown> => Promise.resolve(answers(entry.name, input as never));
  const ledger = { evaluate: ask, submit: async (request: SignedRequest<TransactionEntry>) => ({ result: await ask(request) }) };
  const said = new SaidKeys(A, {
    functionKey: () => Promise.resolve(undefined),
    functionKeysAccepted: () => Promise.resolve([]),
    encapsulationKeys: (mspId) => Promise.resolve([{ epoch: 1, publicKey: publicKeyOf(privateKeyOf(mspId)) }]),
    waitFor: (look) => look(),
    ...followed,
  });
  // the questions and transactions that a node acts with
  return new FunctionShares({ mspId: A, network, organisationKeyEpoch: 1 }, privateKeyOf(A), ledger as unknown as Ledger, said);
}
