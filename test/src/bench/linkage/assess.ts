import { joinBySizes, joinByTime, joinByTokens, joinSlotsByTime, type Partition } from './attacks';
import { type Observation } from './observe';
import { type Truth } from './population';
import { adjustedRandIndex } from './rand-index';

/** What an attack on the ledger's content has come to. */
export interface Assessment {
  readonly things: number;
  /** Ids, keys, hashes and signatures that two things of the population have in common. */
  readonly shared: readonly string[];
  /** Adjusted Rand indices, 0 for what chance finds, 1 for everybody found out. */
  readonly byTokens: number;
  readonly bySizes: number;
  /** By time alone: pseudonyms with each other and slots with each other. */
  readonly byTime: number;
  /** By time alone: which slot is of which pseudonym. */
  readonly slotsByTime: number;
}

/**
 * Attacks what was observed, and holds what is found against the truth. Things that nobody of the population made are left out.
 * @throws RangeError — the population's things were not all observed, so that the attack says nothing of them
 */
export function assess(observations: readonly Observation[], truth: Truth): Assessment {
  const known = observations.filter(({ id }) => truth.has(id));
  if (known.length !== truth.size) throw new RangeError(`${known.length} of ${truth.size} things were observed`);
  const patients = known.map(({ id }) => truth.get(id) ?? '');
  const index = (partition: Partition): number => adjustedRandIndex(partition, patients);
  const { partition, shared } = joinByTokens(known);
  return {
    things: known.length,
    shared,
    byTokens: index(partition),
    bySizes: index(joinBySizes(known)),
    byTime: index(joinByTime(known)),
    slotsByTime: index(joinSlotsByTime(known)),
  };
}
