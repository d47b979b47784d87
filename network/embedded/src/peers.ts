import { join } from 'node:path';
import {
  advertisedHost,
  type Consortium,
  nodeName,
  nodesOf,
  OperatorError,
  type Organization,
  organizationPaths,
  readAuthorities,
} from '@lianyi/network-model';
import { type OrderedChannel } from './channel';
import { type ChannelRegistrar } from './channel-registrar';
import { type DiscoveredOrderers } from './gateway/discovery-service';
import { asRemote, type EndorserClient } from './gateway/registry';
import { type OrganizationChaincodes } from './organization-chaincodes';
import { PeerNode } from './peer-node';
import { ConfigurationChaincode } from './peer/cscc';
import { refuseOtherFirstBlock } from './peer/first-block';
import { LifecycleChaincode } from './peer/lifecycle';
import { PackageOperations } from './peer/lifecycle-packages';
import { LocalMsp } from './peer/local-msp';
import { PeerChaincodes } from './peer/peer-chaincodes';
import { type PeerChannels } from './peer/peer-channels';
import { QueryChaincode } from './peer/qscc';
import { type SystemChaincode } from './peer/system-chaincode';
import { type DataHolder } from './ledger/data-holder';
import { type StateDir } from './state-dir';

interface PeersParts {
  readonly stateDir: StateDir;
  readonly registrar: ChannelRegistrar;
  readonly chaincodes: OrganizationChaincodes;
  readonly orderers: DiscoveredOrderers;
  readonly executeTimeoutMillis: number;
  /** Milliseconds by which peers commit later than the others, by node name or, for all of an organisation, MSP id. */
  readonly lag: ReadonlyMap<string, number>;
}

/** The peers of all organisations: which run, which channels each has joined, which endorsers their gateways reach. */
export class Peers {
  readonly #nodes = new Map<string, PeerNode>();

  constructor(private readonly parts: PeersParts) {}

  /** In the order of the consortium. */
  list(): readonly PeerNode[] {
    return [...this.#nodes.values()];
  }

  /** @throws {@link OperatorError} `UNKNOWN_NAME`. */
  get(name: string): PeerNode {
    const node = this.#nodes.get(name);
    if (node !== undefined) return node;
    throw new OperatorError('UNKNOWN_NAME', {
      en: `the network has no peer named ${name}; it has ${[...this.#nodes.keys()].join(', ')}`,
      zh: `网络中没有名为 ${name} 的 peer 节点；现有 ${[...this.#nodes.keys()].join('、')}`,
    });
  }

  /** An organisation's first peer. */
  firstOf(mspId: string): PeerNode | undefined {
    return this.list().find((node) => node.mspId === mspId);
  }

  /** Adds the peers of an organisation, which are not started. */
  add(organization: Organization, settings: Pick<Consortium, 'ports' | 'addresses'>): void {
    for (const { kind, index, name } of nodesOf(organization)) {
      if (kind === 'peer')
        this.#nodes.set(
          name,
          this.#newNode(organization, index, { port: this.parts.stateDir.portOf(name, settings), host: advertisedHost(settings, name) }),
        );
    }
  }

