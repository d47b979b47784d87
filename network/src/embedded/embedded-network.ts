import { channelsOf, channelsOfChaincode, type Consortium, type Organization } from '../consortium/consortium';
import { loadSigner } from '../crypto/signer';
import { OperatorError } from '../machine/operator-error';
import { writeConnectionProfiles } from '../organizations/connection-profile';
import { ADMIN_USER, nodesOf, organizationPaths } from '../organizations/layout';
import { type RunningOrganization } from '../organizations/running-organization';
import { writeOrganizations } from '../organizations/write-organizations';
import { ChannelRegistrar } from './channel-registrar';
import { defineChaincode, type LifecycleMember } from './define-chaincode';
import { type ChannelSettings } from './genesis-from-consortium';
import { type EmbeddedNetworkOptions, type RunningNetwork } from './network';
import { type Launch, OrganizationChaincodes } from './organization-chaincodes';
import { Peers } from './peers';
import { type EmbeddedChannel } from './ports';
import { type StateDir } from './state-dir';

const defaultExecuteTimeoutMillis = 30_000;

/** A consortium while it starts, runs, changes and stops. */
export class EmbeddedNetwork implements RunningNetwork {
  elapsedMillis = 0;
  readonly peers: Peers;
  readonly channels: ChannelRegistrar;
  readonly chaincodes: OrganizationChaincodes;
  private current: Consortium;
  private launches: readonly Launch[] = [];
  private profiles: ReadonlyMap<string, string> = new Map();
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly options: EmbeddedNetworkOptions,
    private readonly stateDir: StateDir,
  ) {
    this.current = options.consortium;
    this.channels = new ChannelRegistrar(stateDir);
    this.chaincodes = new OrganizationChaincodes(stateDir, options.executeTimeoutMillis ?? defaultExecuteTimeoutMillis);
    this.peers = new Peers({ stateDir, registrar: this.channels, chaincodes: this.chaincodes });
  }

  get dir(): string {
    return this.options.dir;
  }

  get channel(): string {
    return this.current.channel.name;
  }

  /** The consortium as it is now, with the channels and organisations that came while it ran. */
  get consortium(): Consortium {
    return this.current;
  }

  get organizations(): readonly RunningOrganization[] {
    return this.current.organizations.map((organization) => this.describe(organization));
  }

  /** `channels` twice under one name: the first holds. */
  async start(launches: readonly Launch[], channels: readonly ChannelSettings[]): Promise<void> {
    this.launches = launches;
    await writeOrganizations(this.stateDir.path, this.current);
    this.progress('certificates');
    await this.chaincodes.prepare(this.withPeer(), launches);
    const started = this.chaincodes.start();
    started.catch(() => undefined); // awaited below, after the channels
    for (const settings of channels) if (this.channels.find(settings.name) === undefined) await this.openChannel(settings);
    this.progress('channel');
    for (const organization of this.withPeer()) this.peers.add(organization, this.current.ports);
    for (const channel of this.channels.list()) this.peers.joinAll(channel);
    for (const { name } of this.peers.list()) await this.peers.start(name);
    this.writeProfiles();
    this.progress('peers');
    for (const { settings } of launches) await this.define(settings);
    this.progress('definitions');
    await started;
    this.progress('chaincode');
  }

  /**
   * Makes a channel of organisations of the consortium; their peers join it. It is there again at the next start.
   * Throws {@link OperatorError}: there is such a channel, or no such organisation.
   */
  async createChannel(settings: ChannelSettings): Promise<EmbeddedChannel> {
    const { name, organizations } = settings;
    if (this.channels.find(name) !== undefined)
      throw new OperatorError('POLICY_REFUSED', `the network has a channel named ${name} already`);
    const known = this.current.organizations.map(({ mspId }) => mspId);
    const unknown = organizations.find((mspId) => !known.includes(mspId));
    if (unknown !== undefined) throw new OperatorError('UNKNOWN_NAME', `the network has no organisation ${unknown}`);
    this.stateDir.recordChannel(settings);
    const channel = await this.openChannel(settings);
    this.peers.joinAll(channel);
    this.writeProfiles();
    return channel;
  }

  /**
   * Adds an organisation: certificates, its chaincode processes, its peers, which have joined no channel yet. That the
   * organisation takes part in a channel is for the channel's administrators to say (a configuration update).
   */
  async addOrganization(organization: Organization): Promise<void> {
    if (this.current.organizations.some(({ mspId }) => mspId === organization.mspId)) return;
    const next = { ...this.current, organizations: [...this.current.organizations, organization] };
    await writeOrganizations(this.stateDir.path, next);
    this.stateDir.recordOrganizations(next.organizations.map(({ mspId }) => mspId));
    this.current = next;
    if (organization.roles.includes('peer')) await this.startOrganization(organization);
    this.writeProfiles();
  }

  /** Ends an organisation's peers and chaincode; its certificates stay where they are. */
  async removeOrganization(mspId: string): Promise<void> {
    const organizations = this.current.organizations.filter((organization) => organization.mspId !== mspId);
    this.stateDir.recordOrganizations(organizations.map((organization) => organization.mspId));
    this.current = { ...this.current, organizations };
    for (const node of this.peers.list()) if (node.mspId === mspId) this.peers.remove(node.name);
    await this.chaincodes.remove(mspId);
    this.writeProfiles();
  }

  /** Lets a peer join a channel of this network. */
  joinChannel(peerName: string, channelName: string): void {
    const channel = this.channels.find(channelName);
    if (channel === undefined) throw new OperatorError('UNKNOWN_NAME', `the network has no channel named ${channelName}`);
    this.peers.get(peerName).channels.join(channel);
  }

  /** Takes one peer down; everybody else goes on. Throws {@link OperatorError} for a name that is no peer's. */
  stopNode(name: string): void {
    this.refuseOrderer(name);
    this.peers.stop(name);
  }

  async startNode(name: string): Promise<void> {
    this.refuseOrderer(name);
    await this.peers.start(name);
  }

  chaincodePids(chaincode: string): ReadonlyMap<string, number> {
    return this.chaincodes.pids(chaincode);
  }

  height(): number {
    return this.channels.find(this.channel)?.state.height ?? 0;
  }

  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private async stopAll(): Promise<void> {
    this.peers.stopAll();
    await this.chaincodes.stop();
    await this.channels.close();
    this.stateDir.release();
  }

  private progress(step: string): void {
    this.stateDir.log(`ready: ${step}`);
    this.options.onProgress?.(step);
  }

  private withPeer(): readonly Organization[] {
    return this.current.organizations.filter(({ roles }) => roles.includes('peer'));
  }

  private async openChannel(settings: ChannelSettings): Promise<EmbeddedChannel> {
    const isKnown = channelsOf(this.current).some(({ name }) => name === settings.name);
    const { name, batch } = settings;
    const organizations = [...settings.organizations];
    if (!isKnown) this.current = { ...this.current, channels: [...this.current.channels, { name, organizations, batch: { ...batch } }] };
    return this.channels.open(settings, this.current);
  }

  private async startOrganization(organization: Organization): Promise<void> {
    await this.chaincodes.prepare([organization], this.launches);
    await this.chaincodes.start([organization.mspId]);
    this.peers.add(organization, this.current.ports);
    for (const node of this.peers.list()) if (node.mspId === organization.mspId) await this.peers.start(node.name);
  }

  private async define(settings: Launch['settings']): Promise<void> {
    for (const name of channelsOfChaincode(this.current, settings)) {
      const channel = this.channels.find(name);
      if (channel !== undefined) await defineChaincode(channel, settings, this.lifecycleMembers(channel));
    }
  }

  /** Administrators of the channel's organisations, each with its first peer. */
  private lifecycleMembers(channel: EmbeddedChannel): LifecycleMember[] {
    return this.withPeer().flatMap((organization) => {
      const node = channel.applicationMspIds.includes(organization.mspId) ? this.peers.firstOf(organization.mspId) : undefined;
      if (node === undefined) return [];
      const { msp } = organizationPaths(this.stateDir.path, organization).user(ADMIN_USER);
      return [{ endorser: node.endorser, admin: loadSigner(msp, organization.mspId) }];
    });
  }

  private writeProfiles(): void {
    const ports = new Map(this.peers.list().map(({ name, port }) => [name, port]));
    this.profiles = writeConnectionProfiles(this.stateDir.path, this.current, ports);
  }

  private refuseOrderer(name: string): void {
    const nodes = this.current.organizations.flatMap(nodesOf);
    if (!nodes.some((node) => node.kind === 'orderer' && node.name === name)) return;
    throw new OperatorError('POLICY_REFUSED', `${name} cannot be stopped: all orderers of the embedded network are one`);
  }

  private describe(organization: Organization): RunningOrganization {
    const { mspId, name, domain } = organization;
    const node = this.peers.firstOf(mspId);
    return {
      mspId,
      name,
      domain,
      user: (user) => organizationPaths(this.stateDir.path, organization).user(user),
      profile: this.profiles.get(mspId) ?? '',
      ...(node === undefined ? {} : { peer: { name: node.name, address: `localhost:${node.port}` } }),
    };
  }
}
