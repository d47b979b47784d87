import { readFileSync } from 'node:fs';
import { type Organization } from '../../consortium/consortium';
import { ask } from '../control';
import { OperatorError } from '../../machine/operator-error';
import { PeerClient } from '../peer-client';
import { definitionSchema, type NetworkDefinition, type OrdererEndpoint } from '../network-definition';
import { type Amendments } from './amendments';

/** A running network as the administrators' verbs reach it: through the process that runs it, and its peers and orderers. */
export class OpenNetwork {
  private readonly clients = new Map<string, PeerClient>();

  private constructor(
    readonly dataDir: string,
    readonly definition: NetworkDefinition,
  ) {}

  /** @throws {@link OperatorError} `NOT_RUNNING`. */
  static async open(dataDir: string): Promise<OpenNetwork> {
    return new OpenNetwork(dataDir, definitionSchema.parse(await ask(dataDir, 'GET', '/definition')));
  }

  get channel(): string {
    return this.definition.consortium.channel.name;
  }

  get organizations(): readonly Organization[] {
    return this.definition.consortium.organizations;
  }

  get orderers(): readonly OrdererEndpoint[] {
    return this.definition.layout.orderers.map((node) => ({ ...node, organization: this.organization(node.organization) }));
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
        `there is no organisation ${name}; there are ${this.organizations.map(({ mspId }) => mspId).join(', ')}`,
      );
    return found;
  }

  /** The administrator of each organisation that has a peer, at its first peer. */
  get peers(): readonly PeerClient[] {
    return this.definition.layout.peers.filter(({ index }) => index === 0).map(({ name }) => this.peer(name));
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

  /** Has the process that runs the nodes bring them to what the amendments say; answers the network as it is then. */
  async amend(amendments: Amendments): Promise<OpenNetwork> {
    const definition = definitionSchema.parse(await ask(this.dataDir, 'POST', '/amendments', amendments));
    this.close();
    return new OpenNetwork(this.dataDir, definition);
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
  }
}
