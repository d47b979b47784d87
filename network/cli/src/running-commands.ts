import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { askAction, type NetworkHoldings, NODE_ACTIONS, type NodeAction, OperatorError } from '@lianyi/network-model';
import { z } from 'zod';
import { confirmLoss, yes } from './confirm';
import { type HelpText } from './language';
import { followLogs, showLogs } from './logs';
import { dirOption, networkOptions } from './on-network';
import { argument, parsed, switchOption, wholeNumber } from './option';
import { statusVerb } from './status-command';
import { untilAskedToStop } from './stop-request';
import { verb, type VerbSpec } from './verb-spec';
import { wordFor } from './vocabulary';
import { waitVerb } from './wait-command';

/** What differs between the kinds of network. */
interface NetworkControls {
  /** Where its networks lie unless `--dir` says otherwise. */
  readonly defaultDir: string;
  /** Has the network of a directory end; answers whether it ran. */
  readonly stop: (dataDir: string) => Promise<boolean>;
  /** Has it end and removes it. @throws {@link OperatorError} `NOT_RUNNING` — the directory holds no such network. */
  readonly down: (dataDir: string) => Promise<void>;
  /** What {@link NetworkControls.down} would remove for good; `undefined`: nothing that a start could not make again. */
  readonly holdings: (dataDir: string) => NetworkHoldings | undefined;
  /** Where its nodes' logs are. */
  readonly logsFolder: (dataDir: string) => string;
}

/** `down`, `stop`, `wait`, `status`, `node` and `logs`. */
export const runningVerbs = (kind: NetworkControls): readonly VerbSpec[] => [
  downVerb(kind),
  stopVerb(kind),
  waitVerb(kind.defaultDir),
  statusVerb(kind.defaultDir),
  nodeVerb(kind),
  logsVerb(kind),
];

const downVerb = ({ defaultDir, down, holdings: holdingsOf }: NetworkControls): VerbSpec =>
  verb({
    name: 'down',
    summary: {
      en: 'stop the network and remove it: ledgers, certificates, keys and logs',
      zh: '停止并删除网络：账本、证书、密钥和日志',
    },
    options: { yes, dir: dirOption(defaultDir) },
    action: async ({ dir, yes: isConfirmed }, call) => {
      const dataDir = resolve(dir);
      // a verb may be repeated: where nothing is any more, there is nothing to refuse
      const holdings = existsSync(dataDir) ? holdingsOf(dataDir) : undefined;
      if (holdings) await confirmLoss(lossOf(dataDir, holdings), isConfirmed, call);
      if (existsSync(dataDir)) await down(dataDir);
      const kept = holdings && holdings.snapshots.length > 0 ? keptOf(holdings) : { en: '', zh: '' };
      call.output.out(
        {
          en: `the network in ${dataDir} is gone${kept.en}`,
          zh: `${dataDir} 中的网络已删除${kept.zh}`,
        }[call.language],
      );
    },
  });

function lossOf(dataDir: string, holdings: NetworkHoldings): HelpText {
  const { organizations, channels, setAside } = holdings;
  const kept = holdings.snapshots.length > 0 ? keptOf(holdings) : { en: '', zh: '' };
  const aside = {
    en: setAside.length === 0 ? '' : `, and what restore put aside, which may hold the only private values (${setAside.join(', ')})`,
    zh: setAside.length === 0 ? '' : `，以及 restore 移到一旁的数据（其中可能有唯一的私有值：${setAside.join('、')}）`,
  };
  return {
    en: `The network in ${dataDir} would be removed for good: the ledgers of ${channels.join(', ')}; the certificates and keys, those of the CAs too, of ${organizations.join(', ')}${aside.en}${kept.en}.`,
    zh: `将彻底删除 ${dataDir} 中的网络：${channels.join('、')} 的账本；${organizations.join('、')} 的证书和密钥（包括 CA 的密钥）${aside.zh}${kept.zh}。`,
  };
}

function keptOf({ snapshots }: NetworkHoldings): HelpText {
  return { en: `; its snapshots stay: ${snapshots.join(', ')}`, zh: `；快照保留：${snapshots.join('、')}` };
}

const stopVerb = ({ defaultDir, stop }: NetworkControls): VerbSpec =>
  verb({
    name: 'stop',
    summary: { en: 'stop the network of a directory; a later up continues', zh: '停止某目录中的网络；之后用 up 可继续' },
    options: networkOptions(defaultDir),
    action: async ({ dir, json }, { output, language }) => {
      const ran = await stop(resolve(dir));
      if (json) output.out(JSON.stringify({ dir: resolve(dir), ran }));
      else
        output.out(
          ran ? wordFor('stopped', language) : { en: `nothing ran in ${resolve(dir)}`, zh: `${resolve(dir)} 中没有运行的网络` }[language],
        );
    },
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
    action: async ({ action, name, dir, json }, { output, language }) => {
      await askAction(resolve(dir), name, parseAction(action));
      output.out(
        json ? JSON.stringify({ node: name, action }) : { en: `${name}: ${action} done`, zh: `${name}：${action} 已完成` }[language],
      );
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
      follow: switchOption('-f, --follow', { en: 'go on with what they write, until Ctrl-C', zh: '继续显示新写入的内容，直到按 Ctrl-C' }),
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
    action: async ({ node, dir, lines, follow }, { output }) => {
      const choice = { folder: logsFolder(resolve(dir)), node };
      const read = showLogs(choice, lines, output);
      if (!follow) return;
      let isOver = false;
      void untilAskedToStop(false).then(() => (isOver = true));
      await followLogs(choice, read, () => isOver, output);
    },
  });

function parseAction(text: string): NodeAction {
  const action = NODE_ACTIONS.find((name) => name === text);
  if (!action)
    throw new OperatorError('UNKNOWN_NAME', {
      en: `there is no action ${text}; there are ${NODE_ACTIONS.join(', ')}`,
      zh: `没有操作 ${text}；可用 ${NODE_ACTIONS.join('、')}`,
    });
  return action;
}
