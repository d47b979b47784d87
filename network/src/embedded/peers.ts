import { type Consortium, type Organization } from '../consortium/consortium';
import { OperatorError } from '../machine/operator-error';
import { nodesOf, organizationPaths } from '../organizations/layout';
import { readAuthorities } from '../organizations/write-organizations';
import { type ChannelRegistrar } from './channel-registrar';
import { asRemote, type EndorserClient } from './gateway/registry';
import { type OrganizationChaincodes } from './organization-chaincodes';
import { ConfigurationChaincode } from './peer/cscc';
import { type DataHolder } from './peer/dissemination';
import { InstalledPackages } from './peer/installed-packages';
import { LifecycleChaincode } from './peer/lifecycle';
import { PackageOperations } from './peer/lifecycle-packages';
import { LocalMsp } from './peer/local-msp';
import { QueryChaincode } from './peer/qscc';
import { type SystemChaincode } from './peer/system-chaincode';
import { PeerNode } from './peer-node';
import { type EmbeddedChannel } from './ports';
import { type StateDir } from './state-dir';

export interface PeersParts {
  readonly stateDir: StateDir;
  readonly registrar: ChannelRegistrar;
  readonly chaincodes: OrganizationChaincodes;
}

/** The peers of all organisations: which are up, what each has joined, and whom their gateways reach. */
export class Peers {
  private readonly nodes = new Map<string, PeerNode>();

  constructor(private readonly parts: PeersParts) {}

  /** In the order of the consortium. */
  list(): readonly PeerNode[] {
    return [...this.nodes.values()];
  }

  /** Throws {@link OperatorError} `UNKNOWN_NAME`. */
  get(name: string): PeerNode {
    const node = this.nodes.get(name);
    if (node !== undefined) return node;
    throw new OperatorError('UNKNOWN_NAME', `the network has no peer named ${name}; it has ${[...this.nodes.keys()].join(', ')}`);
  }

  /** An organisation's first peer. */
  firstOf(mspId: string): PeerNode | undefined {
    return this.list().find((node) => node.mspId === mspId);
  }

  /** Makes the peers of an organisation; they are not up yet. */
  add(organization: Organization, ports: Consortium['ports']): void {
    for (const { kind, index, name } of nodesOf(organization)) {
      if (kind === 'peer') this.nodes.set(name, this.newNode(organization, index, ports === 'auto' ? 0 : (ports[name] ?? 0)));
    }
  }

  remove(name: string): void {
    this.stop(name);
    this.nodes.delete(name);
  }

  async start(name: string): Promise<void> {
    const node = this.get(name);
    await node.start();
    this.parts.chaincodes.connect(node.mspId, node.index);
  }

  stop(name: string): void {
    const node = this.get(name);
    node.stop();
    this.parts.chaincodes.disconnect(node.mspId, node.index);
  }

  /** Lets all peers of an application organisation join a channel. */
  joinAll(channel: EmbeddedChannel): void {
    const members = this.list().filter(({ mspId }) => channel.applicationMspIds.includes(mspId));
    for (const node of members) node.channels.join(channel);
  }

  stopAll(): void {
    for (const node of this.nodes.values()) node.stop();
  }

  private newNode(organization: Organization, index: number, port: number): PeerNode {
    const { stateDir, chaincodes } = this.parts;
    const { mspId } = organization;
    const localMsp = new LocalMsp({ mspId, ...readAuthorities(stateDir.path, organization) });
    const node: PeerNode = new PeerNode({
      organization,
      index,
      port,
      localMsp,
      paths: organizationPaths(stateDir.path, organization),
      findExecutor: (_channel, chaincode) => chaincodes.of(mspId).get(chaincode)?.connection(index),
      systemChaincodes: (peer) => this.systemChaincodes(peer, localMsp),
      endorsersOf: (channelId) => this.endorsersOf(channelId, node),
      holdersOf: (channelId) => this.holdersOf(channelId),
      log: (line) => {
        stateDir.log(line);
      },
    });
    return node;
  }

  private systemChaincodes({ channels, mspId, name }: PeerNode, localMsp: LocalMsp): readonly SystemChaincode[] {
    const { stateDir, registrar } = this.parts;
    const packages = new InstalledPackages(stateDir.packagesDir(name), () => {
      throw new Error('the embedded network runs chaincode from directories');
    });
    const join = (channelId: string): void => {
      const channel = registrar.find(channelId);
      if (channel === undefined) throw new Error(`the embedded network has no channel ${channelId}`);
      channels.join(channel);
    };
    return [
      new LifecycleChaincode({ localMsp, mspId, packages: new PackageOperations(packages, () => []) }),
      new ConfigurationChaincode(channels, join, localMsp),
      new QueryChaincode(channels.find),
    ];
  }

  private endorsersOf(channelId: string, self: PeerNode): readonly EndorserClient[] {
    const own = self.endorserOf(channelId);
    const others = this.list().flatMap((node) => (node === self ? [] : (node.endorserOf(channelId) ?? [])));
    return [...(own === undefined ? [] : [own]), ...others.map(asRemote)];
  }

  private holdersOf(channelId: string): readonly DataHolder[] {
    return this.list().filter((node) => node.isRunning && node.channels.find(channelId) !== undefined);
  }
}
