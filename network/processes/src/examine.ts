import { existsSync } from 'node:fs';
import {
  addressFindings,
  amend,
  channelsOf,
  type Consortium,
  describeTolerance,
  type Finding,
  nodeFinding,
  orderingOf,
  ordersChannel,
  portFindings,
  readAmendments,
  type Sentence,
  sentenceOf,
  toleratedFaults,
} from '@lianyi/network-model';
import { runningSupervisor } from './network-lock';
import { type FabricFolders, fabricFolders } from './plan';
import { type FabricState, readState } from './state-file';
import {
  FABRIC_CA_INSTALLATION_PAGE,
  FABRIC_CA_LINE,
  FABRIC_CA_SERVER,
  FABRIC_INSTALLATION_PAGE,
  FABRIC_PROGRAMS,
  findProgram,
  isOfLine,
  searchFolders,
  programVersion,
} from './tools';

/** Node's own lines that the project supports (package.json, engines). */
const NODE_MINIMUM = [20, 19] as const;

function notFound(folders: number): Sentence {
  return { en: `not found in ${folders} folders of FABRIC_BIN and PATH`, zh: `在 FABRIC_BIN 和 PATH 的 ${folders} 个目录中没有找到` };
}

async function programFinding(program: string, line: string, because: Sentence, env: NodeJS.ProcessEnv): Promise<Finding> {
  const path = findProgram(program, env);
  if (path === undefined) return { subject: program, verdict: 'bad', text: notFound(searchFolders(env).length) };
  const version = await programVersion(program, path);
  if (version === undefined)
    return {
      subject: program,
      verdict: 'bad',
      text: { en: `${path} does not answer like a program of Fabric`, zh: `${path} 的应答不像 Fabric 的程序` },
    };
  const fits = isOfLine(version, line);
  const text = {
    en: `${version} at ${path}${fits ? '' : `; ${because.en} ${line}`}`,
    zh: `${version}，位于 ${path}${fits ? '' : `；${because.zh} ${line}`}`,
  };
  return { subject: program, verdict: fits ? 'good' : 'bad', text };
}

const BECAUSE_OF_LINE: Sentence = { en: 'fabricLine of the consortium is', zh: '联盟定义的 fabricLine 是' };
const BECAUSE_KNOWN: Sentence = { en: 'what is known here is', zh: '此处支持的是' };

async function programFindings(line: string, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const findings = await Promise.all(FABRIC_PROGRAMS.map((program) => programFinding(program, line, BECAUSE_OF_LINE, env)));
  return withRemedy(findings, {
    en: `install Fabric ${line} as ${FABRIC_INSTALLATION_PAGE} says, then set FABRIC_BIN to its bin folder`,
    zh: `按 ${FABRIC_INSTALLATION_PAGE} 安装 Fabric ${line}，然后让 FABRIC_BIN 指向其 bin 目录`,
  });
}

/** A network that has all its certificates starts without. */
async function authorityFindings(state: FabricState | undefined, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const found = await programFinding(FABRIC_CA_SERVER, FABRIC_CA_LINE, BECAUSE_KNOWN, env);
  const isNeeded = state?.stage !== 'ready';
  const finding: Finding = found.verdict === 'bad' && !isNeeded ? { ...found, verdict: 'note' } : found;
  return withRemedy([finding], {
    en: `install Fabric CA ${FABRIC_CA_LINE} as ${FABRIC_CA_INSTALLATION_PAGE} says, into a folder of FABRIC_BIN or PATH`,
    zh: `按 ${FABRIC_CA_INSTALLATION_PAGE} 把 Fabric CA ${FABRIC_CA_LINE} 安装到 FABRIC_BIN 或 PATH 的目录中`,
  });
}

function withRemedy(findings: readonly Finding[], text: Sentence): readonly Finding[] {
  return findings.every(({ verdict }) => verdict === 'good') ? findings : [...findings, { subject: 'remedy', verdict: 'note', text }];
}

function readableState(folders: FabricFolders): FabricState | undefined {
  try {
    return readState(folders);
  } catch {
    return undefined; // told by the finding about the network itself
  }
}

/** How many orderers may stop or lie, by channel; of a network as administrators changed it since it was made. */
function ordererFindings(consortium: Consortium): readonly Finding[] {
  const ordering = orderingOf(consortium);
  return channelsOf(consortium).map(({ name }) => {
    const count = consortium.organizations.filter((organization) => ordersChannel(consortium, name, organization)).length;
    const verdict = toleratedFaults(ordering, count) > 0 ? 'good' : 'note';
    const subject = name === consortium.channel.name ? 'orderers' : `orderers of ${name}`;
    return { subject, verdict, text: describeTolerance(ordering, count) };
  });
}

/** As it is now; as its file says, where what changed cannot be read: the finding about the network says so. */
function amendedOr(consortium: Consortium, folders: FabricFolders): Consortium {
  try {
    return amend(consortium, readAmendments(folders.root));
  } catch {
    return consortium;
  }
}

function stateFinding(folders: FabricFolders): Finding {
  const subject = 'network';
  if (!existsSync(folders.root))
    return { subject, verdict: 'good', text: { en: `none yet in ${folders.dataDir}`, zh: `${folders.dataDir} 中尚无` } };
  try {
    const state = readState(folders);
    const supervisor = runningSupervisor(folders);
    if (supervisor) {
      const { pid } = supervisor;
      return {
        subject,
        verdict: 'good',
        text: { en: `runs in ${folders.dataDir} (process ${pid})`, zh: `在 ${folders.dataDir} 中运行（进程 ${pid}）` },
      };
    }
    if (state?.stage === 'ready')
      return {
        subject,
        verdict: 'good',
        text: {
          en: `stopped in ${folders.dataDir}; made with Fabric ${state.fabricVersion}`,
          zh: `已停止，在 ${folders.dataDir} 中；由 Fabric ${state.fabricVersion} 创建`,
        },
      };
    return {
      subject,
      verdict: 'note',
      text: {
        en: `a first start in ${folders.dataDir} did not finish; the next one begins anew`,
        zh: `${folders.dataDir} 中的首次启动没有完成；下次启动会重新开始`,
      },
    };
  } catch (error) {
    return { subject, verdict: 'bad', text: sentenceOf(error) };
  }
}

/** Looks at everything a start needs, without changing anything. */
export async function examineFabric(
  consortium: Consortium,
  dataDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly Finding[]> {
  const folders = fabricFolders(dataDir);
  const isRunning = runningSupervisor(folders) !== undefined;
  const state = readableState(folders);
  // as the file says, else as the network was made
  const { certificates = state?.certificates } = consortium;
  return [
    nodeFinding(NODE_MINIMUM),
    ...(await programFindings(consortium.fabricLine, env)),
    ...(certificates === 'fabric-ca' ? await authorityFindings(state, env) : []),
    ...ordererFindings(amendedOr(consortium, folders)),
    ...(await portFindings(consortium, isRunning)),
    ...(await addressFindings(consortium, 'bad')),
    stateFinding(folders),
  ];
}
