import { resolve } from 'node:path';
import { z } from 'zod';
import {
  downFabric,
  examineFabric,
  fabricFolders,
  findPrunable,
  holdingsOfFabric,
  lookAtUse,
  releaseNetwork,
  startFabricNetwork,
  stopFabric,
  type SupervisorEvent,
  tryTakeNetwork,
} from '@lianyi/fabric-processes';
import { type Consortium, type HoldNetwork, OperatorError } from '@lianyi/network-model';
import { certificateGroup } from './certificate-commands';
import { chaincodeGroup, deployVerb } from './chaincode-commands';
import { indented } from './columns';
import { channelVerbs } from './channel-commands';
import { type HelpText } from './language';
import { dirOption, json } from './on-network';
import { choice, switchOption, parsed } from './option';
import { organizationVerbs } from './organization-commands';
import { pruneVerb } from './prune';
import { reportFindings } from './report-findings';
import { runningVerbs } from './running-commands';
import { snapshotVerbs } from './snapshot-commands';
import { stageName } from './stages';
import { untilAskedToStop } from './stop-request';
import { definitionFor, readChaincodes, runUntilStopped, upOptions } from './up-command';
import { type VerbCall, verb, type VerbGroup } from './verb-spec';

const DEFAULT_DIR = '.lianyi/fabric';
const dir = dirOption(DEFAULT_DIR, { en: 'where certificates, ledgers and logs are kept', zh: '存放证书、账本和日志的目录' });
const { consortium } = upOptions;
const certificates = choice(
  '--certificates <by>',
  {
    en: "who issues them, if not as the definition says: this program, or each organisation's own CA server",
    zh: '由谁签发证书（不依联盟定义时）：本程序，或各组织自己的 CA 服务器',
  },
  ['in-process', 'fabric-ca'],
);

interface DefinitionInput {
  readonly consortium: string;
  readonly certificates: Consortium['certificates'] | undefined;
  readonly preset?: 'test-network' | undefined;
  readonly chaincode?: readonly string[];
}
interface UpInput extends DefinitionInput {
  readonly chaincode: readonly string[];
  readonly dir: string;
  readonly json: boolean;
  readonly exitWithParent: boolean;
  readonly executeTimeout: number | undefined;
  readonly despiteUnsafeKeys: boolean;
}

/**
 * The definition. The command line overrules who issues certificates, FABRIC_LINE in the environment its release line, so that
 * one file is tried on all.
 */
function loadForFabric({ consortium, preset, chaincode = [], certificates: issuer }: DefinitionInput): Consortium {
  const definition = { ...definitionFor({ consortium, preset, chaincode }), ...(issuer && { certificates: issuer }) };
  const line = process.env['FABRIC_LINE'];
  if (line === undefined || line === '') return definition;
  if (line !== '3.1' && line !== '2.5')
    throw new OperatorError('UNKNOWN_NAME', {
      en: `FABRIC_LINE is '${line}'; it may be 3.1 or 2.5`,
      zh: `FABRIC_LINE 为 “${line}”；只能是 3.1 或 2.5`,
    });
  return { ...definition, fabricLine: line };
}

const seconds = z.coerce.number().positive().max(3600);

const upVerb = verb({
  name: 'up',
  summary: {
    en: 'start it in the foreground; Ctrl-C stops it, and a second start on the same directory continues',
    zh: '在前台启动；Ctrl-C 停止，再次在同一目录启动则继续',
  },
  detail: {
    en: `Fabric's programs peer, orderer and configtxgen (and fabric-ca-server, where certificates are its work) are looked for in FABRIC_BIN, then on PATH; "fabric doctor" says what is missing. The consortium's fabricLine chooses v3.1 (SmartBFT) or v2.5 (Raft). A node that ends is started again, and an orderer whose height stands still while the others go on is restarted.`,
    zh: '先在 FABRIC_BIN、再在 PATH 中寻找 Fabric 的程序 peer、orderer 和 configtxgen（由 CA 服务器签发证书时还有 fabric-ca-server）；"fabric doctor" 说明缺少什么。联盟定义的 fabricLine 选择 v3.1（SmartBFT）或 v2.5（Raft）。节点退出后会重新启动；高度停滞而其他节点仍在前进的排序节点会被重启。',
  },
  options: {
    ...upOptions,
    certificates,
    dir,
    despiteUnsafeKeys: switchOption('--despite-unsafe-keys', {
      en: 'start although the endorsement policy of a key protects nothing, to put it right',
      zh: '即使某个键的背书策略毫无保护也启动，以便更正',
    }),
    executeTimeout: parsed(
      '--execute-timeout <seconds>',
      { en: 'how long one transaction may run in the chaincode', zh: '一次交易在链码中最多运行多久' },
      {
        schema: seconds.optional(),
        needs: { en: 'a number of seconds up to 3600 is needed', zh: '需要不超过 3600 的秒数' },
      },
    ),
  },
  action: up,
});

