import { type Consortium, nodeName, type Organization } from '@lianyi/network-model';
import { OrdererNode } from './orderer-node';
import { type FindChannel } from './peer/system-chaincode';
import { type StateDir } from './state-dir';

/** The ordering service's gRPC endpoints, one per ordering organisation. */
export class Orderers {
  #nodes: readonly OrdererNode[] = [];

  /** @param orders whether an organisation's orderer orders a channel. */
  constructor(
    private readonly stateDir: StateDir,
    private readonly findChannel: FindChannel,
    private readonly orders: (channel: string, organization: Organization) => boolean,
  ) {}

  list(): readonly OrdererNode[] {
    return this.#nodes;
  }

  /** Name and port of those that are open, by MSP id. */
  open(): ReadonlyMap<string, { readonly name: string; readonly port: number }> {
    return new Map(this.#nodes.flatMap(({ mspId, name, port, isRunning }) => (isRunning ? [[mspId, { name, port }] as const] : [])));
  }

  async start(organization: Organization, settings: Pick<Consortium, 'ports'>): Promise<void> {
    const { stateDir } = this;
    const node = new OrdererNode({
      organization,
      findChannel: (channel) => (this.orders(channel, organization) ? this.findChannel(channel) : undefined),
      dataDir: stateDir.path,
      port: stateDir.portOf(nodeName(organization, 'orderer'), settings),
      log: (line) => {
        stateDir.log(line);
      },
    });
    this.#nodes = [...this.#nodes, node];
    await node.start();
    stateDir.keepPort(node.name, node.port);
  }

  /** Closes the endpoints of all other organisations and forgets them. */
  retain(mspIds: ReadonlySet<string>): void {
    for (const node of this.#nodes) if (!mspIds.has(node.mspId)) node.stop();
    this.#nodes = this.#nodes.filter(({ mspId }) => mspIds.has(mspId));
  }

  stopAll(): void {
    for (const node of this.#nodes) node.stop();
  }
}
