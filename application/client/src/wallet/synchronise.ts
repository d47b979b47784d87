import { addMilliseconds, DomainError, type Instant, type Sha256 } from '@lianyi/domain';
import { type WalletRelationship } from './wallet-content';

/**
 * What a look at the ledger told of a pseudonym.
 *
 * `committed`: the pending command is on the ledger. `expired`: it is not, and its time has passed. `pending`: it is not
 * yet. `in-step`: nothing was pending.
 */
export type Synchronisation = 'committed' | 'expired' | 'pending' | 'in-step';

/** How far a restored backup may be behind, and a wallet ahead that was told of a commit that never was. */
const FORWARD = 1024;
const BACKWARD = 16;
/** Peers accept a proposal whose clock is two minutes off; the rest is for one that was endorsed and still waits for its block. */
const GRACE_MILLISECONDS = 300_000;

/** Finds the counter of the key the ledger announces, and what that says of the pending command. */
export function synchronised(
  relationship: WalletRelationship,
  hashAt: (counter: number) => Sha256,
  nextKeyHash: Sha256,
  now: Instant,
): { next: WalletRelationship; result: Synchronisation } {
  const counter = counterOf(relationship.counter, hashAt, nextKeyHash);
  if (counter === undefined) {
    throw new DomainError('STALE_KEY', 'the ledger announces a key that is none of this wallet’s', { pseudonym: relationship.pseudonym });
  }
  const { pending, ...settled } = relationship;
  if (pending === undefined) return { next: { ...settled, counter }, result: 'in-step' };
  if (counter > relationship.counter) return { next: { ...settled, counter }, result: 'committed' };
  const isOver = now >= addMilliseconds(pending.proof.statement.notAfter, GRACE_MILLISECONDS);
  return isOver ? { next: { ...settled, counter }, result: 'expired' } : { next: relationship, result: 'pending' };
}

function counterOf(known: number, hashAt: (counter: number) => Sha256, nextKeyHash: Sha256): number | undefined {
  for (let ahead = 0; ahead <= FORWARD; ahead += 1) {
    if (hashAt(known + ahead) === nextKeyHash) return known + ahead;
    if (ahead > 0 && ahead <= Math.min(BACKWARD, known) && hashAt(known - ahead) === nextKeyHash) return known - ahead;
  }
  return undefined;
}
