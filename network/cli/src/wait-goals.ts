import { chainState, type ChannelHandle, committedDefinition, type PeerClient } from '@lianyi/network-administration';
import { OperatorError, type Sentence, waitUntil } from '@lianyi/network-model';

/** What a script may wait for on one channel, beside a network that is ready. */
export interface Goals {
  /** Number of a block, from 0 on. */
  readonly block: number | undefined;
  readonly transaction: string | undefined;
  /** Committed, and under this sequence or a later one where one is named. */
  readonly chaincode: { readonly name: string; readonly sequence: number | undefined } | undefined;
}

/** Moment until which is waited, in milliseconds since 1970. */
type Deadline = number;

const POLL_MILLIS = 200;
const SHORTEST_MILLIS = 1;

/**
 * Waits until each of these peers has all that is named.
 * @returns what programs are told of it
 * @throws {@link OperatorError} `TIMEOUT`; `FABRIC_REFUSED` — the transaction was committed and took no effect, or a peer refuses to tell
 */
export async function reachGoals(
  channel: ChannelHandle,
  peers: readonly PeerClient[],
  { block, transaction, chaincode }: Goals,
  until: Deadline,
): Promise<object> {
  if (block !== undefined) await waitForBlock(channel.name, peers, block, until);
  if (transaction !== undefined) await waitForTransaction(channel.name, peers, transaction, until);
  if (chaincode !== undefined) await waitForChaincode(channel, chaincode, until);
  return {
    ...(block !== undefined && { block }),
    ...(transaction !== undefined && { transaction, validation: VALID }),
    ...(chaincode !== undefined && { chaincode: chaincode.name }),
  };
}

const VALID = 'VALID';

async function waitForBlock(channel: string, peers: readonly PeerClient[], block: number, until: Deadline): Promise<void> {
  let behind: readonly Sentence[] = [];
  const haveIt = async (): Promise<boolean> => {
    const heights = await Promise.all(peers.map(async (peer) => [peer.node.name, await heightAt(peer, channel)] as const));
    behind = heights
      .filter(([, height]) => height <= block)
      .map(([name, height]) => ({ en: `${name} (height ${height})`, zh: `${name}（高度 ${height}）` }));
    return behind.length === 0;
  };
  const failure = (): Sentence => ({
    en: `block ${block} of ${channel} did not reach ${behind.map(({ en }) => en).join(', ')}`,
    zh: `${channel} 的区块 ${block} 没有到达 ${behind.map(({ zh }) => zh).join('、')}`,
  });
  await waitUntil(failure, haveIt, { timeoutMillis: left(until), everyMillis: POLL_MILLIS });
}

/** 0 where it does not answer, or has not joined. */
async function heightAt(peer: PeerClient, channel: string): Promise<number> {
  return chainState(peer, channel).then(
    ({ height }) => height,
    () => 0,
  );
}

async function waitForTransaction(channel: string, peers: readonly PeerClient[], id: string, until: Deadline): Promise<void> {
  const named = { channelId: channel, transactionId: id };
  const found = await Promise.all(peers.map(async (peer) => [peer.node.name, await peer.validationOf(named, left(until))] as const));
  const without = found.filter(([, validation]) => validation === undefined).map(([name]) => name);
  if (without.length > 0)
    throw new OperatorError('TIMEOUT', {
      en: `transaction ${id} was not committed on ${channel} at ${without.join(', ')} in time`,
      zh: `交易 ${id} 未能及时在 ${without.join('、')} 上提交到 ${channel}`,
    });
  const invalid = found.find(([, validation]) => validation !== VALID)?.[1];
  if (invalid !== undefined)
    throw new OperatorError('FABRIC_REFUSED', {
      en: `transaction ${id} was committed as invalid: ${invalid}`,
      zh: `交易 ${id} 提交后被判无效：${invalid}`,
    });
}

async function waitForChaincode(
  channel: ChannelHandle,
  { name, sequence = 1 }: NonNullable<Goals['chaincode']>,
  until: Deadline,
): Promise<void> {
  let committed = 0;
  const isThere = async (): Promise<boolean> => {
    committed = (await committedDefinition(channel, name))?.sequence ?? 0;
    return committed >= sequence;
  };
  const failure = (): Sentence => ({
    en: `chaincode ${name} was not committed on ${channel.name} under sequence ${sequence} (it is at ${committed})`,
    zh: `链码 ${name} 未在 ${channel.name} 上以序号 ${sequence} 提交（现为 ${committed}）`,
  });
  await waitUntil(failure, isThere, { timeoutMillis: left(until), everyMillis: POLL_MILLIS });
}

function left(until: Deadline): number {
  return Math.max(SHORTEST_MILLIS, until - Date.now());
}
