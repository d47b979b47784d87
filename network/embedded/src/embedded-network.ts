import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  ADMIN_USER,
  advertisedHost,
  amend,
  AmendmentQueue,
  type AmendmentRequest,
  type Amendments,
  asStarted,
  type ChaincodeSource,
  channelsOf,
  channelsOfChaincode,
  type Consortium,
  describeOrganization,
  describeSources,
  loadSigner,
  type NetworkDefinition,
  type NetworkStart,
  type NetworkStatus,
  type NodeAction,
  ordersChannel,
  type Organization,
  organizationPaths,
  readAmendments,
  readSources,
  runningChaincodes,
  type RunningNetwork,
  type RunningOrganization,
  withFileChanges,
  withDeployment,
  writeAmendments,
  writeConnectionProfiles,
  writeOrganizations,
} from '@lianyi/network-model';
import { ChannelRegistrar } from './channel-registrar';
import { controllableNode, statusOf } from './control-nodes';
import { defineChaincode } from './define-chaincode';
import { type ChannelSettings } from './genesis-from-consortium';
import { LifecycleMember } from './lifecycle-member';
import { Orderers } from './orderers';
import { type ChaincodeService, OrganizationChaincodes } from './organization-chaincodes';
import { Peers } from './peers';
import { type EmbeddedChannel } from './ledger/embedded-channel';
import { type StateDir } from './state-dir';

const defaultExecuteTimeoutMillis = 30_000;

export interface EmbeddedOptions extends NetworkStart {
  /** Milliseconds by which peers commit later than the others, by node name or, for all of an organisation, MSP id. */
  readonly lag?: ReadonlyMap<string, number>;
  readonly onProgress?: (step: string) => void;
}

/** The consortium as its file says it, with the amendments applied. */
interface Current {
  readonly consortium: Consortium;
  /** Chaincodes defined on the channels. */
  readonly sources: readonly ChaincodeSource[];
  /** Chaincode whose services run and that is not defined yet. */
  readonly incoming: readonly ChaincodeSource[];
}

/** All nodes of a consortium in this process. */
export class EmbeddedNetwork implements RunningNetwork {
  elapsedMillis = 0;
  readonly peers: Peers;
  readonly orderers: Orderers;
  readonly channels: ChannelRegistrar;
  readonly chaincodes: OrganizationChaincodes;
  #current: Current;
  #profiles: ReadonlyMap<string, string> = new Map();
  readonly #amendments: AmendmentQueue;
  #stopping: Promise<void> | undefined;

