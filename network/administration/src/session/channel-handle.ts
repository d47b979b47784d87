import { readFileSync } from 'node:fs';
import { common } from '@lianyi/fabric-protocol';
import {
  type Amendments,
  channelsOf,
  channelView,
  type Consortium,
  type NetworkDefinition,
  OperatorError,
  type OrdererEndpoint,
  ordersChannel,
  type Organization,
} from '@lianyi/network-model';
import { answeringPeers, currentConfig } from '../channel-update/current-config';
import { type ConfigChange } from '../channel-update/config-change';
import { type PeerClient } from '../peer-client';
import { type Progress } from '../progress';
import { type Agreement, signEdit, type SignedEdit, type UpdateResult } from './signed-edit';

/** The session a channel belongs to, as the verbs on one channel see it; always current. */
export interface ChannelSession {
  readonly dataDir: string;
  readonly network: NetworkDefinition;
  readonly orderers: readonly OrdererEndpoint[];
  readonly channels: readonly ChannelHandle[];
  peer(name: string): PeerClient;
  peerOf(organization: Organization): PeerClient;
  amend(change: (recorded: Amendments) => Amendments): Promise<void>;
  record(change: (recorded: Amendments) => Amendments): Promise<void>;
}

/** One channel of a running network, as the session knows it now. */
export class ChannelHandle {
  constructor(
    readonly session: ChannelSession,
    readonly name: string,
  ) {}

  get dataDir(): string {
    return this.session.dataDir;
  }

  /** Whether it is the consortium's own channel. */
  get isOwn(): boolean {
    return this.name === this.session.network.consortium.channel.name;
  }

  /**
   * The consortium as the channel has it: its members, its chaincodes.
   * @throws {@link OperatorError} `UNKNOWN_NAME` — the network has the channel no more.
   */
  get consortium(): Consortium {
    const view = channelView(this.session.network.consortium, this.name);
    if (!view) throw new OperatorError('UNKNOWN_NAME', { en: `there is no channel ${this.name}`, zh: `没有通道 ${this.name}` });
    return view;
  }

  /** Members of the channel; of the consortium's own channel also those that only order. */
  get organizations(): readonly Organization[] {
    return this.consortium.organizations;
  }

  /** Finds a member by MSP id, name or domain. @throws {@link OperatorError} `UNKNOWN_NAME`. */
  organization(name: string): Organization {
    const { organizations } = this;
    const found = organizations.find((organization) => [organization.mspId, organization.name, organization.domain].includes(name));
    if (found) return found;
    throw new OperatorError('UNKNOWN_NAME', {
      en: `there is no organisation ${name} on ${this.name}; there are ${organizations.map(({ mspId }) => mspId).join(', ')}`,
      zh: `${this.name} 上没有组织 ${name}；现有 ${organizations.map(({ mspId }) => mspId).join('、')}`,
    });
  }

  /** The orderers that order the channel. */
  get orderers(): readonly OrdererEndpoint[] {
    const { orderers, network } = this.session;
    return orderers.filter(({ organization }) => ordersChannel(network.consortium, this.name, organization));
  }

  /** All peers of the members, each with its organisation's administrator. */
  get allPeers(): readonly PeerClient[] {
    const members = channelsOf(this.session.network.consortium).find(({ name }) => name === this.name)?.organizations ?? [];
    const nodes = this.session.network.layout.peers.filter(({ organization }) => members.includes(organization));
    return nodes.map(({ name }) => this.session.peer(name));
  }

  /** The first peer of each member that has one. */
  get peers(): readonly PeerClient[] {
    return this.allPeers.filter(({ node }) => node.index === 0);
  }

  /** All peers of one member. */
  allPeersOf({ mspId }: Organization): readonly PeerClient[] {
    return this.allPeers.filter(({ node }) => node.organization.mspId === mspId);
  }

  /** An organisation's first peer. @throws {@link OperatorError} `UNKNOWN_NAME` — it has none. */
  peerOf(organization: Organization): PeerClient {
    return this.session.peerOf(organization);
  }

  /** The first peers of the named members; of all, if none is named. @throws {@link OperatorError} `UNKNOWN_NAME`. */
  peersOf(names: readonly string[]): readonly PeerClient[] {
    return names.length === 0 ? this.peers : names.map((name) => this.peerOf(this.organization(name)));
  }

  /**
   * The peers that must commit an edit before it counts as done: all, except those of the organisation that comes or goes,
   * which may be gone; its own, if nobody else has one.
   */
  witnesses(subjectMspId?: string): readonly PeerClient[] {
    const { peers } = this;
    const others = peers.filter(({ node }) => node.organization.mspId !== subjectMspId);
    return others.length > 0 ? others : peers;
  }

  /** All peers of the members that answer for the channel now. */
  async answering(): Promise<readonly PeerClient[]> {
    return answeringPeers(this.allPeers, this.name);
  }

  /** The channel's first block. @throws {@link OperatorError} `UNKNOWN_NAME`. */
  genesisBlock(): Buffer {
    const file = this.session.network.layout.genesisBlocks[this.name];
    if (file === undefined)
      throw new OperatorError('UNKNOWN_NAME', { en: `there is no channel ${this.name}`, zh: `没有通道 ${this.name}` });
    return readFileSync(file);
  }

  /** The configuration as one of the channel's peers has committed it. */
  async config(): Promise<common.ConfigGroup> {
    return (await this.newestConfig()).getChannelGroup() ?? new common.ConfigGroup();
  }

  /** The same with its sequence; the next peer is asked if one does not answer. */
  async newestConfig(): Promise<common.Config> {
    let failure: unknown = new OperatorError('UNKNOWN_NAME', {
      en: `no peer of the network is on ${this.name}`,
      zh: `网络中没有 peer 节点在 ${this.name} 上`,
    });
    for (const client of this.peers) {
      try {
        return await currentConfig(client, this.name);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /**
   * Reads the newest configuration, applies the change, computes the delta and has administrators sign it; sends nothing.
   * @returns `undefined` — the configuration is as wanted already.
   * @throws {@link OperatorError} `NOT_SIGNED` — naming who would have to sign, too; `FABRIC_REFUSED`.
   */
  async edit(about: Agreement, change: ConfigChange): Promise<SignedEdit | undefined> {
    const { session, dataDir, name, isOwn } = this;
    const { organizations } = session.network.consortium;
    const wanted = this.witnesses(about.subjectMspId);
    const witnesses = await answeringPeers(wanted, name);
    if (witnesses.length === 0) await this.newestConfig(); // says what is wrong with the last one
    const silent = wanted.filter((client) => !witnesses.includes(client)).map(({ node }) => node.name);
    return signEdit({ dataDir, name, isOwn, organizations, witnesses, silent, orderers: session.orderers }, about, change);
  }

  /** {@link ChannelHandle.edit}, submitted at once. */
  async change(about: Agreement, change: ConfigChange, progress: Progress): Promise<UpdateResult | undefined> {
    return (await this.edit(about, change))?.submit(progress);
  }
}
