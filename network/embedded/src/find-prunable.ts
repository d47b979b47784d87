import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  askNetwork,
  definitionSchema,
  mayGoFrom,
  type NetworkDefinition,
  type Prunable,
  servicesFolder,
  sizeOf,
} from '@lianyi/network-model';

const NETWORK_LOG = 'network.log';

type Found = Omit<Prunable, 'bytes'>;

function entries(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** Everything but the entries of these names. */
function others(kind: Found['kind'], folder: string, needed: ReadonlySet<string>): readonly Found[] {
  return entries(folder)
    .filter((path) => !needed.has(basename(path)))
    .map((path) => ({ kind, path }));
}

function unused(dataDir: string, { consortium, layout }: NetworkDefinition): readonly Found[] {
  const services = new Set(layout.services);
  const peers = new Set(layout.peers.map(({ name }) => name));
  const domains = new Set(consortium.organizations.map(({ domain }) => domain));
  const organizations = ['peerOrganizations', 'ordererOrganizations'].map((kind) => join(dataDir, 'organizations', kind));
  const logs = new Set([NETWORK_LOG, ...layout.services.map((name) => `${name}.log`)]);
  return [
    ...others('service', servicesFolder(dataDir), services),
    ...others('left', join(dataDir, 'packages'), peers),
    ...organizations.flatMap((folder) => others('left', folder, domains)),
    ...others('log', join(dataDir, 'logs'), logs),
    ...['unfinished', 'amendments.json.new', 'network.json.new']
      .map((name) => join(dataDir, name))
      .filter((path) => existsSync(path))
      .map((path): Found => ({ kind: 'leftover', path })),
  ];
}

/**
 * What of a running network's directory nobody needs any more; only the network itself knows what it needs. Packages of peers
 * that stay are theirs: somebody may approve one again.
 * @throws {@link OperatorError} `NOT_RUNNING`.
 */
export async function findPrunableEmbedded(dataDir: string): Promise<readonly Prunable[]> {
  const definition = definitionSchema.parse(await askNetwork(dataDir, 'GET', '/definition'));
  const now = Date.now();
  return unused(dataDir, definition).map((found) => ({ ...found, bytes: sizeOf(found.path), ...mayGoFrom(found.path, now) }));
}
