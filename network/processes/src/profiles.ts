import { type Consortium, writeConnectionProfiles } from '@lianyi/network-model';
import { type FabricPlan } from './plan';

/** Writes every organisation's connection profile; answers their paths by MSP id. */
export function writeProfiles(plan: FabricPlan, consortium: Consortium): ReadonlyMap<string, string> {
  const ports = new Map([
    ...plan.peers.map(({ name, ports: { service } }) => [name, service] as const),
    ...plan.authorities.map(({ name, port }) => [name, port] as const),
  ]);
  return writeConnectionProfiles(plan.folders.dataDir, consortium, ports);
}
