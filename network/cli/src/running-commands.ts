import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  askAction,
  askStatus,
  describeTolerance,
  type NetworkStatus,
  NODE_ACTIONS,
  type NodeAction,
  type NodeStatus,
  OperatorError,
  type OrderingStatus,
  quorumOf,
} from '@lianyi/network-model';
import { z } from 'zod';
import { showLogs } from './logs';
import { channelOptions, dirOption, networkOptions } from './on-network';
import { argument, parsed, wholeNumber } from './option';
import { type LineOutput } from './output';
import { verb, type VerbSpec } from './verb-spec';

/** What differs between the kinds of network. */
interface NetworkControls {
  /** Where its networks lie unless `--dir` says otherwise. */
  readonly defaultDir: string;
  /** Has the network of a directory end; answers whether it ran. */
  readonly stop: (dataDir: string) => Promise<boolean>;
  /** Has it end and removes it. @throws {@link OperatorError} `NOT_RUNNING` — the directory holds no such network. */
  readonly down: (dataDir: string) => Promise<void>;
  /** Where its nodes' logs are. */
  readonly logsFolder: (dataDir: string) => string;
}

/** `down`, `stop`, `status`, `node` and `logs`. */
export const runningVerbs = (kind: NetworkControls): readonly VerbSpec[] => [
  downVerb(kind),
  stopVerb(kind),
  statusVerb(kind),
  nodeVerb(kind),
  logsVerb(kind),
];

const downVerb = ({ defaultDir, down }: NetworkControls): VerbSpec =>
  verb({
    name: 'down',
    summary: {
      en: 'stop the network and remove it: ledgers, certificates, keys and logs',
      zh: '停止并删除网络：账本、证书、密钥和日志',
    },
    options: { dir: dirOption(defaultDir) },
    action: async ({ dir }, { output }) => {
      const dataDir = resolve(dir);
      // a verb may be repeated: where nothing is any more, there is nothing to refuse
      if (existsSync(dataDir)) await down(dataDir);
      output.out(`the network in ${dataDir} is gone`);
    },
  });

const stopVerb = ({ defaultDir, stop }: NetworkControls): VerbSpec =>
  verb({
    name: 'stop',
    summary: { en: 'stop the network of a directory; a later up continues', zh: '停止某目录中的网络；之后用 up 可继续' },
    options: networkOptions(defaultDir),
    action: async ({ dir, json }, { output }) => {
      const ran = await stop(resolve(dir));
      if (json) output.out(JSON.stringify({ dir: resolve(dir), ran }));
      else output.out(ran ? 'stopped' : `nothing ran in ${resolve(dir)}`);
    },
  });

const statusVerb = ({ defaultDir }: NetworkControls): VerbSpec =>
  verb({
    name: 'status',
    summary: {
      en: 'the nodes of the running network: process, restarts, height on the channel',
      zh: '运行中网络的节点：进程、重启次数、通道上的区块高度',
    },
    options: channelOptions(defaultDir),
    action: (input, { output }) => showStatus(input, output),
  });

const nodeVerb = ({ defaultDir }: NetworkControls): VerbSpec =>
  verb({
    name: 'node',
    summary: {
      en: `${NODE_ACTIONS.join(', ')} one node of the running network, by the name that status shows`,
      zh: `对运行中网络的一个节点执行 ${NODE_ACTIONS.join('、')}，名称见 status`,
    },
    arguments: {
      action: argument('<action>', { en: NODE_ACTIONS.join(', '), zh: NODE_ACTIONS.join('、') }),
      name: argument('<name>', { en: 'name of the node', zh: '节点名称' }),
    },
    options: networkOptions(defaultDir),
    action: async ({ action, name, dir, json }, { output }) => {
      await askAction(resolve(dir), name, parseAction(action));
      output.out(json ? JSON.stringify({ node: name, action }) : `${name}: ${action} done`);
    },
  });

const logsVerb = ({ defaultDir, logsFolder }: NetworkControls): VerbSpec =>
  verb({
    name: 'logs',
    summary: { en: 'what the nodes, or one of them, wrote last', zh: '各节点（或其中一个）最近的日志' },
    arguments: {
      node: {
        term: '[node]',
        text: { en: 'name of the node; all, if absent', zh: '节点名称；省略则为全部' },
        schema: z.string().optional(),
      },
    },
    options: {
      dir: dirOption(defaultDir),
      lines: parsed(
        '--lines <number>',
        { en: 'lines of each node', zh: '每个节点的行数' },
        {
          schema: wholeNumber(1, 999_999),
          preset: '20',
          needs: { en: 'a whole number from 1 is needed', zh: '需要从 1 开始的整数' },
        },
      ),
    },
    action: ({ node, dir, lines }, { output }) => {
      showLogs(logsFolder(resolve(dir)), node, lines, output);
    },
  });

interface StatusInput {
  readonly dir: string;
  readonly json: boolean;
  readonly channel: string | undefined;
}

function parseAction(text: string): NodeAction {
  const action = NODE_ACTIONS.find((name) => name === text);
  if (!action) throw new OperatorError('UNKNOWN_NAME', `there is no action ${text}; there are ${NODE_ACTIONS.join(', ')}`);
  return action;
}

async function showStatus({ dir, json, channel }: StatusInput, output: LineOutput): Promise<void> {
  const whole = await askStatus(resolve(dir));
  const status = channel === undefined ? whole : onChannel(whole, channel);
  if (json) {
    output.out(JSON.stringify(status));
    return;
  }
  const version = status.fabricVersion === undefined ? 'Embedded network' : `Fabric ${status.fabricVersion}`;
  const others = status.channels.filter((name) => name !== status.channel);
  output.out(`${version}, channel ${status.channel}${others.length === 0 ? '' : `; there are also ${others.join(', ')}`}`);
  const width = Math.max(...status.nodes.map(({ name }) => name.length));
  for (const node of status.nodes) output.out(`  ${node.name.padEnd(width)}  ${node.kind.padEnd(9)}  ${stateOf(node)}`);
  for (const ordering of status.ordering ?? []) output.out(`  ${toleranceOf(ordering)}`);
}

function stateOf({ pid, stopped, restarts, height }: NodeStatus): string {
  const state = pid === undefined ? (stopped ? 'stopped' : 'not running') : `process ${pid}`;
  return `${state}${height === undefined ? '' : `, height ${height}`}${restarts === 0 ? '' : `, restarted ${restarts} times`}`;
}

function toleranceOf({ channel, ordering, orderers, working, mayStopNow }: OrderingStatus): string {
  const all = `${channel} is ordered by ${describeTolerance(ordering, orderers)}`;
  if (working === orderers) return all;
  if (working < quorumOf(ordering, orderers)) return `${all}; ${working} work now, too few to order anything`;
  return `${all}; ${working} work now, of which ${mayStopNow === 0 ? 'none' : String(mayStopNow)} may stop`;
}

function onChannel(status: NetworkStatus, channel: string): NetworkStatus {
  if (!status.channels.includes(channel))
    throw new OperatorError('UNKNOWN_NAME', `there is no channel ${channel}; there are ${status.channels.join(', ')}`);
  const nodes = status.nodes.map(({ height: ofOwnChannel, ...node }) => {
    const height = node.heights === undefined ? ofOwnChannel : node.heights[channel];
    return { ...node, ...(height !== undefined && { height }) };
  });
  const ordering = status.ordering?.filter((entry) => entry.channel === channel);
  return { ...status, channel, nodes, ...(ordering && { ordering }) };
}
