import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { type Organization } from '../consortium/consortium';
import { loadSigner } from '../crypto/signer';
import { OperatorError } from '../machine/operator-error';
import { isPortFree } from '../machine/free-ports';
import { nodeName, type OrganizationPaths } from '../organizations/layout';
import { type ChaincodeRuntime } from './chaincode/runtime';
import { Gateway } from './gateway/gateway';
import { asRemote, type EndorserClient } from './gateway/registry';
import { newPeerServer } from './gateway/services';
import { Endorser } from './peer/endorser';
import { LifecycleChaincode } from './peer/lifecycle';
import { QueryChaincode } from './peer/qscc';
import { type SystemChaincode } from './peer/system-chaincode';
import { type EmbeddedChannel } from './ports';

export interface PeerNodeParts {
  readonly organization: Organization;
  readonly paths: OrganizationPaths;
  readonly channel: EmbeddedChannel;
  readonly runtimes: ReadonlyMap<string, ChaincodeRuntime>;
  /** Organisations that run a peer, and those of the application group. */
  readonly peerMspIds: readonly string[];
  readonly applicationMspIds: readonly string[];
  /** 0 = any free port. */
  readonly port: number;
  readonly log: (line: string) => void;
}

const host = '127.0.0.1';

/** One organisation's peer: endorser, gateway and deliver service behind one TLS port. */
export class PeerNode {
  readonly endorser: Endorser;
  private server: Server | undefined;
  private listeningPort = 0;

  constructor(private readonly parts: PeerNodeParts) {
    const { organization, paths, channel, runtimes, peerMspIds, applicationMspIds } = parts;
    const systemChaincodes = new Map<string, SystemChaincode>(
      [new LifecycleChaincode(channel, organization.mspId, applicationMspIds), new QueryChaincode(channel)].map((system) => [
        system.name,
        system,
      ]),
    );
    const signer = loadSigner(paths.node('peer').msp, organization.mspId);
    this.endorser = new Endorser({ signer, channel, systemChaincodes, runtimes, peerMspIds, now: Date.now });
  }

  get mspId(): string {
    return this.parts.organization.mspId;
  }

  get name(): string {
    return nodeName(this.parts.organization, 'peer');
  }

  get port(): number {
    return this.listeningPort;
  }

  /** As gateways see this peer; its address is known once it listens. */
  get client(): EndorserClient {
    const { endorser } = this;
    const address = (): string => `localhost:${this.listeningPort}`;
    return {
      mspId: this.mspId,
      get address() {
        return address();
      },
      runs: (chaincode) => endorser.runs(chaincode),
      process: (signed) => endorser.process(signed),
    };
  }

  /** Throws {@link OperatorError} if the port is taken. */
  async listen(others: readonly PeerNode[]): Promise<void> {
    const { channel, paths, log, port } = this.parts;
    const gateway = new Gateway({ channel, local: this.client, remotes: others.map((other) => asRemote(other.client)) });
    const server = newPeerServer({ channel, gateway, endorser: this.endorser, mspId: this.mspId, now: Date.now, log });
    const { tls } = paths.node('peer');
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
  close(): void {
    this.server?.forceShutdown();
  }
}

function portInUse(port: number, name: string, cause?: Error): OperatorError {
  return new OperatorError(
    'PORT_IN_USE',
    `port ${port} of ${name} is taken by another process`,
    cause === undefined ? undefined : { cause },
  );
}
