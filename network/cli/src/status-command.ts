import { resolve } from 'node:path';
import { AdminSession, listCertificates, lookOver, type NetworkOverview } from '@lianyi/network-administration';
import {
  askStatus,
  describeTolerance,
  type NetworkStatus,
  type NodeStatus,
  OperatorError,
  type OrderingStatus,
  quorumOf,
} from '@lianyi/network-model';
import { wrapColumns, TERMINAL_COLUMNS } from './columns';
import { type HelpText } from './language';
import { localDay } from './moment';
import { channelOptions } from './on-network';
import { type Column, printTable } from './table';
import { type VerbCall, verb, type VerbSpec } from './verb-spec';
import { wordFor } from './vocabulary';

/** `status`. */
export const statusVerb = (defaultDir: string): VerbSpec =>
  verb({
    name: 'status',
    summary: {
      en: 'the running network: its nodes with process, port, height and end of certificate; the chaincode on its channels',
      zh: '运行中的网络：各节点的进程、端口、高度和证书到期日；各通道上的链码',
    },
    options: channelOptions(defaultDir),
    action: showStatus,
  });

interface StatusInput {
  readonly dir: string;
  readonly json: boolean;
  readonly channel: string | undefined;
}

/** What `status` shows of a node beside what its supervisor knows. */
interface ShownNode extends NodeStatus {
  /** When the first of its certificates ends. */
  readonly certificateUntil?: string;
}
interface ShownStatus extends Omit<NetworkStatus, 'nodes'> {
  readonly nodes: readonly ShownNode[];
  readonly chaincodes: NetworkOverview['chaincodes'];
}

async function showStatus({ dir, json, channel }: StatusInput, call: VerbCall): Promise<void> {
  const dataDir = resolve(dir);
  const whole = await withOverview(dataDir, await askStatus(dataDir));
  const status = channel === undefined ? whole : onChannel(whole, channel);
  if (json) call.output.out(JSON.stringify(status));
  else printStatus(status, call);
}

async function withOverview(dataDir: string, status: NetworkStatus): Promise<ShownStatus> {
  const { heights, chaincodes } = await overviewOf(dataDir);
  const ends = certificateEnds(dataDir);
  const nodes = status.nodes.map((node) => {
    const all = { ...node.heights, ...heights.get(node.name) };
    const own = all[status.channel];
    const until = ends.get(node.name);
    return {
      ...node,
      ...(own !== undefined && { height: own }),
      ...(Object.keys(all).length > 0 && { heights: all }),
      ...(until !== undefined && { certificateUntil: until }),
    };
  });
  return { ...status, nodes, chaincodes };
}

async function overviewOf(dataDir: string): Promise<NetworkOverview> {
  const session = await AdminSession.open(dataDir);
  try {
    return await lookOver(session);
  } finally {
    session.close();
  }
}

/** By holder; of several certificates the one that ends first. */
function certificateEnds(dataDir: string): ReadonlyMap<string, string> {
  const ends = new Map<string, string>();
  // those that end first come first
  for (const { holder, notAfter } of listCertificates(dataDir)) if (!ends.has(holder)) ends.set(holder, notAfter);
  return ends;
}

function onChannel(status: ShownStatus, channel: string): ShownStatus {
  if (!status.channels.includes(channel))
    throw new OperatorError('UNKNOWN_NAME', {
      en: `there is no channel ${channel}; there are ${status.channels.join(', ')}`,
      zh: `没有通道 ${channel}；现有 ${status.channels.join('、')}`,
    });
  const nodes = status.nodes.map(({ height: ofOwnChannel, ...node }) => {
    const height = node.heights === undefined ? ofOwnChannel : node.heights[channel];
    return { ...node, ...(height !== undefined && { height }) };
  });
  const ordering = status.ordering?.filter((entry) => entry.channel === channel);
  const chaincodes = status.chaincodes.filter((entry) => entry.channel === channel);
  return { ...status, channel, nodes, chaincodes, ...(ordering && { ordering }) };
}

