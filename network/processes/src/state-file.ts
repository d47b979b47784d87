import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Consortium, OperatorError, type Sentence, verbatim, sentenceOf } from '@lianyi/network-model';
import { type FabricFolders, type FabricPlan, type PortMap } from './plan';
import { type FabricLine } from './tools';

/** How far key-level policies were looked at, and which of them protect nothing. */
const keyPolicies = z.strictObject({
  nextBlock: z.int(),
  unsafe: z.record(z.string(), z.strictObject({ block: z.int(), reason: z.string() })),
});
export type KeyPolicies = z.infer<typeof keyPolicies>;

const stateSchema = z.strictObject({
  format: z.literal(1),
  /** `starting` until the first start has succeeded: what it left may be thrown away. */
  stage: z.enum(['starting', 'ready']),
  fabricLine: z.enum(['3.1', '2.5']),
  fabricVersion: z.string(),
  /** Who issues the certificates. */
  certificates: z.enum(['in-process', 'fabric-ca']).default('in-process'),
  channel: z.string(),
  /** Channels beside it that are made: every orderer is in. */
  channels: z.array(z.string()).default([]),
  /** Made once, and of nobody since all their members left: nothing is started for them, and nothing of them removed. */
  closed: z.array(z.string()).default([]),
  /** Addresses stand in the channel's configuration, so a port is chosen once. */
  ports: z.record(z.string(), z.int()),
  keyPolicies: keyPolicies.default({ nextBlock: 0, unsafe: {} }),
  /** The same for each channel beside the consortium's own. */
  channelKeyPolicies: z.record(z.string(), keyPolicies).default({}),
});
export type FabricState = z.infer<typeof stateSchema>;

/** How far the channel was looked at so far. */
export function keyPoliciesOf(state: FabricState, channel: string): KeyPolicies {
  if (channel === state.channel) return state.keyPolicies;
  return state.channelKeyPolicies[channel] ?? { nextBlock: 0, unsafe: {} };
}

/** @throws {@link OperatorError} `STATE_INCOMPLETE` — the file is there and cannot be read. */
export function readState(folders: FabricFolders): FabricState | undefined {
  if (!existsSync(folders.stateFile)) return undefined;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(folders.stateFile, 'utf8')));
  } catch (error) {
    throw new OperatorError('STATE_INCOMPLETE', {
      en: `${folders.stateFile} cannot be read (${sentenceOf(error).en.split('\n')[0] ?? ''}); 'fabric down' removes the network, and up makes a new one`,
      zh: `${folders.stateFile} 无法读取（${sentenceOf(error).zh.split('\n')[0] ?? ''}）；fabric down 删除该网络，再用 up 新建`,
    });
  }
}

/** Written beside and renamed, so that a crash leaves the old state or the new. */
export function writeState(folders: FabricFolders, state: FabricState): void {
  mkdirSync(folders.root, { recursive: true, mode: 0o700 });
  writeFileSync(`${folders.stateFile}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${folders.stateFile}.new`, folders.stateFile);
}

export function newState(fabricLine: FabricLine, fabricVersion: string, consortium: Consortium, ports: PortMap): FabricState {
  return {
    format: 1,
    stage: 'starting',
    fabricLine,
    fabricVersion,
    certificates: consortium.certificates ?? 'in-process',
    channel: consortium.channel.name,
    channels: [],
    closed: [],
    ports: Object.fromEntries(ports),
    keyPolicies: { nextBlock: 0, unsafe: {} },
    channelKeyPolicies: {},
  };
}

/** Whether the channel was made: its first block is what the orderers began it with. */
export function isMade({ channel, channels, closed }: FabricState, name: string): boolean {
  return name === channel || channels.includes(name) || closed.includes(name);
}

/**
 * Removes all a network of ours made below its data directory but its snapshots and the folders to keep; then the directory, if empty.
 */
export function removeNetwork(folders: FabricFolders, keep: readonly string[] = []): void {
  rmSync(join(folders.dataDir, 'organizations'), { recursive: true, force: true });
  rmSync(join(folders.dataDir, 'unfinished'), { recursive: true, force: true });
  const entries = existsSync(folders.root) ? readdirSync(folders.root) : [];
  for (const path of entries.map((entry) => join(folders.root, entry)).filter((path) => path !== folders.snapshots && !keep.includes(path)))
    rmSync(path, { recursive: true, force: true });
  for (const folder of [folders.root, folders.dataDir]) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
  }
}

/**
 * A network that was ready once must still have everything: a node that starts without its ledger would silently begin
 * another one.
 * @throws {@link OperatorError} `STATE_INCOMPLETE` naming the first thing that is gone.
 */
export function refuseIncompleteState(plan: FabricPlan, state: FabricState, organizationRoots: readonly string[]): void {
  const made = plan.channels.filter(({ name }) => isMade(state, name));
  const nodes = [...plan.orderers, ...plan.peers].filter(({ name }) => state.ports[name] !== undefined);
  const needed = [...organizationRoots, ...made.map(({ genesisBlock }) => genesisBlock), ...nodes.map((node) => node.data)];
  const missing = needed.find((path) => !existsSync(path));
  if (missing === undefined) return;
  throw new OperatorError('STATE_INCOMPLETE', {
    en: `the network in ${plan.folders.dataDir} is not whole: ${missing} is gone; put it back, or remove the network with 'fabric down'`,
    zh: `${plan.folders.dataDir} 中的网络不完整：缺少 ${missing}；请放回，或用 fabric down 删除网络`,
  });
}

/** @throws {@link OperatorError} `STATE_MISMATCH` — the consortium file says what cannot be changed by a start. */
export function refuseOtherNetwork(state: FabricState, consortium: Consortium, line: FabricLine): void {
  const refuse = (what: Sentence, was: string, is: Sentence): never => {
    throw new OperatorError('STATE_MISMATCH', {
      en: `the network was made with ${what.en} ${was}, the consortium file now says ${is.en}; restore the file, or remove the network with 'fabric down'`,
      zh: `网络建立时的${what.zh}为 ${was}，联盟定义文件现在写 ${is.zh}；请恢复文件，或用 fabric down 删除网络`,
    });
  };
  const channel = { en: 'the channel', zh: '通道' };
  if (state.fabricLine !== line) refuse({ en: 'fabricLine', zh: ' fabricLine ' }, state.fabricLine, verbatim(line));
  const { certificates = state.certificates } = consortium;
  if (state.certificates !== certificates) refuse({ en: 'certificates', zh: ' certificates ' }, state.certificates, verbatim(certificates));
  if (state.channel !== consortium.channel.name) refuse(channel, state.channel, verbatim(consortium.channel.name));
  const lost = state.channels.find((made) => !consortium.channels.some(({ name }) => name === made));
  if (lost !== undefined) refuse(channel, lost, { en: 'nothing of it', zh: '没有它' });
}
