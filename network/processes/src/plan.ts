import { join } from 'node:path';
import {
  authorityName,
  type ChaincodeVersion,
  channelView,
  type Consortium,
  nodeName,
  nodesFolder,
  nodesOf,
  ordersChannel,
  type Organization,
  type PeerEndpoint,
  plannedServices,
  serviceName,
} from '@lianyi/network-model';

/** Where everything of one real network lies below its data directory. `organizations/` is laid out as everywhere. */
export interface FabricFolders {
  readonly dataDir: string;
  /** All that is not `organizations/`. */
  readonly root: string;
  readonly stateFile: string;
  /** Channels beside the consortium's own; a folder for each. */
  readonly channels: string;
  readonly builder: string;
  readonly nodes: string;
  readonly logs: string;
  readonly run: string;
  readonly packages: string;
  /** Of peers; they outlive the network. */
  readonly snapshots: string;
}

export function fabricFolders(dataDir: string): FabricFolders {
  const root = join(dataDir, 'fabric');
  return {
    dataDir,
    root,
    stateFile: join(root, 'state.json'),
    channels: join(root, 'channels'),
    builder: join(root, 'builder'),
    nodes: nodesFolder(dataDir),
    logs: join(root, 'logs'),
    run: join(root, 'run'),
    packages: join(root, 'packages'),
    snapshots: join(root, 'snapshots'),
  };
}

interface PlannedNode {
  /** DNS name; also the name of its folder, log and pid file. */
  readonly name: string;
  readonly organization: Organization;
  /** Holds its configuration (FABRIC_CFG_PATH) and, in `data`, what it stores. */
  readonly folder: string;
  readonly data: string;
}
export interface PlannedOrderer extends PlannedNode {
  readonly ports: { readonly service: number; readonly admin: number; readonly operations: number };
}
export interface PlannedPeer extends PlannedNode {
  /** From 0, among its organisation's peers. */
  readonly index: number;
  /** `chaincode`: where chaincode that dials its peer would register; ours is dialled by the peer, but the peer listens. */
  readonly ports: { readonly service: number; readonly operations: number; readonly chaincode: number };
  /** Read by the external builder: how this peer reaches its chaincode services. */
  readonly connectionsFile: string;
}
/** One organisation's process of one version of a chaincode; all its peers and all channels use it. */
export interface PlannedService {
  readonly name: string;
  readonly organization: Organization;
  readonly chaincode: ChaincodeVersion;
  readonly folder: string;
  readonly port: number;
}

export interface PlannedChannel {
  readonly name: string;
  /** Holds its definition and its first block. */
  readonly folder: string;
  readonly genesisBlock: string;
  /** The consortium as this channel has it. */
  readonly consortium: Consortium;
  /** Of its members. */
  readonly peers: readonly PlannedPeer[];
  readonly orderers: readonly PlannedOrderer[];
}
/** The server of an organisation's CA and TLS CA. */
export interface AuthorityNode {
  readonly name: string;
  readonly organization: Organization;
  readonly port: number;
}
export interface FabricPlan {
  readonly consortium: Consortium;
  readonly folders: FabricFolders;
  readonly orderers: readonly PlannedOrderer[];
  readonly peers: readonly PlannedPeer[];
  readonly chaincodes: readonly PlannedService[];
  /** None where certificates are issued in-process. */
  readonly authorities: readonly AuthorityNode[];
  /** The consortium's own. */
  readonly channel: PlannedChannel;
  /** All, the consortium's own first. */
  readonly channels: readonly PlannedChannel[];
}

/** What a port is for, by name; the names are also the keys of consortium.yaml's `ports`. */
export type PortMap = ReadonlyMap<string, number>;

const adminPortName = (node: string): string => `admin.${node}`;
const operationsPortName = (node: string): string => `operations.${node}`;
const chaincodePortName = (node: string): string => `chaincode.${node}`;

function nodeNames(consortium: Consortium, kind: 'peer' | 'orderer'): readonly string[] {
  return consortium.organizations.flatMap((organization) =>
    nodesOf(organization)
      .filter((node) => node.kind === kind)
      .map(({ name }) => name),
  );
}

function withAuthority({ certificates, organizations }: Consortium): readonly Organization[] {
  return certificates === 'fabric-ca' ? organizations : [];
}

