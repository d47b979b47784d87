import { newWalletContent } from '@lianyi/client/wallet';
import { type Attack, type AttackOutcome } from '../attack';
import { hospitalA, hospitalB } from '../member-in-memory';
import { newMemoryWallet } from '../memory-wallet';

/** A patient has one wallet on a telephone and on a computer. Each makes a pseudonym, for another hospital; both are registered in public. */
async function run(): Promise<AttackOutcome> {
  const content = { ...newWalletContent(), isRecoverable: true } as const;
  const [telephone, computer] = [newMemoryWallet(content), newMemoryWallet(content)];
  const [one, other] = [await telephone.addRelationship(hospitalA), await computer.addRelationship(hospitalB)];
  const [sameNonce, sameKey] = [one.nonce === other.nonce, one.nextKeyHash === other.nextKeyHash];
  return {
    succeeded: sameNonce || sameKey,
    seen: sameNonce || sameKey ? 'both registrations have the same nonce and key: one patient' : 'the registrations have nothing in common',
  };
}

export const twoCopies: Attack = {
  id: 'R6-6',
  title: 'two registrations of one patient are joined by the nonce and key that two copies of a wallet make for both',
  defences: [
    {
      file: 'application/client/src/wallet/derived-keys.ts',
      name: 'relationshipNonce',
      body: 'return earlierRelationshipNonce(seed, index);',
    },
  ],
  networks: ['embedded'],
  run,
};