function printStatus(status: ShownStatus, call: VerbCall): void {
  const { output, language } = call;
  for (const line of [headOf(status), ...(status.ordering ?? []).map(toleranceOf)])
    output.out(wrapColumns(line[language], TERMINAL_COLUMNS));
  output.out('');
  printTable(status.nodes, nodeColumns(status, call), call);
  if (status.chaincodes.length === 0) return;
  output.out('');
  printTable(status.chaincodes, chaincodeColumns, call);
}

function headOf({ fabricVersion, channel, channels, dir }: ShownStatus): HelpText {
  const others = channels.filter((name) => name !== channel);
  const kind =
    fabricVersion === undefined
      ? { en: 'Embedded network', zh: '内嵌网络' }
      : { en: `Fabric ${fabricVersion}`, zh: `Fabric ${fabricVersion}` };
  return {
    en: `${kind.en} in ${dir}, channel ${channel}${others.length === 0 ? '' : `; there are also ${others.join(', ')}`}; all nodes listen on localhost`,
    zh: `${kind.zh}，目录 ${dir}，通道 ${channel}${others.length === 0 ? '' : `；另有 ${others.join('、')}`}；所有节点在 localhost 监听`,
  };
}

function nodeColumns({ nodes }: ShownStatus, { language }: VerbCall): readonly Column<ShownNode>[] {
  const columns: readonly Column<ShownNode>[] = [
    { title: { en: 'NODE', zh: '节点' }, value: ({ name }) => name },
    { title: { en: 'KIND', zh: '类别' }, value: ({ kind }) => wordFor(kind, language) },
    {
      title: { en: 'PROCESS', zh: '进程' },
      value: ({ pid, stopped }) => (pid === undefined ? wordFor(stopped ? 'stopped' : 'not running', language) : String(pid)),
    },
    { title: { en: 'PORT', zh: '端口' }, value: ({ port }) => (port === undefined ? '' : String(port)) },
    { title: { en: 'HEIGHT', zh: '高度' }, value: ({ height }) => (height === undefined ? '' : String(height)) },
    {
      title: { en: 'CERT UNTIL', zh: '证书到期' },
      value: ({ certificateUntil }) => (certificateUntil === undefined ? '' : localDay(certificateUntil)),
    },
  ];
  const restarts: Column<ShownNode> = { title: { en: 'RESTARTS', zh: '重启' }, value: (node) => String(node.restarts) };
  return nodes.some((node) => node.restarts > 0) ? [...columns, restarts] : columns;
}

const chaincodeColumns: readonly Column<NetworkOverview['chaincodes'][number]>[] = [
  { title: { en: 'CHAINCODE', zh: '链码' }, value: ({ name }) => name },
  { title: { en: 'VERSION', zh: '版本' }, value: ({ version }) => version },
  { title: { en: 'SEQUENCE', zh: '序号' }, value: ({ sequence }) => String(sequence) },
  { title: { en: 'CHANNEL', zh: '通道' }, value: ({ channel }) => channel },
];

function toleranceOf({ channel, ordering, orderers, working, mayStopNow }: OrderingStatus): HelpText {
  const words = describeTolerance(ordering, orderers);
  const all = { en: `${channel} is ordered by ${words.en}`, zh: `${channel} 的排序：${words.zh}` };
  if (working === orderers) return all;
  if (working < quorumOf(ordering, orderers))
    return {
      en: `${all.en}; ${working} work now, too few to order anything`,
      zh: `${all.zh}；现有 ${working} 个在工作，不足以排序`,
    };
  return {
    en: `${all.en}; ${working} work now, of which ${mayStopNow === 0 ? 'none' : String(mayStopNow)} may stop`,
    zh: `${all.zh}；现有 ${working} 个在工作，其中还可停止 ${mayStopNow} 个`,
  };
}
