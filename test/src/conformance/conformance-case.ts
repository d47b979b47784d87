import { type ConformanceNetwork } from './conformance-network';
import observations from './observed/fabric-3.1.5-raft.json';
import { attempt, normalizeObserved, type Outcome } from './outcome';

/** One behaviour of Fabric. The same cases run on the embedded and on a real network. */
export interface ConformanceCase {
  readonly id: string;
  readonly title: string;
  run(network: ConformanceNetwork): Promise<Outcome>;
  readonly expected: Outcome;
}

const observed: Readonly<Record<string, Outcome>> = observations.outcomes;

/** A case whose expected answer is what real Fabric gave under the same id. */
export function observedCase(id: string, title: string, work: (network: ConformanceNetwork) => Promise<unknown>): ConformanceCase {
  const outcome = observed[id];
  if (outcome === undefined) throw new Error(`observed/fabric-3.1.5-raft.json has no answer ${id}`);
  return { id, title, run: (network) => attempt(() => work(network)), expected: normalizeObserved(outcome) };
}
