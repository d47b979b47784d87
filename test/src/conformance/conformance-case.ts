import { type ConformanceNetwork } from './conformance-network';
import { attempt, type Outcome } from './outcome';

/** One behaviour of Fabric. The same cases run on the embedded and on a real network. */
export interface ConformanceCase {
  readonly id: string;
  readonly title: string;
  run(network: ConformanceNetwork): Promise<Outcome>;
}

/** A case whose expected answer is what real Fabric gave under the same id. */
export function observedCase(id: string, title: string, work: (network: ConformanceNetwork) => Promise<unknown>): ConformanceCase {
  return { id, title, run: (network) => attempt(() => work(network)) };
}
