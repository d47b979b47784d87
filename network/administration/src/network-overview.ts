import { committedDefinitions } from '@lianyi/fabric-protocol';
import { type AdminSession } from './session/admin-session';
import { type ChannelHandle } from './session/channel-handle';
import { chainState } from './chain-state';
import { type PeerClient } from './peer-client';

/** A chaincode as a channel has committed it. */
export interface CommittedChaincode {
  readonly channel: string;
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
}

/** What the peers themselves say of a running network. */
export interface NetworkOverview {
  /** Number of blocks of each channel, by the peer's name; a peer that does not answer is not in it. */
  readonly heights: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Of every channel of which a peer answers. */
  readonly chaincodes: readonly CommittedChaincode[];
}

async function heightAt(client: PeerClient, channel: string): Promise<number | undefined> {
  try {
    return (await chainState(client, channel)).height;
  } catch {
    return undefined; // it is down or has not joined: the status of its process tells
  }
}

async function definitionsOn(channel: ChannelHandle, able: readonly PeerClient[]): Promise<readonly CommittedChaincode[]> {
  const client = channel.allPeers.find((each) => able.includes(each));
  if (!client) return [];
  const committed = await committedDefinitions(client, channel.name).catch(() => []);
  return committed.map(({ name, version, sequence }) => ({ channel: channel.name, name, version, sequence }));
}

/** Asks every peer how far it is, and one of each channel what is committed there. Never rejects for what does not answer. */
export async function lookOver(session: AdminSession): Promise<NetworkOverview> {
  const heights = new Map<string, Record<string, number>>();
  const chaincodes = await Promise.all(
    session.channels.map(async (channel) => {
      const able: PeerClient[] = [];
      await Promise.all(
        channel.allPeers.map(async (client) => {
          const height = await heightAt(client, channel.name);
          if (height === undefined) return;
          able.push(client);
          heights.set(client.node.name, { ...heights.get(client.node.name), [channel.name]: height });
        }),
      );
      return definitionsOn(channel, able);
    }),
  );
  return { heights, chaincodes: chaincodes.flat() };
}
