import { type Server } from '@grpc/grpc-js';
import { nodeName, type Organization, organizationPaths } from '@lianyi/network-model';
import { endConnections } from './connections';
import { listen } from './listen';
import { newOrdererServer } from './order/orderer-services';
import { type FindChannel } from './peer/system-chaincode';

interface OrdererNodeParts {
  readonly organization: Organization;
  readonly dataDir: string;
  /** The channels it orders; all orderers feed the same ones. */
  readonly findChannel: FindChannel;
  /** 0 = any free port. */
  readonly port: number;
  readonly log: (line: string) => void;
}

/** One organisation's endpoint of the ordering service. It can be stopped and started without the others. */
export class OrdererNode {
  #server: Server | undefined;
  #listeningPort = 0;

  constructor(private readonly parts: OrdererNodeParts) {}

  get mspId(): string {
    return this.parts.organization.mspId;
  }

  get name(): string {
    return nodeName(this.parts.organization, 'orderer');
  }

  /** Number of blocks of a channel; `undefined`: it does not order it. */
  heightOf(channel: string): number | undefined {
    return this.parts.findChannel(channel)?.state.height;
  }

  /** Where it listens, or did last. */
  get port(): number {
    return this.#listeningPort;
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  /** Throws {@link OperatorError} if the port is taken. A second start listens where the first did. */
  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const { organization, dataDir, findChannel, log } = this.parts;
    const { tls } = organizationPaths(dataDir, organization).node('orderer');
    const server = newOrdererServer({ findChannel, now: Date.now, log });
    const port = this.#listeningPort === 0 ? this.parts.port : this.#listeningPort;
    this.#listeningPort = await listen(server, { name: this.name, tlsDir: tls, port });
    this.#server = server;
  }

  stop(): void {
    this.#server?.forceShutdown();
    if (this.#server !== undefined) endConnections(this.#listeningPort);
    this.#server = undefined;
  }
}
