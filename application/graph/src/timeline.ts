import { type FactNode, isFact, type PatientGraph } from './nodes';

/** Everything that has a time, the newest first; of what is of one moment, in the order of the graph. */
export function timelineOf({ nodes }: PatientGraph): readonly FactNode[] {
  const facts = nodes.filter(isFact).filter(({ time }) => time !== undefined);
  return [...facts].sort((one, other) => (other.time?.millis ?? 0) - (one.time?.millis ?? 0));
}
