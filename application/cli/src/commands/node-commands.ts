import { resolve } from 'node:path';
import { z } from 'zod';
import { startMemberNode } from '@lianyi/member-node';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { type CommandOutcome } from '../outcome';
import { initialiseNode, initInput } from './node-init';
import { readNodeConfig } from './node-config-file';
import { nodeDigest } from './node-digest';
import { nodeStatus } from './node-status';
import { agreeInput, agreeToTemplate, disagreeInput, disagreeWithTemplate } from './node-templates';
import { distrustInput, distrustMember, followConfiguration, trustInput, trustMembers } from './node-trust';
import { templateArgument } from './template-argument';
import { label } from './vocabulary';

const configFlag = { flags: '--config <file>', text: { en: 'node.json', zh: 'node.json' }, required: true };

export const nodeCommands: readonly CommandSpec[] = [
  command({
    name: 'init',
    summary: { en: 'make a node’s keys and node.json', zh: '生成节点密钥和 node.json' },
    detail: {
      en: 'Prints the public values that `org register`, `endpoint set` and `staff add --roles keyService` need.',
      zh: '显示 `org register`、`endpoint set` 和 `staff add --roles keyService` 所需的公开值。',
    },
    example:
      '--dir node-a --msp-id HospitalAMSP --connection-profile connection.json --user-dir users/carrier --members HospitalAMSP=ca-a.pem,HospitalBMSP=ca-b.pem,HospitalCMSP=ca-c.pem --other-peer HospitalBMSP,HospitalCMSP',
    hasNoDryRun: true,
    flags: [
      { flags: '--dir <dir>', text: { en: 'folder of the node', zh: '节点目录' }, required: true },
      { flags: '--msp-id <id>', text: label.organisation, required: true },
      { flags: '--connection-profile <file>', text: { en: 'Fabric connection profile', zh: 'Fabric 连接配置' }, required: true },
      {
        flags: '--user-dir <dir>',
        text: {
          en: 'the carrier’s folder as Fabric lays it out: msp/ and tls/server.{crt,key}',
          zh: '承载者目录（Fabric 布局）：msp/ 与 tls/server.{crt,key}',
        },
        required: true,
      },
      {
        flags: '--members <list>',
        text: { en: 'TLS authority of every member, as MSP=file,MSP=file', zh: '各成员的 TLS CA：机构=文件,机构=文件' },
        required: true,
      },
      {
        flags: '--other-peer <msp-ids>',
        text: {
          en: 'members whose peers confirm what the own says, as MSP,MSP; two serve everybody',
          zh: '用于印证本机构节点的其他成员（机构,机构；两个可覆盖所有请求方）',
        },
        required: true,
      },
      { flags: '--host <host>', text: { en: 'address to listen on (127.0.0.1)', zh: '监听地址（默认 127.0.0.1）' } },
      { flags: '--port <n>', text: { en: 'port (0: any free)', zh: '端口（默认 0：任一空闲端口）' } },
      { flags: '--key-service-tag <tag>', text: { en: 'actor tag of its key service (random)', zh: '密钥服务的代号（默认随机）' } },
      {
        flags: '--vault-patience <millis>',
        text: {
          en: 'before another member’s vault is asked beside a silent one (400)',
          zh: '保险库无应答时改向其他成员前的等待毫秒数（默认 400）',
        },
      },
      {
        flags: '--query-database <file>',
        text: { en: 'SQLite file whose views pointers’ queries may read', zh: '供指针查询读取视图的 SQLite 文件' },
      },
      {
        flags: '--query-url-file <file>',
        text: { en: 'or a file with the URL of a PostgreSQL database', zh: '或含 PostgreSQL 数据库 URL 的文件' },
      },
      { flags: '--query-views <list>', text: { en: 'the views that queries may name', zh: '查询可使用的视图' } },
      { flags: '--channel <name>', text: { en: 'channel (emr)', zh: '通道（默认 emr）' } },
      { flags: '--chaincode <name>', text: { en: 'chaincode (emr)', zh: '链码（默认 emr）' } },
    ],
    input: initInput,
    run: initialiseNode,
  }),
  command({
    name: 'start',
    summary: { en: 'run a member node until it is stopped', zh: '运行成员节点直至停止' },
    example: '--config node-a/node.json',
    hasNoDryRun: true,
    flags: [configFlag, { flags: '--exit-with-parent', text: { en: 'stop when standard input closes', zh: '标准输入关闭时停止' } }],
    input: z.object({ config: z.string(), exitWithParent: z.boolean().default(false) }),
    run: start,
  }),
  command({
    name: 'trust',
    summary: { en: 'take over the TLS authority of a member that has joined', zh: '登记新加入成员的 TLS CA' },
    detail: {
      en: 'Changes node.json; a running node follows within a second, without a restart.',
      zh: '修改 node.json；运行中的节点会在一秒内生效，无需重启。',
    },
    example: '--config node-a/node.json --members HospitalDMSP=ca-d.pem',
    hasNoDryRun: true,
    flags: [configFlag, { flags: '--members <list>', text: { en: 'as MSP=file,MSP=file', zh: '机构=文件,机构=文件' }, required: true }],
    input: trustInput,
    run: trustMembers,
  }),
  command({
    name: 'distrust',
    summary: { en: 'forget the TLS authority of a member that has left', zh: '移除已退出成员的 TLS CA' },
    detail: {
      en: 'Its node is then asked for nothing and answered nothing, whatever the ledger’s directory still says.',
      zh: '此后不再向其节点请求，也不再答复，无论账本目录如何记载。',
    },
    example: '--config node-a/node.json --member HospitalDMSP',
    hasNoDryRun: true,
    flags: [configFlag, { flags: '--member <msp-id>', text: label.organisation, required: true }],
    input: distrustInput,
    run: distrustMember,
  }),
  command({
    name: 'agree',
    summary: { en: 'let the node run a query template in the hospital’s database', zh: '允许节点在本院数据库中运行某查询模板' },
    detail: {
      en: 'Read it first (template show): the hash is of all that you have read. A template of this name that says something else is not run, whoever has approved it. A running node follows within a second.',
      zh: '请先阅读（template show）：哈希对应所阅读的全部内容。同名而内容不同的模板，无论经谁批准，均不运行。运行中的节点会在一秒内生效。',
    },
    example: 'HospitalBMSP/TEMPLATE@1 --sha256 HASH --config node-a/node.json',
    hasNoDryRun: true,
    arguments: [templateArgument],
    flags: [
      configFlag,
      {
        flags: '--sha256 <hash>',
        text: { en: 'of what it says, as template show prints it', zh: 'template show 显示的哈希' },
        required: true,
      },
    ],
    input: agreeInput,
    run: agreeToTemplate,
  }),
  command({
    name: 'disagree',
    summary: { en: 'let the node run a query template no more', zh: '不再允许节点运行某查询模板' },
    example: 'HospitalBMSP/TEMPLATE@1 --config node-a/node.json',
    hasNoDryRun: true,
    arguments: [templateArgument],
    flags: [configFlag],
    input: disagreeInput,
    run: disagreeWithTemplate,
  }),
  command({
    name: 'status',
    summary: { en: 'how the profile’s node is, and how far it has followed its peers', zh: '查看节点状态及其跟随区块的进度' },
    example: '--as registrar',
    hasNoDryRun: true,
    input: z.object({}),
    run: nodeStatus,
  }),
  command({
    name: 'digest',
    summary: { en: 'a digest of what the node’s database holds, and at which height', zh: '节点数据库内容的摘要及其高度' },
    detail: {
      en: 'The database follows from the blocks: deleted (index.sqlite with its -wal and -shm, while the node is stopped) and followed again from block 0, it has the same digest at the same height. `chain` is also the same at every member’s node. Reads the file that node.json names; the node may be running.',
      zh: '数据库可由区块重建：停止节点并删除 index.sqlite（及 -wal、-shm）后从 0 号区块重新跟随，同一高度的摘要相同。`chain` 在各成员节点上也相同。读取 node.json 所指的文件，节点可以正在运行。',
    },
    example: '--config node-a/node.json',
    hasNoDryRun: true,
    flags: [configFlag],
    input: z.object({ config: z.string() }),
    run: nodeDigest,
  }),
];

async function start(
  call: CommandCall,
  { config, exitWithParent }: { readonly config: string; readonly exitWithParent: boolean },
): Promise<CommandOutcome> {
  const { terminal, options } = call;
  const abandoned = new AbortController();
  const stopped = terminal.untilStopped(exitWithParent).then(() => {
    abandoned.abort();
  });
  const file = resolve(terminal.cwd, config);
  const loaded = await readNodeConfig(config, terminal);
  const node = await startMemberNode(loaded, { signal: abandoned.signal }).catch((error: unknown) => {
    if (abandoned.signal.aborted) return undefined; // whoever stops it does not care what it was waiting for
    throw error;
  });
  if (node === undefined) return { data: {}, view: [], silent: true };
  const { url, genesis } = node;
  const text = { en: `ready: ${url}  (stop with Ctrl-C)`, zh: `已就绪：${url}（Ctrl-C 停止）` };
  terminal.out(options.json ? `${JSON.stringify({ event: 'ready', url, genesis })}\n` : `${text[options.language]}\n`);
  const stopFollowing = followConfiguration(node, file, terminal);
  await stopped;
  stopFollowing();
  await node.stop();
  return { data: {}, view: [], silent: true };
}
