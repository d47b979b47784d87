import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ConformanceNetwork } from './conformance-network';
import { attempt, normalizeObserved, type Outcome } from './outcome';

/** One behaviour of Fabric. The same cases run on the embedded and on a real network. */
export interface ConformanceCase {
  readonly id: string;
  readonly title: string;
  run(network: ConformanceNetwork): Promise<Outcome>;
  readonly expected: Outcome;
}

// sources and compiled files are equally deep, and the observations lie beside the sources
const observedFolder = resolve(__dirname, '../../src/conformance/observed');
const fileName = 'fabric-3.1.5-raft.json';
// a file of ours, written by the recorder; a missing answer fails below
const observed = (JSON.parse(readFileSync(join(observedFolder, fileName), 'utf8')) as { outcomes: Readonly<Record<string, Outcome>> })
  .outcomes;

/** A case whose expected answer is what real Fabric gave under the same id. */
export function observedCase(id: string, title: string, work: (network: ConformanceNetwork) => Promise<unknown>): ConformanceCase {
  const outcome = observed[id];
  if (outcome === undefined) throw new Error(`observed/${fileName} has no answer ${id}`);
  return { id, title, run: (network) => attempt(() => work(network)), expected: normalizeObserved(outcome) };
}