/** Names of all ports the network needs, in a fixed order. */
export function portNames(consortium: Consortium): readonly string[] {
  return [
    ...nodeNames(consortium, 'orderer').flatMap((name) => [name, adminPortName(name), operationsPortName(name)]),
    ...nodeNames(consortium, 'peer').flatMap((name) => [name, operationsPortName(name), chaincodePortName(name)]),
    ...plannedServices(consortium).flatMap((services) => services.organizations.map((organization) => serviceName(services, organization))),
    ...withAuthority(consortium).map(authorityName),
  ];
}

type PortOf = (name: string) => number;

function planOrderers(consortium: Consortium, folders: FabricFolders, port: PortOf): readonly PlannedOrderer[] {
  return consortium.organizations
    .filter(({ roles }) => roles.includes('orderer'))
    .map((organization) => {
      const name = nodeName(organization, 'orderer');
      const folder = join(folders.nodes, name);
      const ports = { service: port(name), admin: port(adminPortName(name)), operations: port(operationsPortName(name)) };
      return { name, organization, folder, data: join(folder, 'data'), ports };
    });
}

function planPeers(consortium: Consortium, folders: FabricFolders, port: PortOf): readonly PlannedPeer[] {
  return consortium.organizations.flatMap((organization) =>
    nodesOf(organization)
      .filter(({ kind }) => kind === 'peer')
      .map(({ name, index }) => {
        const folder = join(folders.nodes, name);
        const ports = { service: port(name), operations: port(operationsPortName(name)), chaincode: port(chaincodePortName(name)) };
        const connectionsFile = join(folder, 'chaincode-connections.json');
        return { name, organization, index, folder, data: join(folder, 'data'), connectionsFile, ports };
      }),
  );
}

interface PlannedNodes {
  readonly peers: readonly PlannedPeer[];
  readonly orderers: readonly PlannedOrderer[];
}

function planChannel(consortium: Consortium, name: string, folders: FabricFolders, { peers, orderers }: PlannedNodes): PlannedChannel {
  const view = channelView(consortium, name);
  if (!view) throw new Error(`there is no channel ${name}`);
  const folder = name === consortium.channel.name ? folders.root : join(folders.channels, name);
  const members = new Set(view.organizations.map(({ mspId }) => mspId));
  return {
    name,
    folder,
    genesisBlock: join(folder, 'genesis.block'),
    consortium: view,
    peers: peers.filter(({ organization }) => members.has(organization.mspId)),
    orderers: orderers.filter(({ organization }) => ordersChannel(consortium, name, organization)),
  };
}

/** Lays the network out; pure. */
export function planNetwork(consortium: Consortium, dataDir: string, ports: PortMap): FabricPlan {
  const folders = fabricFolders(dataDir);
  const port: PortOf = (name) => {
    const number = ports.get(name);
    if (number === undefined) throw new Error(`no port was chosen for ${name}`);
    return number;
  };
  const peers = planPeers(consortium, folders, port);
  const chaincodes = plannedServices(consortium).flatMap((services) =>
    services.organizations.map((organization) => {
      const name = serviceName(services, organization);
      const { chaincode } = services;
      return { name, organization, chaincode, folder: join(folders.nodes, name), port: port(name) };
    }),
  );
  const orderers = planOrderers(consortium, folders, port);
  const nodes = { peers, orderers };
  const channel = planChannel(consortium, consortium.channel.name, folders, nodes);
  const others = consortium.channels.map(({ name }) => planChannel(consortium, name, folders, nodes));
  const authorities = withAuthority(consortium).map((organization) => {
    const name = authorityName(organization);
    return { name, organization, port: port(name) };
  });
  return { consortium, folders, orderers, peers, chaincodes, authorities, channel, channels: [channel, ...others] };
}

/** How a client reaches a peer. */
export function peerEndpoint({ name, organization, index, ports }: PlannedPeer): PeerEndpoint {
  return { name, organization, index, port: ports.service };
}

/** Where each node, chaincode service and CA server listens for its clients, by name. */
export function servicePorts({ orderers, peers, chaincodes, authorities }: FabricPlan): ReadonlyMap<string, number> {
  return new Map([
    ...[...orderers, ...peers].map(({ name, ports }) => [name, ports.service] as const),
    ...[...chaincodes, ...authorities].map(({ name, port }) => [name, port] as const),
  ]);
}
