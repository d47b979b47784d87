import { type Consortium } from '../consortium/consortium';
import { writeOrganizations } from '../organizations/write-organizations';
import { sourceOf } from './bring-up';
import { choosePorts } from './choose-ports';
import { writeNodeFiles, writeServiceTls } from './node-files';
import { type ChaincodeNode, type FabricPlan, planNetwork } from './plan';
import { type ChaincodeSource, type Preparation, readSources } from './prepare';
import { chaincodeProcesses, fabricProcesses } from './process-specs';
import { writeProfiles } from './profiles';
import { readState, writeState } from './state-file';
import { type Supervisor } from './supervisor';
import { amend, type Amendments, runningChaincodes } from '../administration/membership/amendments';
import { refreshBuilds } from './refresh-builds';

/** What the network was started with, before any amendment. */
export interface NetworkBase {
  readonly consortium: Consortium;
  /** Folder of each chaincode that was to run, by name. */
  readonly folders: ReadonlyMap<string, string>;
}

export interface Reconciled {
  readonly preparation: Preparation;
  /** Connection profiles by MSP id. */
  readonly profiles: ReadonlyMap<string, string>;
}

/**
 * Brings the running processes to what the amendments say: new organisations get certificates and peers, new chaincode
 * versions their services beside the old ones; what is no longer named is stopped. If something new does not come up, it
 * is taken away again and everything stays as it was.
 */
export async function reconcile(
  base: NetworkBase,
  preparation: Preparation,
  supervisor: Supervisor,
  amendments: Amendments,
): Promise<Reconciled> {
  const { dataDir } = preparation.plan.folders;
  const sources = readSources(runningChaincodes(base.consortium, base.folders, amendments));
  const incoming = amendments.incoming ? readSources([amendments.incoming]) : [];
  const current = { ...amend(base.consortium, amendments), chaincodes: sources.map(({ settings }) => settings) };
  const whole = { ...current, chaincodes: [...sources, ...incoming].map(({ settings }) => settings) };
  const ports = await choosePorts(whole, new Map(Object.entries(preparation.state.ports)));
  const plan = planNetwork(whole, dataDir, ports);
  await writeFiles(plan, preparation);
  refreshBuilds(plan);
  await changeProcesses(preparation, supervisor, plan, [...sources, ...incoming]);
  // as it stands in the file: the start has gone on since the preparation
  const state = { ...(readState(plan.folders) ?? preparation.state), ports: Object.fromEntries(ports) };
  writeState(plan.folders, state);
  return { preparation: { ...preparation, consortium: current, plan, sources, state }, profiles: writeProfiles(plan, current) };
}

async function writeFiles(plan: FabricPlan, { plan: before, executeTimeoutMillis }: Preparation): Promise<void> {
  const { dataDir } = plan.folders;
  await writeOrganizations(dataDir, plan.consortium);
  writeNodeFiles(plan, executeTimeoutMillis);
  const isNew = (node: ChaincodeNode): boolean => !before.chaincodes.some(({ name }) => name === node.name);
  await Promise.all(plan.chaincodes.filter(isNew).map((node) => writeServiceTls(dataDir, node)));
}

async function changeProcesses(
  { tools }: Preparation,
  supervisor: Supervisor,
  plan: FabricPlan,
  sources: readonly ChaincodeSource[],
): Promise<void> {
  const services = chaincodeProcesses(plan, ({ chaincode }) => {
    const { folder, command, chaincodePackage } = sourceOf(sources, chaincode);
    return { folder, command, packageId: chaincodePackage.packageId };
  });
  const wanted = [...fabricProcesses(plan, tools), ...services];
  const running = supervisor.states().map(({ name }) => name);
  const starting = wanted.filter(({ name }) => !running.includes(name));
  try {
    await supervisor.start(starting);
  } catch (error) {
    for (const { name } of starting) await supervisor.removeNode(name);
    throw error;
  }
  const leaving = running.filter((name) => !wanted.some((spec) => spec.name === name));
  await Promise.all(leaving.map((name) => supervisor.removeNode(name)));
}
