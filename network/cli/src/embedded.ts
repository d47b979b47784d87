import { join, resolve } from 'node:path';
import {
  downEmbedded,
  examineEmbedded,
  findPrunableEmbedded,
  holdingsOfEmbedded,
  startEmbeddedNetwork,
  stopEmbedded,
} from '@lianyi/embedded-network';
import { loadConsortium, OperatorError } from '@lianyi/network-model';
import { TERMINAL_COLUMNS, wrapColumns } from './columns';
import { certificateGroup } from './certificate-commands';
import { chaincodeGroup, deployVerb } from './chaincode-commands';
import { channelVerbs } from './channel-commands';
import { readLag } from './lag-option';
import { type HelpText } from './language';
import { dirOption, json, networkOptions } from './on-network';
import { repeated } from './option';
import { organizationVerbs } from './organization-commands';
import { pruneVerb } from './prune';
import { reportFindings } from './report-findings';
import { runningVerbs } from './running-commands';
import { stageName } from './stages';
import { untilAskedToStop } from './stop-request';
import { definitionFor, readChaincodes, runUntilStopped, upOptions } from './up-command';
import { type VerbCall, verb, type VerbGroup, type VerbSpec } from './verb-spec';

const DEFAULT_DIR = '.lianyi/embedded';
const dir = dirOption(DEFAULT_DIR, { en: 'where certificates, chain and logs are kept', zh: '存放证书、账本和日志的目录' });
const { consortium } = upOptions;

const banner: HelpText = {
  en: 'This is a workbench, not a network: one process plays all organisations, holds all their keys and protects nobody. It listens on this machine only.',
  zh: '这是工作台，不是网络：一个进程扮演所有组织，持有它们的全部密钥，不保护任何人。它只在本机监听。',
};

const upDetail: HelpText = {
  en: `The chaincode is started once per organisation by the script "start:server" of its package.json, as npm would run it ($NAME comes from the variables CORE_CHAINCODE_ID, CORE_CHAINCODE_ADDRESS, CORE_CHAINCODE_TLS_*, CORE_PEER_LOCALMSPID), else as "fabric-chaincode-node server".

Exit codes: 0 stopped when asked to; 1 could not start or failed; 2 wrong command line, definition or chaincode directory.

Fabric's samples:
  lianyi-network embedded up --preset test-network --chaincode basic=../fabric-samples/asset-transfer-basic/chaincode-typescript`,
  zh: `每个组织各启动一次链码：运行其 package.json 的脚本 "start:server"，方式与 npm 相同（$NAME 取自环境变量：CORE_CHAINCODE_ID、CORE_CHAINCODE_ADDRESS、CORE_CHAINCODE_TLS_*、CORE_PEER_LOCALMSPID），没有该脚本则运行 "fabric-chaincode-node server"。

退出码：0 应要求停止；1 无法启动或出错；2 命令行、联盟定义或链码目录有误。

Fabric 的示例：
  lianyi-network embedded up --preset test-network --chaincode basic=../fabric-samples/asset-transfer-basic/chaincode-typescript`,
};

const upVerb = verb({
  name: 'up',
  summary: {
    en: 'start it in the foreground; Ctrl-C stops it, and a second start on the same directory continues',
    zh: '在前台启动；Ctrl-C 停止，再次在同一目录启动则继续',
  },
  detail: upDetail,
  options: {
    ...upOptions,
    dir,
    lag: repeated('--lag <name=ms>', {
      en: 'let a peer, or all of an organisation (MSP id), commit each block so much later',
      zh: '让某个 peer 节点或某组织（MSP 标识）的所有节点晚这么多毫秒提交每个区块',
    }),
  },
  action: up,
});

interface UpInput {
  readonly consortium: string;
  readonly preset: 'test-network' | undefined;
  readonly chaincode: readonly string[];
  readonly dir: string;
  readonly json: boolean;
  readonly lag: readonly string[];
  readonly exitWithParent: boolean;
}

async function up(input: UpInput, call: VerbCall): Promise<void> {
  const { output, language } = call;
  const definition = definitionFor(input);
  const chaincodes = readChaincodes(input.chaincode, definition);
  const stopRequest = untilAskedToStop(input.exitWithParent);
  output.err(wrapColumns(banner[language], TERMINAL_COLUMNS));
  const network = await startEmbeddedNetwork({
    consortium: definition,
    chaincodes,
    dir: resolve(input.dir),
    lag: readLag(input.lag, definition),
    onProgress: (step) => {
      const name = stageName(step);
      output.err({ en: `  ready: ${name.en}`, zh: `  就绪：${name.zh}` }[language]);
    },
  });
  await runUntilStopped(network, { chaincodes: [...chaincodes.keys()], json: input.json }, stopRequest, call);
}

const doctorVerb = verb({
  name: 'doctor',
  summary: { en: 'what a start needs and what is missing; changes nothing', zh: '启动需要什么、缺少什么；不做任何改动' },
  options: { consortium, dir, json },
  action: async (input, call) => {
    reportFindings(await examineEmbedded(loadConsortium(input.consortium), resolve(input.dir)), input.json, call);
  },
});

/** Declared all the same, so that whoever knows them from the other kind is told why. */
const noSnapshots: readonly VerbSpec[] = ['snapshot', 'restore'].map((name) =>
  verb({
    name,
    summary: { en: 'not here: the peers of the embedded network share one ledger', zh: '此处没有：内嵌网络的 peer 节点共用一个账本' },
    isLenient: true,
    options: networkOptions(DEFAULT_DIR),
    action: () => {
      throw new OperatorError('NOT_BUILT', {
        en: `the embedded network has no ${name}: its peers share one ledger, so there is no peer to rebuild; real Fabric has it (fabric ${name})`,
        zh: `内嵌网络没有 ${name}：其 peer 节点共用一个账本，无需重建节点；真实 Fabric 有此命令（fabric ${name}）`,
      });
    },
  }),
);

const kind = {
  defaultDir: DEFAULT_DIR,
  stop: stopEmbedded,
  down: downEmbedded,
  holdings: holdingsOfEmbedded,
  logsFolder: (dataDir: string) => join(dataDir, 'logs'),
};

/** `embedded …`: the whole consortium in one process. */
export const embedded: VerbGroup = {
  name: 'embedded',
  summary: { en: 'the whole consortium in one process, with nothing else installed', zh: '整个联盟在一个进程中，无需另装软件' },
  verbs: [
    upVerb,
    doctorVerb,
    ...runningVerbs(kind),
    ...channelVerbs(DEFAULT_DIR),
    deployVerb(DEFAULT_DIR),
    ...organizationVerbs(DEFAULT_DIR),
    pruneVerb({
      defaultDir: DEFAULT_DIR,
      find: findPrunableEmbedded,
      explanation: {
        en: 'Of a running network. Removed are: folders of chaincode services of superseded definitions; certificates, keys and packages of organisations that left; logs of services that are no more; what killed verbs left.',
        zh: '用于运行中的网络。删除：被取代的定义的链码服务目录；已退出组织的证书、密钥和包；已不存在的服务的日志；被强行终止的命令的遗留。',
      },
    }),
    ...noSnapshots,
  ],
  groups: [chaincodeGroup(DEFAULT_DIR), certificateGroup(DEFAULT_DIR)],
};
