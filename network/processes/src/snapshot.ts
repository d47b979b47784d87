import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { common, installPackage, marshal, newNonce, peer } from '@lianyi/fabric-protocol';
import {
  chainState,
  type ChainState,
  type ChannelHandle,
  endorsersKnownTo,
  joinChannel,
  joinedChannels,
  LOOPBACK,
  loopbackAddress,
  nodeTls,
  packageOf,
  type PeerClient,
  type Progress,
} from '@lianyi/network-administration';
import { askAction, OperatorError, organizationPaths, versionKey, waitUntil, sentenceOf } from '@lianyi/network-model';
import { fabricFolders } from './plan';

function dataOf(channel: ChannelHandle, { node }: PeerClient): string {
  return join(fabricFolders(channel.dataDir).nodes, node.name, 'data');
}

interface Snapshot extends ChainState {
  readonly peer: string;
  readonly folder: string;
}

const WORK_MILLIS = 120_000;
const WORK = { timeoutMillis: WORK_MILLIS, everyMillis: 100 };
const METADATA = '_snapshot_signable_metadata.json';
const metadataSchema = z.object({
  channel_name: z.string(),
  last_block_number: z.int(),
  last_block_hash: z.string(),
  snapshot_files_raw_hashes: z.record(z.string(), z.string()),
});

function signedRequest(client: PeerClient, channel: string): peer.SignedSnapshotRequest {
  const header = new common.SignatureHeader();
  header.setCreator(client.signer.serializedIdentity);
  header.setNonce(newNonce());
  const request = new peer.SnapshotRequest();
  request.setSignatureHeader(header);
  request.setChannelId(channel);
  request.setBlockNumber(0); // as of the block committed last
  const bytes = marshal(request);
  const signed = new peer.SignedSnapshotRequest();
  signed.setRequest(bytes);
  signed.setSignature(client.signer.sign(bytes));
  return signed;
}

/** @remarks Source: fabric internal/peer/snapshot/submitrequest.go. */
async function requestSnapshot(client: PeerClient, dataDir: string, channel: string): Promise<void> {
  const { tls } = organizationPaths(dataDir, client.node.organization).node('peer', client.node.index);
  const service = new peer.SnapshotClient(loopbackAddress(client.node.port), nodeTls(readFileSync(join(tls, 'ca.crt'))), LOOPBACK);
  try {
    await new Promise<void>((resolve, reject) => {
      service.generate(signedRequest(client, channel), { deadline: Date.now() + WORK_MILLIS }, (error) => {
        // asked twice at one height: the snapshot is there, or being made
        if (error && !error.details.includes('already'))
          reject(
            new OperatorError(
              'FABRIC_REFUSED',
              { en: `${client.node.name} makes no snapshot: ${error.details}`, zh: `${client.node.name} 没有生成快照：${error.details}` },
              { cause: error },
            ),
          );
        else resolve();
      });
    });
  } finally {
    service.close();
  }
}

function readMetadata(folder: string): z.infer<typeof metadataSchema> {
  try {
    return metadataSchema.parse(JSON.parse(readFileSync(join(folder, METADATA), 'utf8')));
  } catch (error) {
    throw new OperatorError('UNKNOWN_NAME', {
      en: `${folder} holds no snapshot of a peer (${sentenceOf(error).en.split('\n')[0] ?? ''})`,
      zh: `${folder} 中没有 peer 节点的快照（${sentenceOf(error).zh.split('\n')[0] ?? ''}）`,
    });
  }
}

/** A peer looks at the files only after it has begun to join, and then says so in its log alone. */
function refuseDamage(folder: string, hashes: Readonly<Record<string, string>>): void {
  for (const [file, expected] of Object.entries(hashes)) {
    const path = join(folder, file);
    const found = existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'missing';
    if (found !== expected)
      throw new OperatorError('STATE_MISMATCH', {
        en: `the snapshot is damaged: ${path} is ${found === 'missing' ? found : 'not what was written'}; take another`,
        zh: `快照已损坏：${path} ${found === 'missing' ? '缺失' : '与写入时不同'}；请用另一个`,
      });
  }
}

