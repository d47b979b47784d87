import { z } from 'zod';
import { type Organization, parseConsortium } from '../../consortium/consortium';
import { ask } from '../control';
import { OperatorError } from '../../machine/operator-error';
import { PeerClient } from '../peer-client';
import { fabricFolders, type FabricPlan, planNetwork } from '../../fabric/plan';
import { readState } from '../../fabric/state-file';
import { type NetworkDefinition } from './administration';
import { type Amendments, amendmentsSchema } from './amendments';

const definitionSchema = z.object({
  consortium: z.unknown().transform(parseConsortium),
  chaincodes: z.array(z.object({ name: z.string(), version: z.string(), folder: z.string(), packageId: z.string() })),
  amendments: amendmentsSchema,
});

/** A running network as the administrators' verbs reach it: through its supervisor and its peers. */
export class OpenNetwork {
  private readonly clients = new Map<string, PeerClient>();

  private constructor(
    readonly plan: FabricPlan,
    readonly definition: NetworkDefinition,
  ) {}

  /** @throws {@link OperatorError} `NOT_RUNNING`. */
  static async open(dataDir: string): Promise<OpenNetwork> {
    const folders = fabricFolders(dataDir);
    const definition = definitionSchema.parse(await ask(folders, 'GET', '/definition'));
    return OpenNetwork.of(dataDir, definition);
  }

  private static of(dataDir: string, definition: NetworkDefinition): OpenNetwork {
    const state = readState(fabricFolders(dataDir));
    if (!state) throw new OperatorError('STATE_INCOMPLETE', `the network in ${dataDir} runs without its state file`);
    return new OpenNetwork(planNetwork(definition.consortium, dataDir, new Map(Object.entries(state.ports))), definition);
  }

  get dataDir(): string {
    return this.plan.folders.dataDir;
  }

  get channel(): string {
    return this.definition.consortium.channel.name;
  }

  get organizations(): readonly Organization[] {
    return this.definition.consortium.organizations;
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

  /** The administrator of each organisation that has a peer, at that peer. */
  get peers(): readonly PeerClient[] {
    return this.plan.peers.map(({ organization }) => this.peerOf(organization));
  }

  peerOf(organization: Organization): PeerClient {
    const known = this.clients.get(organization.mspId);
    if (known) return known;
    const node = this.plan.peers.find((candidate) => candidate.organization.mspId === organization.mspId);
    if (!node) throw new OperatorError('UNKNOWN_NAME', `${organization.mspId} has no peer`);
    const client = new PeerClient(node, this.dataDir);
    this.clients.set(organization.mspId, client);
    return client;
  }

  /** The named organisations' peers; all if none is named. */
  peersOf(names: readonly string[]): readonly PeerClient[] {
    return names.length === 0 ? this.peers : names.map((name) => this.peerOf(this.organization(name)));
  }

  /** Has the supervisor bring the nodes to what the amendments say; answers the network as it is then. */
  async amend(amendments: Amendments): Promise<OpenNetwork> {
    const definition = definitionSchema.parse(await ask(this.plan.folders, 'POST', '/amendments', amendments));
    this.close();
    return OpenNetwork.of(this.dataDir, definition);
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
  }
}