async function up(input: UpInput, call: VerbCall): Promise<void> {
  const { output, language } = call;
  const definition = loadForFabric(input);
  const chaincodes = readChaincodes(input.chaincode, definition);
  const stopRequest = untilAskedToStop(input.exitWithParent);
  const network = await startFabricNetwork({
    consortium: definition,
    chaincodes,
    dir: resolve(input.dir),
    despiteUnsafeKeys: input.despiteUnsafeKeys,
    ...(input.executeTimeout !== undefined && { executeTimeoutMillis: input.executeTimeout * 1000 }),
    onStage: ({ stage, millis }) => {
      const name = stageName(stage);
      output.err({ en: `  ${name.en}: ${millis} ms`, zh: `  ${name.zh}：${millis} 毫秒` }[language]);
    },
    onEvent: (event) => {
      output.err(indented(describeEvent(event)[language], ''));
    },
  });
  await runUntilStopped(network, { chaincodes: [...chaincodes.keys()], json: input.json }, stopRequest, call);
}

function describeEvent(event: SupervisorEvent): HelpText {
  switch (event.kind) {
    case 'ended':
      return {
        en: `${event.node} ended (${event.how.en}); it is started again in ${event.restartMillis} ms`,
        zh: `${event.node} 已退出（${event.how.zh}）；${event.restartMillis} 毫秒后重新启动`,
      };
    case 'restarted':
      return { en: `${event.node} was restarted (${event.reason.en})`, zh: `${event.node} 已重启（${event.reason.zh}）` };
    case 'restartFailed':
      return { en: `${event.node} could not be restarted: ${event.reason.en}`, zh: `${event.node} 无法重启：${event.reason.zh}` };
    case 'notStarted':
      return {
        en: `${event.node} is not there (${event.reason.en}); the network works without it until a certificate is wanted`,
        zh: `${event.node} 不在运行（${event.reason.zh}）；在需要签发证书之前网络照常工作`,
      };
  }
}

const doctorVerb = verb({
  name: 'doctor',
  summary: { en: 'what a start needs and what is missing; changes nothing', zh: '启动需要什么、缺少什么；不做任何改动' },
  options: { consortium, certificates, dir, json },
  action: async (input, call) => {
    reportFindings(await examineFabric(loadForFabric(input), resolve(input.dir)), input.json, call);
  },
});

const hold: HoldNetwork = (dataDir) => {
  const folders = fabricFolders(dataDir);
  lookAtUse(folders); // where there is no network, nothing is made for a lock
  if (!tryTakeNetwork(folders)) return undefined;
  return () => {
    releaseNetwork(folders);
  };
};

const prune = pruneVerb({
  defaultDir: DEFAULT_DIR,
  find: (dataDir, isHeld) => {
    const folders = fabricFolders(dataDir);
    return findPrunable(folders, lookAtUse(folders, isHeld));
  },
  hold,
  explanation: {
    en: 'Running or stopped. Removed are: folders of chaincode services of superseded definitions, their packages and what peers that are stopped keep of them; all of organisations that left, their ledgers and keys, too; logs that are full or whose node is no more; what killed verbs left. Not touched: snapshots, and what restore put aside, which may hold the only private values.',
    zh: '运行或停止时均可。删除：被取代的定义的链码服务目录、它们的包，以及已停止的 peer 节点所保留的部分；已退出组织的一切，包括账本和密钥；已满的或节点已不存在的日志；被强行终止的命令的遗留。不删除：快照，以及 restore 移到一旁的数据，其中可能有唯一的私有值。',
  },
});

const kind = {
  defaultDir: DEFAULT_DIR,
  stop: stopFabric,
  down: downFabric,
  holdings: holdingsOfFabric,
  logsFolder: (dataDir: string) => fabricFolders(dataDir).logs,
};

/** `fabric …`: real Hyperledger Fabric as native processes of this machine. */
export const fabric: VerbGroup = {
  name: 'fabric',
  summary: {
    en: 'real Hyperledger Fabric: peers and orderers as processes of this machine',
    zh: '真正的 Hyperledger Fabric：peer 节点和排序节点是本机的进程',
  },
  verbs: [
    upVerb,
    doctorVerb,
    ...runningVerbs(kind),
    ...channelVerbs(DEFAULT_DIR),
    deployVerb(DEFAULT_DIR),
    ...organizationVerbs(DEFAULT_DIR),
    ...snapshotVerbs(DEFAULT_DIR),
    prune,
  ],
  groups: [chaincodeGroup(DEFAULT_DIR), certificateGroup(DEFAULT_DIR)],
};