  /** @throws {@link OperatorError} `STATE_INCOMPLETE`, `CHAINCODE_FOLDER` — the amendments or a chaincode folder cannot be read. */
  constructor(
    private readonly options: EmbeddedOptions,
    private readonly stateDir: StateDir,
  ) {
    const executeTimeoutMillis = options.executeTimeoutMillis ?? defaultExecuteTimeoutMillis;
    this.#current = this.#amended(withFileChanges(options.consortium, readAmendments(stateDir.path)));
    this.#amendments = new AmendmentQueue({
      base: options.consortium,
      folder: stateDir.path,
      bring: (amendments) => this.#bring(amendments),
    });
    this.channels = new ChannelRegistrar(stateDir);
    this.chaincodes = new OrganizationChaincodes(stateDir, executeTimeoutMillis);
    this.orderers = new Orderers(stateDir, this.channels.find, (channel, organization) =>
      ordersChannel(this.consortium, channel, organization),
    );
    this.peers = new Peers({
      stateDir,
      executeTimeoutMillis,
      registrar: this.channels,
      chaincodes: this.chaincodes,
      orderers: () =>
        new Map(
          [...this.orderers.open()].map(([mspId, { name, port }]) => [mspId, { host: advertisedHost(options.consortium, name), port }]),
        ),
      lag: options.lag ?? new Map<string, number>(),
    });
  }

  get dir(): string {
    return this.stateDir.path;
  }

  get channel(): string {
    return this.consortium.channel.name;
  }

  /** As it is now, amendments included. */
  get consortium(): Consortium {
    return this.#current.consortium;
  }

  get organizations(): readonly RunningOrganization[] {
    return this.consortium.organizations.map((organization) => {
      const { mspId } = organization;
      return describeOrganization(this.dir, organization, this.#profiles.get(mspId), this.peers.firstOf(mspId)?.port);
    });
  }

  async start(): Promise<void> {
    const { consortium, sources, incoming } = this.#current;
    await writeOrganizations(this.dir, consortium);
    this.#progress('certificates');
    const services = await this.chaincodes.prepare(consortium, [...sources, ...incoming]);
    const started = Promise.all(services.map(({ runtime }) => runtime.start()));
    started.catch(() => undefined); // awaited below, after the channels
    for (const settings of channelsOf(consortium)) await this.channels.open(settings, consortium);
    this.#recordCommitted();
    this.#progress('channel');
    await this.#addNodes(consortium.organizations);
    for (const channel of this.channels.list()) this.peers.joinAll(channel);
    await this.peers.startAll();
    this.#installOwn(services);
    this.#writeProfiles();
    this.#progress('peers');
    for (const source of this.#current.sources) await this.#define(source);
    this.#keepFileChanges();
    this.#progress('definitions');
    await started;
    await this.#retain(this.#current);
    this.#progress('chaincode');
  }

  status(): Promise<NetworkStatus> {
    return Promise.resolve(statusOf(this));
  }

  async act(action: NodeAction, name: string): Promise<void> {
    const node = controllableNode(this, name);
    if (action !== 'start') await node.stop(action === 'kill');
    if (action === 'start' || action === 'restart') await node.start();
  }

  definition(): NetworkDefinition {
    return {
      consortium: this.consortium,
      chaincodes: describeSources(this.#current.sources),
      amendments: readAmendments(this.dir),
      layout: {
        peers: this.peers.list().map(({ name, mspId, port, index }) => ({ name, organization: mspId, port, index })),
        orderers: this.orderers.list().map(({ name, mspId, port }) => ({ name, organization: mspId, port })),
        services: this.chaincodes.list().map(({ name }) => name),
        genesisBlocks: Object.fromEntries(this.channels.list().map(({ name }) => [name, this.channels.genesisFile(name)])),
      },
    };
  }

  amend(change: AmendmentRequest): Promise<void> {
    return this.#amendments.amend(change);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    await this.#amendments.idle();
    this.orderers.stopAll();
    this.peers.stopAll();
    await this.chaincodes.stop();
    await this.channels.close();
    this.stateDir.release();
  }

  #progress(step: string): void {
    this.stateDir.log(`ready: ${step}`);
    this.options.onProgress?.(step);
  }

  #amended(amendments: Amendments, running: readonly ChaincodeSource[] = []): Current {
    const { consortium, chaincodes } = this.options;
    return {
      consortium: amend(consortium, amendments),
      sources: asStarted(readSources(runningChaincodes(consortium, chaincodes, amendments)), running),
      incoming: readSources(amendments.incoming === undefined ? [] : [amendments.incoming]),
    };
  }

  /** Records a definition that was committed just before the process was killed. */
  #recordCommitted(): void {
    const amendments = readAmendments(this.dir);
    const { incoming } = amendments;
    if (incoming === undefined) return;
    const { name, version, sequence } = incoming.settings;
    const isCommitted = channelsOfChaincode(this.consortium, incoming.settings).every((channel) => {
      const committed = this.channels.find(channel)?.definitions.get(name);
      return committed?.version === version && committed.sequence === sequence;
    });
    if (!isCommitted) return;
    const recorded = withDeployment(this.options.consortium, amendments, incoming);
    writeAmendments(this.dir, recorded);
    this.#current = this.#amended(recorded);
  }

  /** Only now: before the channel has what the file says, the former record is the true one. */
  #keepFileChanges(): void {
    const recorded = readAmendments(this.dir);
    const applied = withFileChanges(this.options.consortium, recorded);
    if (!isDeepStrictEqual(applied, recorded)) writeAmendments(this.dir, applied);
  }

  /** Removes again what was started, if any part of it fails to start. */
  async #bring(amendments: Amendments): Promise<() => void> {
    const next = this.#amended(amendments, [...this.#current.sources, ...this.#current.incoming]);
    const { consortium, sources, incoming } = next;
    const isNewcomer = ({ mspId }: Organization): boolean => !this.consortium.organizations.some((known) => known.mspId === mspId);
    await writeOrganizations(this.dir, consortium);
    const services = await this.chaincodes.prepare(consortium, [...sources, ...incoming]);
    const isOpen = ({ name }: ChannelSettings): boolean => this.channels.find(name) !== undefined;
    const making = channelsOf(consortium).filter((channel) => !isOpen(channel) && !existsSync(this.stateDir.channelDir(channel.name)));
    try {
      await Promise.all(services.map(({ runtime }) => runtime.start()));
      for (const settings of channelsOf(consortium)) if (!isOpen(settings)) await this.channels.open(settings, consortium);
      const newcomers = consortium.organizations.filter(isNewcomer);
      await this.#addNodes(newcomers);
      for (const { name, mspId } of this.peers.list()) if (newcomers.some((each) => each.mspId === mspId)) await this.peers.start(name);
    } catch (error) {
      await this.chaincodes.remove(services);
      await this.#retain(this.#current);
      // only ledgers this change created: an earlier one is never removed
      for (const { name } of making) await this.channels.remove(name);
      throw error;
    }
    await this.#retain(next);
    return () => {
      this.#current = next;
      this.#writeProfiles();
    };
  }

  /** Stops nodes and services that are no longer named. Channels are kept. */
  async #retain({ consortium, sources, incoming }: Current): Promise<void> {
    const mspIds = new Set(consortium.organizations.map(({ mspId }) => mspId));
    for (const node of this.peers.list()) if (!mspIds.has(node.mspId)) await this.peers.remove(node.name);
    this.orderers.retain(mspIds);
    await this.chaincodes.retain(consortium, [...sources, ...incoming]);
  }

  /** Starts the organisations' orderers and adds their peers, which are not started. */
  async #addNodes(organizations: readonly Organization[]): Promise<void> {
    for (const organization of organizations) {
      if (organization.roles.includes('orderer')) await this.orderers.start(organization, this.options.consortium);
      if (organization.roles.includes('peer')) this.peers.add(organization, this.options.consortium);
    }
  }

  /** Installs the packages of these services at their peers. Later packages are installed by administrators. */
  #installOwn(services: readonly ChaincodeService[]): void {
    for (const { mspId, source } of services) {
      const { packageId, bytes } = source.chaincodePackage;
      const own = this.peers.list().filter((node) => node.mspId === mspId);
      for (const { packages } of own.map(({ chaincodes }) => chaincodes)) {
        if (packages.find(packageId) === undefined) packages.install(bytes);
      }
    }
  }

  async #define(source: ChaincodeSource): Promise<void> {
    for (const name of channelsOfChaincode(this.consortium, source.settings)) {
      const channel = this.channels.find(name);
      if (channel !== undefined) await defineChaincode(channel, source, this.#lifecycleMembers(channel));
    }
  }

  /** Administrators of the channel's organisations, each with its first peer. */
  #lifecycleMembers(channel: EmbeddedChannel): LifecycleMember[] {
    return this.consortium.organizations.flatMap((organization) => {
      const node = channel.applicationMspIds.includes(organization.mspId) ? this.peers.firstOf(organization.mspId) : undefined;
      if (node === undefined) return [];
      const { msp } = organizationPaths(this.dir, organization).user(ADMIN_USER);
      const view = node.channels.find(channel.name) ?? channel;
      return [new LifecycleMember({ channel, view, endorser: node.endorser, admin: loadSigner(msp, organization.mspId) })];
    });
  }

  #writeProfiles(): void {
    const ports = new Map(this.peers.list().map(({ name, port }) => [name, port]));
    this.#profiles = writeConnectionProfiles(this.dir, this.consortium, ports);
  }
}
