import { type FactNode, type PatientGraph } from './nodes';

/** Everything that has a time, the newest first; of what is of one moment, in the order of the graph. */
export function timelineOf({ nodes }: PatientGraph): readonly FactNode[] {
  const facts = nodes.filter((node): node is FactNode => 'sayings' in node && node.time !== undefined);
  return [...facts].sort((one, other) => (other.time?.millis ?? 0) - (one.time?.millis ?? 0));
}
