import { lookAtOrderer, PeerClient } from '@lianyi/network-administration';
import { type ChaincodeSettings, type ChaincodeSource, readAmendments, versionKey } from '@lianyi/network-model';
import { auditKeyPolicies } from './audit-key-policies';
import {
  channelsToMake,
  clientsOf,
  type FirstBlocks,
  firstBlocks,
  joinOrderers,
  joinPeers,
  makeChannels,
  removeUnfinished,
} from './channels';
import { deployChaincodes } from './deploy';
import { type FabricPlan, type PlannedOrderer, peerEndpoint } from './plan';
import { type PreparedNetwork } from './prepare';
import { chaincodeProcesses, fabricProcesses } from './process-specs';
import { writeProfiles } from './profiles';
import { leadersElected } from './raft-leader';
import { refreshBuilds } from './refresh-builds';
import { type FabricState, type KeyPolicies, keyPoliciesOf, writeState } from './state-file';
import { type Stopwatch } from './stopwatch';
import { type Supervisor } from './supervisor';
import { refuseUnrecorded } from './unrecorded-deployment';
import { viewChangesAt } from './view-change';
import { type OrdererHeight, OrdererWatchdog } from './watchdog';

interface BroughtUp {
  readonly state: FabricState;
  /** Connection profile of each organisation, by MSP id. */
  readonly profiles: ReadonlyMap<string, string>;
}

/** Starts what was prepared and returns when every organisation's gateway can submit on every channel. */
export async function bringUp(
  preparation: PreparedNetwork,
  supervisor: Supervisor,
  stopwatch: Stopwatch,
  despiteUnsafeKeys: boolean,
): Promise<BroughtUp> {
  const { plan, tools, isFresh, authorityServers, state: before } = preparation;
  const services = chaincodeProcesses(plan, ({ chaincode }) => {
    const { folder, command, chaincodePackage } = sourceOf(preparation.sources, chaincode);
    return { folder, command, packageId: chaincodePackage.packageId };
  });
  const nodes = [...fabricProcesses(plan, tools), ...services];
  const start = (): Promise<unknown> =>
    stopwatch.time('nodes ready', () => Promise.all([supervisor.start(nodes), authorityServers?.startAll(plan)]));
  const blocks = isFresh ? await startFresh(preparation, start, stopwatch) : await startAgain(preparation, start, stopwatch);
  const clients = plan.peers.map((node) => new PeerClient(peerEndpoint(node), plan.folders.dataDir));
  try {
    await join(preparation, clients, blocks, stopwatch);
    await refuseUnrecorded(plan, clients, readAmendments(plan.folders.root).incoming);
    const keyPolicies = await stopwatch.time('key policies', () => auditAll(preparation, clients, despiteUnsafeKeys));
    await deployAll(preparation, clients, stopwatch);
    const state = withKeyPolicies({ ...withChannels(before, plan), stage: 'ready' }, keyPolicies);
    writeState(plan.folders, state);
    return { state, profiles: writeProfiles(plan, plan.consortium) };
  } finally {
    for (const client of clients) client.close();
  }
}

/** The nodes need no block to start, so the blocks are made while they do. */
async function startFresh({ plan, tools }: PreparedNetwork, start: () => Promise<unknown>, stopwatch: Stopwatch): Promise<FirstBlocks> {
  const [blocks] = await Promise.all([stopwatch.time('genesis block', () => firstBlocks(plan, tools, plan.channels)), start()]);
  return blocks;
}

/** A channel that the definition names since is made before any peer joins it, and recorded: it is whole or not there. */
async function startAgain(
  { plan, tools, state }: PreparedNetwork,
  start: () => Promise<unknown>,
  stopwatch: Stopwatch,
): Promise<FirstBlocks> {
  // a service may have got another port since its package was installed
  refreshBuilds(plan);
  await start();
  await removeUnfinished(plan, state);
  const making = channelsToMake(plan, state);
  if (making.length > 0) {
    await stopwatch.time('new channels', () => makeChannels(plan, tools, making));
    writeState(plan.folders, withChannels(state, plan));
  }
  return firstBlocks(plan, tools, []);
}

export function withChannels(state: FabricState, { channels }: FabricPlan): FabricState {
  const planned = channels.slice(1).map(({ name }) => name);
  const known = [...new Set([...state.closed, ...state.channels])];
  return { ...state, channels: planned, closed: known.filter((name) => !planned.includes(name)) };
}

