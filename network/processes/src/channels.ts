import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { channelAtOrderer, joinChannel, joinedChannels, joinOrderer, leaveChannel, type PeerClient } from '@lianyi/network-administration';
import { writeGenesisBlock } from './node-files';
import { type FabricPlan, type PlannedChannel } from './plan';
import { leadersElected } from './raft-leader';
import { type FabricState, isMade } from './state-file';
import { type FabricTools } from './tools';

/** Clients of the peers that are members of the channel. */
export function clientsOf(channel: PlannedChannel, clients: readonly PeerClient[]): readonly PeerClient[] {
  return clients.filter(({ node }) => channel.peers.some(({ name }) => name === node.name));
}

/** Those a running network has not got yet. */
export function channelsToMake(plan: FabricPlan, state: FabricState): readonly PlannedChannel[] {
  return plan.channels.filter(({ name }) => !isMade(state, name));
}

/** By channel. */
export type FirstBlocks = ReadonlyMap<string, Buffer>;

/** The first block of each channel; made where the channel is not yet. */
export async function firstBlocks(plan: FabricPlan, tools: FabricTools, making: readonly PlannedChannel[]): Promise<FirstBlocks> {
  const blocks = plan.channels.map(async (channel) => {
    const block = making.includes(channel) ? await writeGenesisBlock(plan, channel, tools) : readFileSync(channel.genesisBlock);
    return [channel.name, block] as const;
  });
  return new Map(await Promise.all(blocks));
}

/** Every orderer that is not one of the channel's yet becomes one. */
export async function joinOrderers({ folders }: FabricPlan, { name, orderers }: PlannedChannel, block: Buffer): Promise<void> {
  await Promise.all(
    orderers.map(async (node) => {
      if (!(await channelAtOrderer(folders.dataDir, node, name))) await joinOrderer(folders.dataDir, node, block);
    }),
  );
}

/**
 * One peer after the other. A peer that joins connects to the others at once, and one that has not joined yet refuses it; where
 * two do so at the same time, the first message between them may be lost, and gossip waits 5 s for its answer before it says it
 * again (gossip/discovery/discovery_impl.go sendUntilAcked; seen in a third of quick starts). The last to join finds all ready.
 */
export async function joinPeers(plan: FabricPlan, clients: readonly PeerClient[], blocks: FirstBlocks, isFresh: boolean): Promise<void> {
  for (const client of clients) {
    const joined = isFresh ? [] : await joinedChannels(client);
    for (const { name, peers } of plan.channels) {
      const block = blocks.get(name);
      const isMember = peers.some((peer) => peer.name === client.node.name);
      if (isMember && block && !joined.includes(name)) await joinChannel(client, block);
    }
  }
}

async function leaveOrderers({ folders, orderers }: FabricPlan, channel: string): Promise<void> {
  await Promise.all(
    orderers.map(async (node) => {
      if (await channelAtOrderer(folders.dataDir, node, channel)) await leaveChannel(folders.dataDir, node, channel);
    }),
  );
}

/**
 * Takes away what a killed verb or start left of channels that were never recorded as made: no peer has joined them, since peers
 * join afterwards.
 */
export async function removeUnfinished(plan: FabricPlan, state: FabricState): Promise<void> {
  const { channels } = plan.folders;
  if (!existsSync(channels)) return;
  for (const name of readdirSync(channels).filter((channel) => !isMade(state, channel))) {
    await leaveOrderers(plan, name);
    rmSync(join(channels, name), { recursive: true, force: true });
  }
}

/**
 * Makes channels on running orderers: the first block, every orderer joined, a leader where one is elected. Of a channel that
 * cannot be made nothing stays.
 */
export async function makeChannels(plan: FabricPlan, tools: FabricTools, making: readonly PlannedChannel[]): Promise<void> {
  try {
    for (const channel of making) await joinOrderers(plan, channel, await writeGenesisBlock(plan, channel, tools));
    await leadersElected(
      plan,
      making.map(({ name }) => name),
    );
  } catch (error) {
    for (const { name, folder } of making) {
      await leaveOrderers(plan, name).catch(() => undefined); // what stays is removed by the next start
      rmSync(folder, { recursive: true, force: true });
    }
    throw error;
  }
}
