import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { advertisedHost, type AuthorityOf, OperatorError, organizationPaths, packageLabel } from '@lianyi/network-model';
import { CHANNEL_PROFILE, channelDefinition } from './channel-definition';
import { type ServiceAddress, writeExternalBuilder } from './external-builder';
import { ordererConfig } from './orderer-config';
import { peerConfig } from './peer-config';
import { type PlannedService, type FabricPlan, type PlannedPeer, type PlannedChannel } from './plan';
import { type FabricTools } from './tools';

const run = promisify(execFile);

function writeJson(folder: string, name: string, value: unknown): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}

/** Writes every node's configuration and the external builder; the same plan gives the same files. */
export function writeNodeFiles(plan: FabricPlan, executeTimeoutMillis: number): void {
  const line = plan.consortium.fabricLine;
  const { dataDir, builder, logs, run: runFolder } = plan.folders;
  for (const folder of [logs, runFolder]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeExternalBuilder(builder);
  for (const node of plan.orderers) {
    mkdirSync(node.data, { recursive: true, mode: 0o700 });
    writeJson(node.folder, 'orderer.yaml', ordererConfig(dataDir, node, line));
  }
  for (const node of plan.peers) {
    mkdirSync(node.data, { recursive: true, mode: 0o700 });
    writeJson(
      node.folder,
      'core.yaml',
      peerConfig(dataDir, node, {
        builder,
        line,
        executeTimeoutMillis,
        bootstrap: bootstrapOf(plan, node),
        host: advertisedHost(plan.consortium, node.name),
      }),
    );
    writeJson(node.folder, 'chaincode-connections.json', connectionsOf(plan, node));
  }
}

/** The other peers of its organisation; itself, if it is the only one: gossip wants some address. */
function bootstrapOf(plan: FabricPlan, peer: PlannedPeer): readonly string[] {
  const others = plan.peers.filter((node) => node !== peer && node.organization === peer.organization);
  return (others.length === 0 ? [peer] : others).map((node) => `localhost:${node.ports.service}`);
}

function connectionsOf(plan: FabricPlan, peer: PlannedPeer): Readonly<Record<string, ServiceAddress>> {
  const { tls } = organizationPaths(plan.folders.dataDir, peer.organization).node('peer', peer.index);
  const own = plan.chaincodes.filter((node) => node.organization === peer.organization);
  return Object.fromEntries(
    own.map((node) => [
      packageLabel(node.chaincode),
      // the peer proves itself to its chaincode with its own TLS pair
      {
        address: `localhost:${node.port}`,
        root_cert: join(tls, 'ca.crt'),
        client_cert: join(tls, 'server.crt'),
        client_key: join(tls, 'server.key'),
      },
    ]),
  );
}

interface ServicePair {
  readonly certificate: string;
  readonly key: string;
  /** Who may connect: the organisation's own nodes. */
  readonly clientAuthority: string;
}

export function serviceTls(dataDir: string, node: PlannedService): ServicePair {
  const { tls } = organizationPaths(dataDir, node.organization).node('peer');
  return { certificate: join(node.folder, 'server.crt'), key: join(node.folder, 'server.key'), clientAuthority: join(tls, 'ca.crt') };
}

/** The TLS pair of a chaincode service, by the organisation's TLS CA, where there is none that is still good. */
export async function writeServiceTls(dataDir: string, node: PlannedService, authorityOf: AuthorityOf): Promise<void> {
  const files = serviceTls(dataDir, node);
  if (isGood(files)) return;
  const authority = await authorityOf(node.organization);
  const pair = await authority.issueTls({ commonName: node.name, hosts: [node.name] });
  mkdirSync(node.folder, { recursive: true, mode: 0o700 });
  writeFileSync(files.certificate, pair.certificatePem);
  writeFileSync(files.key, pair.privateKeyPem, { mode: 0o600 });
}

/** There, of the TLS CA the organisation has now, and not ended. */
function isGood({ certificate, key, clientAuthority }: ServicePair): boolean {
  if (![certificate, key, clientAuthority].every((file) => existsSync(file))) return false;
  const [own, authority] = [new X509Certificate(readFileSync(certificate)), new X509Certificate(readFileSync(clientAuthority))];
  return own.verify(authority.publicKey) && Date.parse(own.validTo) > Date.now();
}

/** Has configtxgen make a channel's first block from our definition; it also checks the definition. */
export async function writeGenesisBlock(plan: FabricPlan, channel: PlannedChannel, tools: FabricTools): Promise<Buffer> {
  const { folder, genesisBlock, name } = channel;
  writeJson(folder, 'configtx.yaml', channelDefinition(plan, channel));
  // written beside and renamed: a first block is whole or not there
  const args = ['-profile', CHANNEL_PROFILE, '-channelID', name, '-outputBlock', `${genesisBlock}.new`];
  try {
    await run(tools.configtxgen.path, args, { env: { FABRIC_CFG_PATH: folder, FABRIC_LOGGING_SPEC: 'ERROR' }, timeout: 30_000 });
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new OperatorError(
      'FABRIC_REFUSED',
      {
        en: `configtxgen refused the channel's definition: ${stderr.trim().split('\n')[0] ?? ''}`,
        zh: `configtxgen 拒绝了通道定义：${stderr.trim().split('\n')[0] ?? ''}`,
      },
      {
        cause: error,
      },
    );
  }
  renameSync(`${genesisBlock}.new`, genesisBlock);
  return readFileSync(genesisBlock);
}