/** The copy is there as a whole or not at all. @throws {@link OperatorError} `DISK`. */
function copyWhole(source: string, target: string): void {
  const unfinished = `${target}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    cpSync(source, unfinished, { recursive: true });
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Node's copy says EIO for whatever went wrong while it wrote, a full disk included
    throw new OperatorError(
      'DISK',
      {
        en: `the snapshot could not be copied to ${target}, no room perhaps: ${sentenceOf(error).en}`,
        zh: `快照无法复制到 ${target}，可能空间不足：${sentenceOf(error).zh}`,
      },
      { cause: error },
    );
  }
}

/** Blocks of which the peer has finished snapshots, the newest first. */
function finishedSnapshots(completed: string): readonly number[] {
  if (!existsSync(completed)) return [];
  return readdirSync(completed)
    .map(Number)
    .sort((a, b) => b - a);
}

/**
 * Has a peer write a snapshot of the channel and copies it beside the nodes, where it survives the peer. It holds the public
 * state and the hashes of private data, not the private values and no earlier block.
 */
export async function takeSnapshot(channel: ChannelHandle, name: string, progress: Progress): Promise<Snapshot> {
  const client = channel.peerOf(channel.organization(name));
  const { height } = await chainState(client, channel.name);
  await requestSnapshot(client, channel.dataDir, channel.name);
  const completed = join(dataOf(channel, client), 'snapshots', 'completed', channel.name);
  const isFinished = (): boolean => (finishedSnapshots(completed)[0] ?? -1) >= height - 1;
  await waitUntil({ en: `${client.node.name} did not finish its snapshot`, zh: `${client.node.name} 没有完成快照` }, isFinished, WORK);
  const [made = height - 1] = finishedSnapshots(completed);
  const folder = join(
    fabricFolders(channel.dataDir).snapshots,
    client.node.name,
    channel.isOwn ? String(made) : `${channel.name}-${String(made)}`,
  );
  if (!existsSync(folder)) {
    mkdirSync(join(folder, '..'), { recursive: true, mode: 0o700 });
    copyWhole(join(completed, String(made)), folder);
  }
  const metadata = readMetadata(folder);
  progress({
    en: `${client.node.name} wrote its state as of block ${made}`,
    zh: `${client.node.name} 已写出截至区块 ${made} 的状态`,
  });
  return { peer: client.node.name, folder, height: metadata.last_block_number + 1, currentBlockHash: metadata.last_block_hash };
}

interface Restored extends ChainState {
  readonly peer: string;
  /** Where what the peer held before was put aside. */
  readonly formerData: string;
  readonly warning: string;
}

/** @remarks Source: fabric internal/peer/channel/joinbysnapshot.go. */
async function joinBySnapshot(client: PeerClient, channel: string, folder: string): Promise<void> {
  const call = (...args: readonly string[]): Promise<Buffer> =>
    client.query({ channelId: '', chaincode: 'cscc', args: args.map((argument) => Buffer.from(argument)) });
  await call('JoinChainBySnapshot', folder);
  const hasEnded = async (): Promise<boolean> =>
    !peer.JoinBySnapshotStatus.deserializeBinary(await call('JoinBySnapshotStatus')).getInProgress();
  await waitUntil({ en: `${client.node.name} did not read the snapshot`, zh: `${client.node.name} 没有读完快照` }, hasEnded, WORK);
  if ((await joinedChannels(client)).includes(channel)) return;
  throw new OperatorError('FABRIC_REFUSED', {
    en: `${client.node.name} could not use the snapshot; 'fabric logs ${client.node.name}' says why`,
    zh: `${client.node.name} 无法使用该快照；fabric logs ${client.node.name} 显示原因`,
  });
}

/** Waits until the peer has committed what another had committed when asked, and that is the same chain. */
async function catchUp(client: PeerClient, other: PeerClient, channel: string): Promise<ChainState> {
  const [name, aim] = [client.node.name, await chainState(other, channel)];
  let own = aim;
  const isAtAim = async (): Promise<boolean> => (await chainState(client, channel)).height >= aim.height;
  await waitUntil({ en: `${name} did not reach height ${aim.height}`, zh: `${name} 没有达到高度 ${aim.height}` }, isAtAim, WORK);
  const isAtSameBlock = async (): Promise<boolean> => {
    const [mine, theirs] = await Promise.all([chainState(client, channel), chainState(other, channel)]);
    if (mine.height === theirs.height && mine.currentBlockHash !== theirs.currentBlockHash)
      throw new OperatorError('NODE_FAILED', {
        en: `${name} and ${other.node.name} have different blocks at height ${mine.height}`,
        zh: `${name} 与 ${other.node.name} 在高度 ${mine.height} 的区块不同`,
      });
    own = mine;
    return mine.height === theirs.height;
  };
  await waitUntil(
    { en: `${name} and ${other.node.name} did not stand at the same block`, zh: `${name} 与 ${other.node.name} 没有停在同一区块` },
    isAtSameBlock,
    WORK,
  );
  return own;
}

async function installChaincodes(channel: ChannelHandle, client: PeerClient, progress: Progress): Promise<void> {
  for (const settings of channel.consortium.chaincodes) {
    const source = channel.session.network.chaincodes.find((running) => versionKey(running) === versionKey(settings));
    if (!source) continue;
    await installPackage(client, packageOf(settings, source.folder));
    // what its organisation approved is known by its hash; approving again is neither needed nor possible
    const knowsAll = async (): Promise<boolean> =>
      (await endorsersKnownTo(client, channel.dataDir, channel.name, settings.name)) >= channel.allPeers.length;
    await waitUntil(
      {
        en: `${client.node.name} did not learn of all that endorse ${settings.name}`,
        zh: `${client.node.name} 没有得知为 ${settings.name} 背书的全部节点`,
      },
      knowsAll,
      WORK,
    );
    progress({
      en: `${client.node.name} has ${settings.name} ${settings.version} again`,
      zh: `${client.node.name} 重新有了 ${settings.name} ${settings.version}`,
    });
  }
}

/** The peer's other channels it draws from their first blocks on. */
async function rejoinOthers(channel: ChannelHandle, client: PeerClient, progress: Progress): Promise<void> {
  for (const other of channel.session.channels.filter(({ name }) => name !== channel.name)) {
    if (!other.allPeers.some(({ node }) => node.name === client.node.name)) continue;
    await joinChannel(client, other.genesisBlock());
    progress({
      en: `${client.node.name} joined ${other.name} again, from its first block`,
      zh: `${client.node.name} 已从首个区块起重新加入 ${other.name}`,
    });
    await installChaincodes(other, client, progress);
  }
}

/** @throws {@link OperatorError} `UNKNOWN_NAME`, `STATE_MISMATCH` — it is damaged, or of another channel. */
function usableSnapshot(folder: string, channel: string): z.infer<typeof metadataSchema> {
  const metadata = readMetadata(folder);
  if (metadata.channel_name !== channel)
    throw new OperatorError('STATE_MISMATCH', {
      en: `the snapshot is of channel ${metadata.channel_name}, not ${channel}; --channel names another`,
      zh: `该快照属于通道 ${metadata.channel_name}，而不是 ${channel}；可用 --channel 指定`,
    });
  refuseDamage(folder, metadata.snapshot_files_raw_hashes);
  return metadata;
}

/**
 * Rebuilds a peer from a snapshot: what it held is put aside, it joins the channel with the snapshot, draws the later blocks
 * and gets its chaincode back; its other channels it draws anew. If that fails, it gets back what it held.
 */
export async function restorePeer(channel: ChannelHandle, name: string, folder: string, progress: Progress): Promise<Restored> {
  const client = channel.peerOf(channel.organization(name));
  const { node } = client;
  const data = dataOf(channel, client);
  const metadata = usableSnapshot(folder, channel.name);
  const other = channel.peers.find((candidate) => candidate !== client);
  if (!other)
    throw new OperatorError('STATE_MISMATCH', {
      en: `${node.name} is the only peer; there is nobody to compare it with`,
      zh: `${node.name} 是唯一的 peer 节点；没有可与之比较的节点`,
    });
  const former = `${data}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  await askAction(channel.dataDir, node.name, 'stop');
  renameSync(data, former);
  try {
    mkdirSync(data, { mode: 0o700 });
    await askAction(channel.dataDir, node.name, 'start');
    progress({
      en: `${node.name} started with nothing; what it held is in ${former}`,
      zh: `${node.name} 以空状态启动；原有数据在 ${former}`,
    });
    await joinBySnapshot(client, channel.name, folder);
    progress({
      en: `${node.name} took the snapshot as of block ${metadata.last_block_number}`,
      zh: `${node.name} 已采用截至区块 ${metadata.last_block_number} 的快照`,
    });
    await installChaincodes(channel, client, progress);
    await rejoinOthers(channel, client, progress);
    const state = await catchUp(client, other, channel.name);
    const warning = `a snapshot holds no private values: what only ${node.name} had of them is in ${former}`;
    return { peer: node.name, ...state, formerData: former, warning };
  } catch (error) {
    await askAction(channel.dataDir, node.name, 'stop');
    rmSync(data, { recursive: true, force: true });
    renameSync(former, data);
    await askAction(channel.dataDir, node.name, 'start');
    throw error;
  }
}
