import { join } from 'node:path';
import { type ChaincodeSettings, type Consortium, type Organization } from '../consortium/consortium';
import { type PeerEndpoint } from '../administration/network-definition';
import { nodeName, nodesFolder } from '../organizations/layout';

/** Where everything of one real network lies below its data directory. `organizations/` is laid out as everywhere. */
export interface FabricFolders {
  readonly dataDir: string;
  /** All that is not `organizations/`. */
  readonly root: string;
  readonly stateFile: string;
  readonly genesisBlock: string;
  readonly builder: string;
  readonly nodes: string;
  readonly logs: string;
  readonly run: string;
  readonly packages: string;
}

export function fabricFolders(dataDir: string): FabricFolders {
  const root = join(dataDir, 'fabric');
  return {
    dataDir,
    root,
    stateFile: join(root, 'state.json'),
    genesisBlock: join(root, 'genesis.block'),
    builder: join(root, 'builder'),
    nodes: nodesFolder(dataDir),
    logs: join(root, 'logs'),
    run: join(root, 'run'),
    packages: join(root, 'packages'),
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
export interface OrdererNode extends PlannedNode {
  readonly ports: { readonly service: number; readonly admin: number; readonly operations: number };
}
export interface PeerNode extends PlannedNode {
  /** From 0, among its organisation's peers. */
  readonly index: number;
  /** `chaincode`: where chaincode that dials its peer would register; ours is dialled by the peer, but the peer listens. */
  readonly ports: { readonly service: number; readonly operations: number; readonly chaincode: number };
  /** Read by the external builder: how this peer reaches its chaincode services. */
  readonly connectionsFile: string;
}
export interface ChaincodeNode {
  readonly name: string;
  readonly organization: Organization;
  readonly chaincode: ChaincodeSettings;
  readonly folder: string;
  readonly port: number;
}
export interface FabricPlan {
  readonly consortium: Consortium;
  readonly folders: FabricFolders;
  readonly orderers: readonly OrdererNode[];
  readonly peers: readonly PeerNode[];
  readonly chaincodes: readonly ChaincodeNode[];
}

/** What a port is for, by name; the names are also the keys of consortium.yaml's `ports`. */
export type PortMap = ReadonlyMap<string, number>;

export const adminPortName = (node: string): string => `admin.${node}`;
export const operationsPortName = (node: string): string => `operations.${node}`;
export const chaincodePortName = (node: string): string => `chaincode.${node}`;
/** The first definition's service has the plain name; a later one's names its version, since both run while the channel changes over. */
export const chaincodeNodeName = ({ name, version, sequence }: ChaincodeSettings, organization: Organization): string =>
  `${sequence === 1 ? name : `${name}-${version}`}.${organization.domain}`;

function withRole(consortium: Consortium, role: 'peer' | 'orderer'): readonly Organization[] {
  return consortium.organizations.filter((organization) => organization.roles.includes(role));
}

/** Names of all ports the network needs, in a fixed order. */
export function portNames(consortium: Consortium): readonly string[] {
  const orderers = withRole(consortium, 'orderer').map((organization) => nodeName(organization, 'orderer'));
  const peers = withRole(consortium, 'peer').map((organization) => nodeName(organization, 'peer'));
  const services = withRole(consortium, 'peer').flatMap((organization) =>
    consortium.chaincodes.map((chaincode) => chaincodeNodeName(chaincode, organization)),
  );
  return [
    ...orderers.flatMap((name) => [name, adminPortName(name), operationsPortName(name)]),
    ...peers.flatMap((name) => [name, operationsPortName(name), chaincodePortName(name)]),
    ...services,
  ];
}

/** Lays the network out; pure. */
export function planNetwork(consortium: Consortium, dataDir: string, ports: PortMap): FabricPlan {
  const folders = fabricFolders(dataDir);
  const port = (name: string): number => {
    const number = ports.get(name);
    if (number === undefined) throw new Error(`no port was chosen for ${name}`);
    return number;
  };
  const planned = (organization: Organization, kind: 'peer' | 'orderer'): PlannedNode => {
    const name = nodeName(organization, kind);
    const folder = join(folders.nodes, name);
    return { name, organization, folder, data: join(folder, 'data') };
  };
  const orderers = withRole(consortium, 'orderer').map((organization) => {
    const node = planned(organization, 'orderer');
    return {
      ...node,
      ports: { service: port(node.name), admin: port(adminPortName(node.name)), operations: port(operationsPortName(node.name)) },
    };
  });
  const peers = withRole(consortium, 'peer').map((organization) => {
    const node = planned(organization, 'peer');
    const connectionsFile = join(node.folder, 'chaincode-connections.json');
    const ports = {
      service: port(node.name),
      operations: port(operationsPortName(node.name)),
      chaincode: port(chaincodePortName(node.name)),
    };
    return { ...node, index: 0, connectionsFile, ports };
  });
  const chaincodes = peers.flatMap(({ organization }) =>
    consortium.chaincodes.map((chaincode) => {
      const name = chaincodeNodeName(chaincode, organization);
      return { name, organization, chaincode, folder: join(folders.nodes, name), port: port(name) };
    }),
  );
  return { consortium, folders, orderers, peers, chaincodes };
}

/** How a client reaches a peer. */
export function peerEndpoint({ name, organization, index, ports }: PeerNode): PeerEndpoint {
  return { name, organization, index, port: ports.service };
}
