import {
  type AmendmentRequest,
  type Amendments,
  askNetwork,
  channelsOf,
  definitionSchema,
  type NetworkDefinition,
  OperatorError,
  type OrdererEndpoint,
  type Organization,
} from '@lianyi/network-model';
import { PeerClient } from '../peer-client';
import { ChannelHandle, type ChannelSession } from './channel-handle';

/** How often a record is tried again when another verb has amended the network first. */
const MAX_ATTEMPTS = 10;

/**
 * The administrators' view of a running network. `network` is always what this session last read or amended; a
 * {@link ChannelHandle} and a {@link PeerClient} stay usable across amendments.
 */
export class AdminSession implements ChannelSession {
  readonly #clients = new Map<string, PeerClient>();
  /** Made before the network changed: whoever holds one may use it still, and so open its connection again. */
  readonly #former = new Set<PeerClient>();
  #network: NetworkDefinition;

  private constructor(
    readonly dataDir: string,
    network: NetworkDefinition,
  ) {
    this.#network = network;
  }

  /** @throws {@link OperatorError} `NOT_RUNNING` — no process runs the network of this directory. */
  static async open(dataDir: string): Promise<AdminSession> {
    return new AdminSession(dataDir, await askDefinition(dataDir));
  }

  get network(): NetworkDefinition {
    return this.#network;
  }

  /** All organisations, those that only order included. */
  get organizations(): readonly Organization[] {
    return this.network.consortium.organizations;
  }

  /** All orderers of the network; not each of them orders every channel. */
  get orderers(): readonly OrdererEndpoint[] {
    return this.network.layout.orderers.flatMap((node) => {
      const organization = this.organizations.find(({ mspId }) => mspId === node.organization);
      return organization ? [{ ...node, organization }] : [];
    });
  }

  /** Names of all nodes that can be stopped and started, CA servers and chaincode services included. */
  get nodeNames(): readonly string[] {
    const { orderers, peers, services, authorities = [] } = this.network.layout;
    return [...authorities, ...[...orderers, ...peers].map(({ name }) => name), ...services];
  }

  /** All channels, the consortium's own first. */
  get channels(): readonly ChannelHandle[] {
    return channelsOf(this.network.consortium).map(({ name }) => new ChannelHandle(this, name));
  }

  /** The consortium's own channel, of which every organisation is a member. */
  get ownChannel(): ChannelHandle {
    return new ChannelHandle(this, this.network.consortium.channel.name);
  }

  /**
   * A channel; the consortium's own, if none is named.
   * @throws {@link OperatorError} `UNKNOWN_NAME` — the network has no such channel.
   */
  channel(name?: string): ChannelHandle {
    if (name === undefined) return this.ownChannel;
    const found = this.channels.find((channel) => channel.name === name);
    if (found) return found;
    throw new OperatorError('UNKNOWN_NAME', {
      en: `there is no channel ${name}; there are ${this.channels.map((channel) => channel.name).join(', ')}`,
      zh: `没有通道 ${name}；现有 ${this.channels.map((channel) => channel.name).join('、')}`,
    });
  }

  /** Finds an organisation by MSP id, name or domain. @throws {@link OperatorError} `UNKNOWN_NAME`. */
  organization(name: string): Organization {
    return this.ownChannel.organization(name);
  }

  /** An organisation's first peer. @throws {@link OperatorError} `UNKNOWN_NAME` — it has none. */
  peerOf({ mspId }: Organization): PeerClient {
    const node = this.network.layout.peers.find(({ organization }) => organization === mspId);
    if (!node) throw new OperatorError('UNKNOWN_NAME', { en: `${mspId} has no peer`, zh: `${mspId} 没有 peer 节点` });
    return this.peer(node.name);
  }

  /** A peer by its DNS name. @throws {@link OperatorError} `UNKNOWN_NAME`. */
  peer(name: string): PeerClient {
    const known = this.#clients.get(name);
    if (known) return known;
    const node = this.network.layout.peers.find((candidate) => candidate.name === name);
    if (!node) throw new OperatorError('UNKNOWN_NAME', { en: `there is no peer ${name}`, zh: `没有 peer 节点 ${name}` });
    const client = new PeerClient({ ...node, organization: this.organization(node.organization) }, this.dataDir);
    this.#clients.set(name, client);
    return client;
  }

  /** An organisation's orderer. @throws {@link OperatorError} `UNKNOWN_NAME` — it runs none. */
  ordererOf({ mspId }: Organization): OrdererEndpoint {
    const node = this.orderers.find(({ organization }) => organization.mspId === mspId);
    if (!node) throw new OperatorError('UNKNOWN_NAME', { en: `${mspId} runs no orderer`, zh: `${mspId} 没有排序节点` });
    return node;
  }

  /**
   * Has the process that runs the nodes bring them to the changed amendments and record them; all or nothing.
   * @throws {@link OperatorError} `CHANGED_MEANWHILE` — another verb amended the network since this session read it.
   */
  async amend(change: (recorded: Amendments) => Amendments): Promise<void> {
    const madeFrom = this.network.amendments;
    const request: AmendmentRequest = { amendments: change(madeFrom), madeFrom };
    this.#take(definitionSchema.parse(await askNetwork(this.dataDir, 'POST', '/amendments', request)));
  }

  /**
   * Records what has already happened on a channel: like {@link AdminSession.amend}, but on top of whatever other verbs
   * changed meanwhile.
   */
  async record(change: (recorded: Amendments) => Amendments): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#take(await askDefinition(this.dataDir));
      try {
        await this.amend(change);
        return;
      } catch (error) {
        const isOvertaken = error instanceof OperatorError && error.code === 'CHANGED_MEANWHILE';
        if (!isOvertaken || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Nodes may have been started anew, with other ports or certificates: the next call makes a new connection instead of waiting for an
   * old one.
   */
  #take(network: NetworkDefinition): void {
    this.#network = network;
    for (const client of this.#clients.values()) this.#former.add(client);
    this.#clients.clear();
    this.close();
  }

  /** Closes all connections; a later call would open them again. */
  close(): void {
    for (const client of [...this.#clients.values(), ...this.#former]) client.close();
  }
}

async function askDefinition(dataDir: string): Promise<NetworkDefinition> {
  return definitionSchema.parse(await askNetwork(dataDir, 'GET', '/definition'));
}
