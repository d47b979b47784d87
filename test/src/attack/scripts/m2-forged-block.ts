import { type common, newBlock, setCommitMetadata } from '@lianyi/fabric-protocol';
import { BrokenChain, followBlocks, parseBlock } from '@lianyi/ledger-client';
import { LedgerIndex } from '@lianyi/member-node/testing';
import { blocksOfPeer, chainHeight } from '../../scenario/peer-blocks';
import { networkKind, Scenario } from '../../scenario/scenario';
import { waitUntil } from '../../wait-until';
import { type Attack, type AttackOutcome } from '../attack';
import { ChainInMemory, PeerInMemory } from '../chain-in-memory';

/** Blocks that are ordered, the last of them not everywhere yet, and one of its number that nobody ordered. */
interface Forgery {
  readonly before: readonly common.Block[];
  readonly next: common.Block;
  readonly forged: common.Block;
}

async function inMemory(): Promise<Forgery> {
  const chain = await ChainInMemory.make();
  const after = (what: string, isOrdered: boolean): common.Block => chain.after(chain.genesis, [Buffer.from(what)], isOrdered);
  return { before: [chain.genesis], next: after('true', true), forged: after('forged', false) };
}

/** The blocks of a real channel; the forged one carries the signatures of the true one. */
async function ofRealFabric(): Promise<Forgery> {
  const scenario = await Scenario.start('attack-m2');
  try {
    const session = await scenario.session(scenario.a);
    const { channel } = scenario.network;
    const blocks = [...(await blocksOfPeer(session, channel, 0, (await chainHeight(session, channel)) - 1))];
    const next = blocks.pop();
    const last = blocks.at(-1);
    if (next === undefined || last === undefined) throw new Error('the channel has no blocks');
    const { blockNumber, headerHash } = parseBlock(last);
    const forged = newBlock(Number(blockNumber) + 1, headerHash, [Buffer.from('forged')]);
    forged.setMetadata(next.getMetadata()?.cloneMessage());
    setCommitMetadata(forged, [0], undefined);
    return { before: blocks, next, forged };
  } finally {
    await scenario.stop();
  }
}

/** Before the own peer has a block, another member's peer delivers one that nobody ordered; then the own peer delivers the true one. */
async function run(): Promise<AttackOutcome> {
  const { before, next, forged } = await (networkKind === 'fabric' ? ofRealFabric() : inMemory());
  const height = before.length;
  const own = new PeerInMemory('HospitalAMSP', [...before]);
  const other = new PeerInMemory('HospitalBMSP', [...before, forged]);
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
  const has = async (peer: PeerInMemory, blocks: number): Promise<boolean> => ((await index.heights())[peer.mspId] ?? 0) >= blocks;
  try {
    await waitUntil('the own blocks are there', () => has(own, height));
    await waitUntil('the forged block is judged', async () => faults.has(other.mspId) || has(other, height + 1), 5_000).catch(
      () => undefined,
    );
    own.blocks.push(next);
    await waitUntil('the own chain goes on or stops', async () => faults.has(own.mspId) || has(own, height + 1));
    const succeeded = faults.has(own.mspId) || (await has(other, height + 1));
    return {
      succeeded,
      seen: succeeded ? 'the forged block counts as a member’s word' : `the own chain goes on; ${faults.get(other.mspId) ?? ''}`,
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
  networks: ['embedded', 'fabric'],
  run,
};
