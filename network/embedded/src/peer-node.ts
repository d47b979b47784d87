import { type Server } from '@grpc/grpc-js';
import { type Signer } from '@lianyi/fabric-protocol';
import { loadSigner, nodeName, type Organization, type OrganizationPaths } from '@lianyi/network-model';
import { type DiscoveredOrderers, type KnownPeer } from './gateway/discovery-service';
import { Gateway } from './gateway/gateway';
import { type EndorserClient } from './gateway/registry';
import { newPeerServer } from './gateway/services';
import { endConnections } from './connections';
import { listen } from './listen';
import { distributePrivateData } from './peer/dissemination';
import { Endorser } from './peer/endorser';
import { type LocalMsp } from './peer/local-msp';
import { type PeerChaincodes } from './peer/peer-chaincodes';
import { PeerChannels } from './peer/peer-channels';
import { type SystemChaincode } from './peer/system-chaincode';
import { type DataHolder, holderOf } from './ledger/data-holder';

interface PeerNodeParts {
  readonly organization: Organization;
  /** From 0, among its organisation's peers. */
  readonly index: number;
  readonly paths: OrganizationPaths;
  readonly localMsp: LocalMsp;
  readonly chaincodes: (channels: PeerChannels) => PeerChaincodes;
  readonly systemChaincodes: (peer: PeerNode) => readonly SystemChaincode[];
  /** Endorsers of a channel that are up, this peer's own first. */
  readonly endorsersOf: (channelId: string) => readonly EndorserClient[];
  /** All peers that are up. */
  readonly knownPeers: () => readonly KnownPeer[];
  readonly orderers: DiscoveredOrderers;
  /** Peers of a channel that are up, as keepers of private data. */
  readonly holdersOf: (channelId: string) => readonly DataHolder[];
  /** 0 = any free port. */
  readonly port: number;
  /** Where others are told to reach it. */
  readonly host: string;
  readonly log: (line: string) => void;
}

/** One peer: endorser, gateway and deliver service behind one TLS port. It may be stopped and started again. */
export class PeerNode implements DataHolder {
  readonly channels = new PeerChannels();
  readonly chaincodes: PeerChaincodes;
  /** As it was started last. */
  #current: { readonly endorser: Endorser; readonly identity: Buffer } | undefined;
  #server: Server | undefined;
  #listeningPort = 0;

  constructor(private readonly parts: PeerNodeParts) {
    this.chaincodes = parts.chaincodes(this.channels);
  }

  /** With the certificate that lay in its folder when it was started last. */
  get endorser(): Endorser {
    if (this.#current === undefined) throw new Error(`${this.name} was never started`);
    return this.#current.endorser;
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
    return this.#listeningPort;
  }

  get #address(): string {
    return `${this.parts.host}:${this.#listeningPort}`;
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  /** As others learn of this peer. */
  get known(): KnownPeer {
    const { mspId } = this;
    const identity = this.#current?.identity ?? Buffer.alloc(0);
    return { mspId, identity, address: this.#address, endorserOf: (channelId) => this.endorserOf(channelId) };
  }

  /** As gateways see this peer on a channel; `undefined`: it is down or has not joined. */
  endorserOf(channelId: string): EndorserClient | undefined {
    const channel = this.channels.find(channelId);
    if (channel === undefined || !this.isRunning) return undefined;
    const { endorser } = this;
    return {
      mspId: this.mspId,
      address: this.#address,
      height: channel.state.height,
      runs: (chaincode) => endorser.runs(channel, chaincode),
      process: (signed) => endorser.process(signed),
    };
  }

  /** Throws {@link OperatorError} if the port is taken. A second start listens where the first did. */
  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const { paths, log } = this.parts;
    const port = this.#listeningPort === 0 ? this.parts.port : this.#listeningPort;
    const signer = loadSigner(paths.node('peer', this.index).msp, this.mspId);
    this.#current = { endorser: this.#newEndorser(signer), identity: signer.serializedIdentity };
    const server = this.#newServer(log);
    const { tls } = paths.node('peer', this.index);
    this.#listeningPort = await listen(server, { name: this.name, tlsDir: tls, port });
    this.#server = server;
  }

  /** Waits for nobody: open streams would never end by themselves. */
  stop(): void {
    this.#server?.forceShutdown();
    if (this.#server !== undefined) endConnections(this.#listeningPort);
    this.#server = undefined;
    this.chaincodes.close();
  }

  #newEndorser(signer: Signer): Endorser {
    const { parts } = this;
    return new Endorser({
      signer,
      holder: this.holder,
      findChannel: this.channels.find,
      findExecutor: (channel, chaincode) => this.chaincodes.executor(channel, chaincode),
      systemChaincodes: new Map(parts.systemChaincodes(this).map((system) => [system.name, system])),
      localMsps: parts.localMsp.msps,
      distribute: (channel, txId, data) => {
        distributePrivateData(channel, data, { txId, endorser: this, peers: parts.holdersOf(channel.name) });
      },
      now: Date.now,
    });
  }

  #newServer(log: (line: string) => void): Server {
    const { channels, endorser, holder, mspId } = this;
    const gateway = new Gateway({ mspId, findChannel: channels.find, endorsers: this.parts.endorsersOf });
    const { localMsp, knownPeers, orderers } = this.parts;
    const discovery = { findChannel: channels.find, localMsp, peers: knownPeers, orderers, log };
    return newPeerServer({ findChannel: channels.find, gateway, endorser, discovery, holder, now: Date.now, log });
  }
}