export function sourceOf(sources: readonly ChaincodeSource[], chaincode: Pick<ChaincodeSettings, 'name' | 'version'>): ChaincodeSource {
  const source = sources.find(({ settings }) => versionKey(settings) === versionKey(chaincode));
  if (!source) throw new Error(`chaincode ${versionKey(chaincode)} is planned and has no folder`);
  return source;
}

/** Orderers and peers at the same time: neither needs the other to take a channel's first block. */
async function join(
  { plan, isFresh }: PreparedNetwork,
  clients: readonly PeerClient[],
  blocks: FirstBlocks,
  stopwatch: Stopwatch,
): Promise<void> {
  const orderers = async (): Promise<void> => {
    for (const channel of plan.channels) {
      const block = blocks.get(channel.name);
      if (block) await joinOrderers(plan, channel, block);
    }
  };
  await Promise.all([
    stopwatch.time('orderers joined', orderers),
    stopwatch.time('peers joined', () => joinPeers(plan, clients, blocks, isFresh)),
  ]);
  await stopwatch.time('leaders elected', () =>
    leadersElected(
      plan,
      plan.channels.map(({ name }) => name),
    ),
  );
}

async function auditAll(
  { plan, state }: PreparedNetwork,
  clients: readonly PeerClient[],
  despiteUnsafeKeys: boolean,
): Promise<ReadonlyMap<string, KeyPolicies>> {
  const audited = new Map<string, KeyPolicies>();
  for (const channel of plan.channels) {
    const { name } = channel;
    const former = keyPoliciesOf(state, name);
    audited.set(name, await auditKeyPolicies(plan.folders.dataDir, name, clientsOf(channel, clients), former, despiteUnsafeKeys));
  }
  return audited;
}

function withKeyPolicies(state: FabricState, audited: ReadonlyMap<string, KeyPolicies>): FabricState {
  const { [state.channel]: keyPolicies, ...channelKeyPolicies } = Object.fromEntries(audited);
  return { ...state, ...(keyPolicies && { keyPolicies }), channelKeyPolicies };
}

async function deployAll({ plan, sources, isFresh }: PreparedNetwork, clients: readonly PeerClient[], stopwatch: Stopwatch): Promise<void> {
  for (const channel of plan.channels) {
    const deployment = {
      dataDir: plan.folders.dataDir,
      channel,
      clients: clientsOf(channel, clients),
      packageOf: (chaincode: ChaincodeSettings) => sourceOf(sources, chaincode).chaincodePackage,
      stopwatch,
      suffix: channel === plan.channel ? '' : ` (${channel.name})`,
    };
    await deployChaincodes(deployment, isFresh);
  }
}

/** What the watchdog is told of one orderer that wants another leader alone: it stands where it no longer votes. */
const VOTELESS = 0;

async function heightOf(dataDir: string, node: PlannedOrderer, channel: string): Promise<readonly OrdererHeight[]> {
  const { name } = node;
  const info = await lookAtOrderer(dataDir, node, channel);
  if (info === 'no answer') return [{ name, height: undefined }];
  // one that only follows, or does not yet, looks for blocks when it likes (orderer/common/follower/options.go)
  if (info === 'not joined' || info.consensusRelation !== 'consenter') return [];
  const isVoteless = (await viewChangesAt(dataDir, node)).includes(channel);
  return [{ name, height: isVoteless ? VOTELESS : info.height }];
}

/** Watches the orderers of the network on every channel, as it is when it looks. */
export function watchOrderers(planNow: () => FabricPlan, supervisor: Supervisor): OrdererWatchdog {
  const watchdog = new OrdererWatchdog({
    heights: async () => {
      const { folders, channels } = planNow();
      const running = new Set(supervisor.states().flatMap(({ name, pid }) => (pid === undefined ? [] : [name])));
      const heights = channels.map(async (channel) => {
        const looked = channel.orderers.filter(({ name }) => running.has(name));
        const found = await Promise.all(looked.map((node) => heightOf(folders.dataDir, node, channel.name)));
        return [channel.name, found.flat()] as const;
      });
      return new Map(await Promise.all(heights));
    },
    restart: (name, reason) => supervisor.restartNode(name, reason),
  });
  watchdog.start();
  return watchdog;
}
