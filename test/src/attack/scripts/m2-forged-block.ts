import { BrokenChain, followBlocks } from '@lianyi/ledger-client';
import { LedgerIndex } from '@lianyi/member-node/testing';
import { waitUntil } from '../../wait-until';
import { type Attack, type AttackOutcome } from '../attack';
import { ChainInMemory, PeerInMemory } from '../chain-in-memory';

/** Before the own peer has block 1, another member's peer delivers one that nobody ordered; then the own peer delivers the true one. */
async function run(): Promise<AttackOutcome> {
  const chain = await ChainInMemory.make();
  const own = new PeerInMemory('AMSP', [chain.genesis]);
  const other = new PeerInMemory('BMSP', [chain.genesis, chain.after(chain.genesis, [Buffer.from('forged')], false)]);
  const index = new LedgerIndex(':memory:', 'emr', own.mspId);
  const stop = new AbortController();
  const faults = new Map<string, string>();
  const follow = async (peer: PeerInMemory): Promise<void> => {
    await followBlocks(peer, index.sinkOf(peer.mspId, stop.signal), stop.signal).catch((error: unknown) => {
      if (!(error instanceof BrokenChain)) throw error;
      faults.set(peer.mspId, error.message);
    });
  };
  const following = [own, other].map(follow);
  const heights = (): Promise<Readonly<Record<string, number>>> => index.heights();
  try {
    await waitUntil('the own genesis is there', async () => (await heights())['AMSP'] === 1);
    await waitUntil('the forged block is judged', async () => faults.has('BMSP') || (await heights())['BMSP'] === 2, 5_000).catch(
      () => undefined,
    );
    own.blocks.push(chain.after(chain.genesis, [Buffer.from('true')], true));
    await waitUntil('the own chain goes on or stops', async () => faults.has('AMSP') || (await heights())['AMSP'] === 2);
    const after = await heights();
    const succeeded = faults.has('AMSP') || after['BMSP'] === 2;
    return {
      succeeded,
      seen: succeeded ? 'the forged block counts as a member’s word' : `the own chain goes on; ${faults.get('BMSP') ?? ''}`,
    };
  } finally {
    stop.abort();
    await Promise.all(following);
    await index.close();
  }
}

export const forgedBlock: Attack = {
  id: 'M2',
  title: 'another member’s peer delivers a block that nobody ordered',
  defences: [
    { file: 'application/ledger-client/src/gateway/block-follower.ts', name: 'assertOrdered', body: '' },
    { file: 'application/member-node/src/ledger-index/ledger-index.ts', name: 'LedgerIndex.#untilOwnHas', body: '' },
    { file: 'application/member-node/src/ledger-index/ledger-index.ts', name: 'assertSameAsOwn', body: '' },
  ],
  networks: ['embedded'],
  run,
};
