import { ChainBroken, verifyChain } from '@lianyi/ledger-client';
import { type Attack, type AttackOutcome } from '../attack';
import { ChainInMemory, PeerInMemory } from '../chain-in-memory';

/** A peer shows an auditor a chain whose last block was never ordered. */
async function run(): Promise<AttackOutcome> {
  const chain = await ChainInMemory.make();
  const ordered = chain.after(chain.genesis, [Buffer.from('a transaction')], true);
  const peer = new PeerInMemory('BMSP', [chain.genesis, ordered, chain.after(ordered, [Buffer.from('made up')], false)]);
  try {
    const { blocks } = await verifyChain(peer);
    return { succeeded: true, seen: `${blocks} blocks verified` };
  } catch (error) {
    if (!(error instanceof ChainBroken)) throw error;
    return { succeeded: false, seen: error.message };
  }
}

export const unsignedChain: Attack = {
  id: 'L2',
  title: 'an auditor takes a block that nobody ordered for verified',
  defences: [{ file: 'application/ledger-client/src/evidence/verify-chain.ts', name: 'ChainVerifier.#assertOrdered', body: '' }],
  networks: ['embedded'],
  run,
};
