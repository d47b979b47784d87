import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type ServiceAddress } from './external-builder';
import { type FabricPlan } from './plan';

const metadata = z.object({ label: z.string() });
const connections = z.record(
  z.string(),
  z.object({ address: z.string(), root_cert: z.string(), client_cert: z.string(), client_key: z.string() }),
);

/**
 * Brings what the external builder filled in at installation up to date: address and certificates of each chaincode
 * service, as each peer's connections file names them now. A peer reads it whenever it connects to its chaincode.
 * @remarks Source: fabric core/container/externalbuilder (builds/<id>/{bld,release/chaincode/server/connection.json}).
 */
export function refreshBuilds(plan: FabricPlan): void {
  for (const node of plan.peers) {
    const builds = join(node.data, 'externalbuilder', 'builds');
    if (!existsSync(builds) || !existsSync(node.connectionsFile)) continue;
    const known = connections.parse(JSON.parse(readFileSync(node.connectionsFile, 'utf8')));
    for (const build of readdirSync(builds)) refreshBuild(join(builds, build), known);
  }
}

function refreshBuild(build: string, known: Readonly<Record<string, ServiceAddress>>): void {
  const file = join(build, 'release', 'chaincode', 'server', 'connection.json');
  const metadataFile = join(build, 'bld', 'metadata.json');
  if (!existsSync(file) || !existsSync(metadataFile)) return;
  const connection = known[metadata.parse(JSON.parse(readFileSync(metadataFile, 'utf8'))).label];
  if (!connection) return;
  const filled = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  const pem = (path: string): string => readFileSync(path, 'utf8');
  const renewed = {
    ...filled,
    address: connection.address,
    root_cert: pem(connection.root_cert),
    client_cert: pem(connection.client_cert),
    client_key: pem(connection.client_key),
  };
  writeFileSync(`${file}.new`, JSON.stringify(renewed), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
