import { existsSync } from 'node:fs';
import {
  amend,
  channelsOf,
  type Consortium,
  describeTolerance,
  type Finding,
  nodeFinding,
  OperatorError,
  orderingOf,
  ordersChannel,
  portFindings,
  readAmendments,
  reasonOf,
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

async function programFinding(program: string, line: string, because: string, env: NodeJS.ProcessEnv): Promise<Finding> {
  const path = findProgram(program, env);
  if (path === undefined)
    return { subject: program, verdict: 'bad', text: `not found in ${searchFolders(env).length} folders of FABRIC_BIN and PATH` };
  const version = await programVersion(program, path);
  if (version === undefined) return { subject: program, verdict: 'bad', text: `${path} does not answer like a program of Fabric` };
  const fits = isOfLine(version, line);
  return { subject: program, verdict: fits ? 'good' : 'bad', text: `${version} at ${path}${fits ? '' : `; ${because} ${line}`}` };
}

async function programFindings(line: string, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const findings = await Promise.all(
    FABRIC_PROGRAMS.map((program) => programFinding(program, line, 'fabricLine of the consortium is', env)),
  );
  return withRemedy(findings, `install Fabric ${line} as ${FABRIC_INSTALLATION_PAGE} says, then set FABRIC_BIN to its bin folder`);
}

/** A network that has all its certificates starts without. */
async function authorityFindings(state: FabricState | undefined, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const found = await programFinding(FABRIC_CA_SERVER, FABRIC_CA_LINE, 'what is known here is', env);
  const isNeeded = state?.stage !== 'ready';
  const finding: Finding = found.verdict === 'bad' && !isNeeded ? { ...found, verdict: 'note' } : found;
  return withRemedy(
    [finding],
    `install Fabric CA ${FABRIC_CA_LINE} as ${FABRIC_CA_INSTALLATION_PAGE} says, into a folder of FABRIC_BIN or PATH`,
  );
}

function withRemedy(findings: readonly Finding[], text: string): readonly Finding[] {
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
  if (!existsSync(folders.root)) return { subject, verdict: 'good', text: `none yet in ${folders.dataDir}` };
  try {
    const state = readState(folders);
    const supervisor = runningSupervisor(folders);
    if (supervisor) return { subject, verdict: 'good', text: `runs in ${folders.dataDir} (process ${supervisor.pid})` };
    if (state?.stage === 'ready')
      return { subject, verdict: 'good', text: `stopped in ${folders.dataDir}; made with Fabric ${state.fabricVersion}` };
    return { subject, verdict: 'note', text: `a first start in ${folders.dataDir} did not finish; the next one begins anew` };
  } catch (error) {
    return { subject, verdict: 'bad', text: error instanceof OperatorError ? error.message : reasonOf(error) };
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
    stateFinding(folders),
  ];
}
