import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { openMessage } from '@lianyi/client/matching';
import { decodeBase64url, type FunctionDeal, type MspId } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { four, keyEntry, nodeOfA } from '../function-keys-in-memory';
import { network } from '../member-in-memory';

const [A, B] = four;

/** Those who write the state have written an encapsulation key of their own as B's; A's node deals. */
async function run(): Promise<AttackOutcome> {
  const theirs = newPrivateKey();
  const { keyId, mspId, holders, threshold } = keyEntry({ keyId: 'f-1' });
  const key = keyEntry({ keyId, state: 'dealing', dealt: [], accepted: [] });
  const sent: FunctionDeal[] = [];
  const node = nodeOfA(
    (name, input: { readonly keyId: string; readonly mspId: MspId }) => {
      if (name === 'GetOrganisation') return { mspId: input.mspId, encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(theirs) }] };
      if (name !== 'DealFunctionShares') return { key, deals: [] };
      sent.push(input as unknown as FunctionDeal); // the input of that transaction
      return { keyId, state: 'dealing' };
    },
    { functionKey: () => Promise.resolve({ said: { keyId, mspId, holders, threshold }, deals: new Map(), acceptances: new Map() }) },
  );
  await node.takePart(keyId);
  const forB = sent[0]?.shares.find((share) => share.mspId === B);
  const { channel, genesis } = network;
  const context = { t: 'lianyi/function-share/v1', channel, genesis, keyId, dealer: A, to: B, organisationKeyEpoch: 1 } as const;
  const opened = await openMessage(decodeBase64url(forB?.sealed ?? '') ?? new Uint8Array(), theirs, context).then(
    () => true,
    () => false,
  );
  return { succeeded: opened, seen: opened ? 'others open the share that A has dealt to B' : 'the share of B opens for B alone' };
}

export const keysWrittenByOthers: Attack = {
  id: 'R9-5b',
  title: 'a majority writes an encapsulation key of its own as another hospital’s, and honest dealers deal to it',
  defences: [
    {
      file: 'application/member-node/src/matching/function-shares.ts',
      name: 'FunctionShares.#keyOf',
      body: [
        'if (mspId === this.options.mspId) return { epoch: this.options.organisationKeyEpoch, publicKey: this.#publicKey };',
        'const { encapsulationKeys } = await this.actor.evaluate(newRequest(transactions.GetOrganisation, { mspId }));',
        'return encapsulationKeys[0];',
      ].join(' '),
    },
  ],
  networks: ['embedded'],
  run,
};
