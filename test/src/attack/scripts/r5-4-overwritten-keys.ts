import { newHandOverCode } from '@lianyi/client/wallet';
import { instantOf, pseudonymSchema, transactions } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { hospitalA, network } from '../member-in-memory';
import { newMemoryWallet } from '../memory-wallet';

/** A parent’s wallet acts for a child, by a delegation and then by the renewed one; at last the child’s pseudonym is taken over with it. */
async function run(): Promise<AttackOutcome> {
  const wallet = newMemoryWallet();
  const child = pseudonymSchema.parse('p'.repeat(43));
  await wallet.addDelegation(child, hospitalA);
  await wallet.addDelegation(child, hospitalA);
  await wallet.addTakenOver(child, hospitalA, newHandOverCode());
  const chains = async (): Promise<readonly string[]> =>
    (await wallet.relationships()).map(({ delegationId }) => delegationId ?? 'its own').sort();
  const before = await chains();
  const suspension = { transaction: transactions.SuspendRelationship, input: { pseudonym: child, mspId: hospitalA } };
  await wallet.signCommand(network, child, suspension, instantOf(Date.now()));
  const lost = before.filter((chain, index, all) => all.indexOf(chain) === index).length - new Set(await chains()).size;
  return { succeeded: lost > 0, seen: lost > 0 ? `${lost} of ${before.length} chains of keys are gone` : 'every chain of keys is there' };
}

export const overwrittenKeys: Attack = {
  id: 'R5-4',
  title: 'a wallet that acts for a pseudonym by several chains of keys writes one over the others, with nobody’s help',
  defences: [
    { file: 'application/client/src/wallet/wallet-content.ts', name: 'isSameChain', body: 'return one.pseudonym === other.pseudonym;' },
  ],
  networks: ['embedded'],
  run,
};
