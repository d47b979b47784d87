import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
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
import { showLogs } from './logs';
import { type Output } from './output';
import { addChannelVerb, addVerb, type ChannelOptions, type VerbGroup, type VerbOptions } from './verb-group';

/** What differs between the kinds of network. */
export interface NetworkKind extends VerbGroup {
  /** Has the network of a directory end; answers whether it ran. */
  readonly stop: (dataDir: string) => Promise<boolean>;
  /** Has it end and removes it. @throws {@link OperatorError} `NOT_RUNNING` — the directory holds no such network. */
  readonly down: (dataDir: string) => Promise<void>;
  /** Where its nodes' logs are. */
  readonly logsFolder: (dataDir: string) => string;
}

/** Registers `down`, `stop`, `status`, `node` and `logs`. */
export function addRunningVerbs(kind: NetworkKind, output: Output): void {
  kind.command
    .command('down')
    .description('stop the network and remove it: ledgers, certificates, keys and logs')
    .option('--dir <dir>', "the network's directory", kind.defaultDir)
    .action(async ({ dir }: Pick<VerbOptions, 'dir'>) => {
      await kind.down(resolve(dir));
      output.out(`the network in ${resolve(dir)} is gone`);
    });
  addVerb(kind, 'stop', 'stop the network of a directory; a later up continues').action(async ({ dir, json }: VerbOptions) => {
    const ran = await kind.stop(resolve(dir));
    if (json) output.out(JSON.stringify({ dir: resolve(dir), ran }));
    else output.out(ran ? 'stopped' : `nothing ran in ${resolve(dir)}`);
  });
  addChannelVerb(kind, 'status', 'the nodes of the running network: process, restarts, height on the channel').action(
    async (options: ChannelOptions) => {
      await showStatus(options, output);
    },
  );
  addVerb(kind, 'node <action> <name>', `${NODE_ACTIONS.join(', ')} one node of the running network, by the name that status shows`).action(
    async (action: string, name: string, { dir, json }: VerbOptions) => {
      await askAction(resolve(dir), name, parseAction(action));
      output.out(json ? JSON.stringify({ node: name, action }) : `${name}: ${action} done`);
    },
  );
  kind.command
    .command('logs [node]')
    .description('what the nodes, or one of them, wrote last')
    .option('--dir <dir>', "the network's directory", kind.defaultDir)
    .option('--lines <number>', 'lines of each node', parseLines, 20)
    .action((node: string | undefined, { dir, lines }: VerbOptions & { readonly lines: number }) => {
      showLogs(kind.logsFolder(resolve(dir)), node, lines, output);
    });
}

function parseLines(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 is needed');
  return Number(text);
}

function parseAction(text: string): NodeAction {
  const action = NODE_ACTIONS.find((name) => name === text);
  if (!action) throw new OperatorError('UNKNOWN_NAME', `there is no action ${text}; there are ${NODE_ACTIONS.join(', ')}`);
  return action;
}

async function showStatus({ dir, json, channel }: ChannelOptions, output: Output): Promise<void> {
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
