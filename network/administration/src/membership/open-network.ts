import { readFileSync } from 'node:fs';
import {
  type AmendmentRequest,
  type Amendments,
  ask,
  channelsOf,
  channelView,
  type Consortium,
  definitionSchema,
  type NetworkDefinition,
  OperatorError,
  type OrdererEndpoint,
  ordersChannel,
  type Organization,
} from '@lianyi/network-model';
import { PeerClient } from '../peer-client';

/** Each of them another verb came first. */
const MAX_ATTEMPTS = 10;

/** A running network as the administrators' verbs reach it: through the process that runs it, and its peers and orderers. */
export class OpenNetwork {
  private readonly clients = new Map<string, PeerClient>();

  private constructor(
    readonly dataDir: string,
    readonly definition: NetworkDefinition,
    /** As the channel has it: its members, its chaincodes. */
    readonly consortium: Consortium,
  ) {}

  /** @throws {@link OperatorError} `NOT_RUNNING`, `UNKNOWN_NAME`. On the consortium's own channel, if none is named. */
  static async open(dataDir: string, channel?: string): Promise<OpenNetwork> {
    return OpenNetwork.on(dataDir, definitionSchema.parse(await ask(dataDir, 'GET', '/definition')), channel);
  }

  private static on(dataDir: string, definition: NetworkDefinition, channel = definition.consortium.channel.name): OpenNetwork {
    const view = channelView(definition.consortium, channel);
    if (view) return new OpenNetwork(dataDir, definition, view);
    const names = channelsOf(definition.consortium).map(({ name }) => name);
    throw new OperatorError('UNKNOWN_NAME', `there is no channel ${channel}; there are ${names.join(', ')}`);
  }

  get channel(): string {
    return this.consortium.channel.name;
  }

  /** Names of all channels, the consortium's own first. */
  get channels(): readonly string[] {
    return channelsOf(this.definition.consortium).map(({ name }) => name);
  }

  /** Members of the channel; of the consortium's own also those that only order. */
  get organizations(): readonly Organization[] {
    return this.consortium.organizations;
  }

  /** Those of the network; not each orders every channel. */
  get orderers(): readonly OrdererEndpoint[] {
    return this.definition.layout.orderers.flatMap((node) => {
      const organization = this.definition.consortium.organizations.find(({ mspId }) => mspId === node.organization);
      return organization ? [{ ...node, organization }] : [];
    });
  }

  /** Those that order the channel. */
  get channelOrderers(): readonly OrdererEndpoint[] {
    return this.orderers.filter(({ organization }) => ordersChannel(this.definition.consortium, this.channel, organization));
  }

  /** All nodes that can be stopped and started, CA servers and chaincode services included. */
  get nodeNames(): readonly string[] {
    const { orderers, peers, services, authorities = [] } = this.definition.layout;
    return [...authorities, ...[...orderers, ...peers].map(({ name }) => name), ...services];
  }

  /** The channel's first block. */
  genesisBlock(): Buffer {
    const file = this.definition.layout.genesisBlocks[this.channel];
    if (file === undefined) throw new OperatorError('UNKNOWN_NAME', `there is no channel ${this.channel}`);
    return readFileSync(file);
  }

  /** @throws {@link OperatorError} `UNKNOWN_NAME`. By MSP id, name or domain. */
  organization(name: string): Organization {
    const found = this.organizations.find((organization) => [organization.mspId, organization.name, organization.domain].includes(name));
    if (!found)
      throw new OperatorError(
        'UNKNOWN_NAME',
        `there is no organisation ${name} on ${this.channel}; there are ${this.organizations.map(({ mspId }) => mspId).join(', ')}`,
      );
    return found;
  }

  /** The administrator of each member that has a peer, at its first peer. */
  get peers(): readonly PeerClient[] {
    return this.allPeers.filter(({ node }) => node.index === 0);
  }

  /** The same at all their peers. */
  get allPeers(): readonly PeerClient[] {
    const members = new Set(this.organizations.map(({ mspId }) => mspId));
    return this.definition.layout.peers.filter(({ organization }) => members.has(organization)).map(({ name }) => this.peer(name));
  }

  /** All peers of the organisation. */
  allPeersOf({ mspId }: Organization): readonly PeerClient[] {
    return this.allPeers.filter(({ node }) => node.organization.mspId === mspId);
  }

  /** @throws {@link OperatorError} `UNKNOWN_NAME`. The organisation's first peer. */
  peerOf(organization: Organization): PeerClient {
    const node = this.definition.layout.peers.find((candidate) => candidate.organization === organization.mspId);
    if (!node) throw new OperatorError('UNKNOWN_NAME', `${organization.mspId} has no peer`);
    return this.peer(node.name);
  }

  private peer(name: string): PeerClient {
    const known = this.clients.get(name);
    if (known) return known;
    const node = this.definition.layout.peers.find((candidate) => candidate.name === name);
    if (!node) throw new OperatorError('UNKNOWN_NAME', `there is no peer ${name}`);
    const client = new PeerClient({ ...node, organization: this.organization(node.organization) }, this.dataDir);
    this.clients.set(name, client);
    return client;
  }

  /** The named organisations' peers; all if none is named. */
  peersOf(names: readonly string[]): readonly PeerClient[] {
    return names.length === 0 ? this.peers : names.map((name) => this.peerOf(this.organization(name)));
  }

  /**
   * Has the process that runs the nodes bring them to what the amendments say; answers the network as it is then.
   * @throws {@link OperatorError} `CHANGED_MEANWHILE` — another verb amended it since this one looked.
   */
  async amend(amendments: Amendments): Promise<OpenNetwork> {
    const request: AmendmentRequest = { amendments, madeFrom: this.definition.amendments };
    const definition = definitionSchema.parse(await ask(this.dataDir, 'POST', '/amendments', request));
    this.close();
    return OpenNetwork.on(this.dataDir, definition, this.channel);
  }

  /**
   * The same for what has happened already, on a channel, and only has to be recorded: on top of whatever other verbs changed
   * meanwhile.
   */
  async amendLatest(change: (recorded: Amendments) => Amendments): Promise<OpenNetwork> {
    for (let attempt = 1; ; attempt++) {
      const latest = await OpenNetwork.open(this.dataDir, this.channel);
      try {
        const amended = await latest.amend(change(latest.definition.amendments));
        this.close();
        return amended;
      } catch (error) {
        const isOvertaken = error instanceof OperatorError && error.code === 'CHANGED_MEANWHILE';
        if (!isOvertaken || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
  }
}
