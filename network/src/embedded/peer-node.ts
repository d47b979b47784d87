import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { type Organization } from '../consortium/consortium';
import { loadSigner } from '../crypto/signer';
import { isPortFree } from '../machine/free-ports';
import { OperatorError } from '../machine/operator-error';
import { nodeName, type OrganizationPaths } from '../organizations/layout';
import { type ChaincodeExecutor } from './chaincode/connection';
import { Gateway } from './gateway/gateway';
import { type EndorserClient } from './gateway/registry';
import { newPeerServer } from './gateway/services';
import { type DataHolder, distributePrivateData } from './peer/dissemination';
import { Endorser } from './peer/endorser';
import { type LocalMsp } from './peer/local-msp';
import { PeerChannels } from './peer/peer-channels';
import { type SystemChaincode } from './peer/system-chaincode';
import { type EmbeddedChannel, holderOf } from './ports';

export interface PeerNodeParts {
  readonly organization: Organization;
  /** From 0, among its organisation's peers. */
  readonly index: number;
  readonly paths: OrganizationPaths;
  readonly localMsp: LocalMsp;
  /** The chaincode installed at this peer that a channel's definition means. */
  readonly findExecutor: (channel: EmbeddedChannel, chaincode: string) => ChaincodeExecutor | undefined;
  readonly systemChaincodes: (peer: PeerNode) => readonly SystemChaincode[];
  /** Endorsers of a channel that are up, this peer's own first. */
  readonly endorsersOf: (channelId: string) => readonly EndorserClient[];
  /** Peers of a channel that are up, as keepers of private data. */
  readonly holdersOf: (channelId: string) => readonly DataHolder[];
  /** 0 = any free port. */
  readonly port: number;
  readonly log: (line: string) => void;
}

const host = '127.0.0.1';

/** One peer: endorser, gateway and deliver service behind one TLS port. It may be stopped and started again. */
export class PeerNode implements DataHolder {
  readonly channels = new PeerChannels();
  readonly endorser: Endorser;
  private server: Server | undefined;
  private listeningPort = 0;

  constructor(private readonly parts: PeerNodeParts) {
    const { organization, index, paths, localMsp, findExecutor } = parts;
    this.endorser = new Endorser({
      signer: loadSigner(paths.node('peer', index).msp, organization.mspId),
      holder: this.holder,
      findChannel: this.channels.find,
      findExecutor,
      systemChaincodes: new Map(parts.systemChaincodes(this).map((system) => [system.name, system])),
      localMsps: localMsp.msps,
      distribute: (channel, txId, data) => {
        distributePrivateData(channel, data, { txId, endorser: this, peers: parts.holdersOf(channel.name) });
      },
      now: Date.now,
    });
  }

  get mspId(): string {
    return this.parts.organization.mspId;
  }

  get index(): number {
    return this.parts.index;
  }

  get holder(): string {
    return holderOf(this.mspId, this.index);
  }

  get name(): string {
    return nodeName(this.parts.organization, 'peer', this.index);
  }

  /** Where it listens, or did last. */
  get port(): number {
    return this.listeningPort;
  }

  get isRunning(): boolean {
    return this.server !== undefined;
  }

  /** As gateways see this peer on a channel; `undefined`: it is down or has not joined. */
  endorserOf(channelId: string): EndorserClient | undefined {
    const channel = this.channels.find(channelId);
    if (channel === undefined || !this.isRunning) return undefined;
    const { endorser } = this;
    return {
      mspId: this.mspId,
      address: `localhost:${this.listeningPort}`,
      height: channel.state.height,
      runs: (chaincode) => endorser.runs(channel, chaincode),
      process: (signed) => endorser.process(signed),
    };
  }

  /** Throws {@link OperatorError} if the port is taken. A second start listens where the first did. */
  async start(): Promise<void> {
    if (this.server !== undefined) return;
    const { paths, log } = this.parts;
    const port = this.listeningPort === 0 ? this.parts.port : this.listeningPort;
    const server = this.newServer(log);
    const { tls } = paths.node('peer', this.index);
    const pair = { private_key: readFileSync(join(tls, 'server.key')), cert_chain: readFileSync(join(tls, 'server.crt')) };
    if (port !== 0 && !(await isPortFree(port))) throw portInUse(port, this.name);
    this.listeningPort = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${host}:${port}`, ServerCredentials.createSsl(null, [pair]), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(portInUse(port, this.name, error));
      });
    });
    this.server = server;
  }

  /** Waits for nobody: open streams would never end by themselves. */
  stop(): void {
    this.server?.forceShutdown();
    this.server = undefined;
  }

  private newServer(log: (line: string) => void): Server {
    const { channels, endorser, holder, mspId } = this;
    const gateway = new Gateway({ mspId, findChannel: channels.find, endorsers: this.parts.endorsersOf });
    return newPeerServer({ findChannel: channels.find, gateway, endorser, holder, now: Date.now, log });
  }
}

function portInUse(port: number, name: string, cause?: Error): OperatorError {
  return new OperatorError(
    'PORT_IN_USE',
    `port ${port} of ${name} is taken by another process`,
    cause === undefined ? undefined : { cause },
  );
}