  async remove(name: string): Promise<void> {
    const node = this.get(name);
    this.stop(name);
    await Promise.all(this.#channelsOf(node).map((channel) => channel.peerLeft(node.holder)));
    this.#nodes.delete(name);
  }

  async startAll(): Promise<void> {
    for (const node of this.#nodes.values()) await this.#bringUp(node);
    for (const channel of this.parts.registrar.list()) channel.peerStarted();
  }

  async start(name: string): Promise<void> {
    const node = this.get(name);
    await this.#bringUp(node);
    for (const channel of this.#channelsOf(node)) channel.peerStarted();
  }

  stop(name: string): void {
    const node = this.get(name);
    node.stop();
    this.parts.chaincodes.disconnect(node.mspId, node.index);
    for (const channel of this.#channelsOf(node)) channel.peerStopped(node.holder);
  }

  /** Joins all peers of a channel's application organisations to it. */
  joinAll(channel: OrderedChannel): void {
    for (const node of this.list()) if (channel.applicationMspIds.includes(node.mspId)) this.join(node, channel);
  }

  /** Throws Fabric's text if the peer has joined before. */
  join(node: PeerNode, channel: OrderedChannel): void {
    node.channels.refuseSecond(channel.name);
    const lagMillis = this.parts.lag.get(node.name) ?? this.parts.lag.get(node.mspId) ?? 0;
    const dir = join(this.parts.stateDir.channelDir(channel.name), 'followers', node.name);
    node.channels.join(channel.join(node, lagMillis > 0 ? { dir, lagMillis } : undefined));
    if (node.isRunning) channel.peerStarted();
  }

  stopAll(): void {
    for (const node of this.#nodes.values()) node.stop();
  }

  async #bringUp(node: PeerNode): Promise<void> {
    await node.start();
    this.parts.stateDir.keepPort(node.name, node.port);
    this.parts.chaincodes.connect(node.mspId, node.index);
  }

  #channelsOf(node: PeerNode): readonly OrderedChannel[] {
    return this.parts.registrar.list().filter(({ name }) => node.channels.find(name) !== undefined);
  }

  #newNode(organization: Organization, index: number, place: { readonly host: string; readonly port: number }): PeerNode {
    const { stateDir } = this.parts;
    const { mspId } = organization;
    const localMsp = new LocalMsp({ mspId, ...readAuthorities(stateDir.path, organization) });
    const node: PeerNode = new PeerNode({
      organization,
      index,
      ...place,
      localMsp,
      paths: organizationPaths(stateDir.path, organization),
      chaincodes: (channels) => this.#newChaincodes(organization, index, channels),
      knownPeers: () => this.list().flatMap((each) => (each.isRunning ? [each.known] : [])),
      orderers: this.parts.orderers,
      systemChaincodes: (peer) => this.#systemChaincodes(peer, localMsp),
      endorsersOf: (channelId) => this.#endorsersOf(channelId, node),
      holdersOf: (channelId) => this.#holdersOf(channelId),
      log: (line) => {
        stateDir.log(line);
      },
    });
    return node;
  }

  #newChaincodes(organization: Organization, index: number, channels: PeerChannels): PeerChaincodes {
    const { stateDir, chaincodes, executeTimeoutMillis } = this.parts;
    const { mspId } = organization;
    const peerName = nodeName(organization, 'peer', index);
    return new PeerChaincodes({
      peerName,
      mspId,
      channels,
      executeTimeoutMillis,
      dir: stateDir.packagesDir(peerName),
      ownService: (packageId) => chaincodes.of(mspId, packageId)?.connection(index),
      log: (line) => {
        stateDir.log(line);
      },
    });
  }

  #systemChaincodes({ channels, chaincodes, mspId, name }: PeerNode, localMsp: LocalMsp): readonly SystemChaincode[] {
    const { registrar } = this.parts;
    const packages = new PackageOperations(chaincodes.packages, (packageId) => chaincodes.usesOf(packageId));
    const joinChannel = (channelId: string, block: Buffer): void => {
      const channel = registrar.find(channelId);
      if (channel === undefined) throw new Error(`the embedded network has no channel ${channelId}`);
      const node = this.get(name);
      node.channels.refuseSecond(channelId);
      refuseOtherFirstBlock(channelId, channel.blocks.getBlock(0), block);
      this.join(node, channel);
    };
    return [
      new LifecycleChaincode({ localMsp, mspId, packages }),
      new ConfigurationChaincode(channels, joinChannel, localMsp),
      new QueryChaincode(channels.find),
    ];
  }

  #endorsersOf(channelId: string, self: PeerNode): readonly EndorserClient[] {
    const own = self.endorserOf(channelId);
    const others = this.list().flatMap((node) => (node === self ? [] : (node.endorserOf(channelId) ?? [])));
    return [...(own === undefined ? [] : [own]), ...others.map(asRemote)];
  }

  #holdersOf(channelId: string): readonly DataHolder[] {
    return this.list().filter((node) => node.isRunning && node.channels.find(channelId) !== undefined);
  }
}
