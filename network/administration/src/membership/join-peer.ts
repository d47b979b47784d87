import { OperatorError, type Organization, waitUntil } from '@lianyi/network-model';
import { currentConfig } from '../channel-update/current-config';
import { joinChannel, joinedChannels } from '../lifecycle';
import { type PeerClient } from '../peer-client';
import { type Progress } from '../progress';
import { type ChannelHandle } from '../session/channel-handle';

const CATCH_UP_MILLIS = 60_000;
const POLL_MILLIS = 50;

/** -1 while the peer has not come to the block that makes its organisation a member, and so denies its administrator. */
async function sequenceAt(client: PeerClient, channel: string): Promise<number> {
  try {
    return (await currentConfig(client, channel)).getSequence();
  } catch (error) {
    if (error instanceof OperatorError && error.message.includes('access denied')) return -1;
    throw error;
  }
}

/**
 * Joins an organisation's peer to a channel: gives it the first block, and waits until it has drawn the others from the orderers.
 * @throws {@link OperatorError} `TIMEOUT`.
 */
export async function joinPeer(channel: ChannelHandle, organization: Organization, progress: Progress): Promise<PeerClient> {
  const client = channel.peerOf(organization);
  const { name } = channel;
  if (!(await joinedChannels(client)).includes(name)) await joinChannel(client, channel.genesisBlock());
  const sequence = (await channel.newestConfig()).getSequence();
  const isCaughtUp = async (): Promise<boolean> => (await sequenceAt(client, name)) >= sequence;
  await waitUntil({ en: `${client.node.name} did not catch up`, zh: `${client.node.name} 没有追上` }, isCaughtUp, {
    timeoutMillis: CATCH_UP_MILLIS,
    everyMillis: POLL_MILLIS,
  });
  progress({
    en: `${client.node.name} joined ${name} and caught up`,
    zh: `${client.node.name} 已加入 ${name} 并追上进度`,
  });
  return client;
}
