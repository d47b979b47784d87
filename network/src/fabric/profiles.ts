import { type Consortium } from '../consortium/consortium';
import { writeConnectionProfiles } from '../organizations/connection-profile';
import { type FabricPlan } from './plan';

/** Writes every organisation's connection profile; answers their paths by MSP id. */
export function writeProfiles(plan: FabricPlan, consortium: Consortium): ReadonlyMap<string, string> {
  return writeConnectionProfiles(plan.folders.dataDir, consortium, new Map(plan.peers.map(({ name, ports }) => [name, ports.service])));
}
