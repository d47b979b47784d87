import { type Consortium } from '../consortium/consortium';
import { writeConnectionProfiles } from '../organizations/connection-profile';
import { writeOrganizations } from '../organizations/write-organizations';
import { choosePorts } from './choose-ports';
import { writeNodeFiles, writeServiceTls } from './node-files';
import { type ChaincodeNode, type FabricPlan, planNetwork } from './plan';
import { type ChaincodeSource, type Preparation, readSources } from './prepare';
import { chaincodeProcesses, fabricProcesses } from './process-specs';
import { readState, writeState } from './state-file';
import { type Supervisor } from './supervisor';
import { amend, amendFolders, type Amendments, type DeployedChaincode } from '../administration/membership/amendments';
import { refreshBuilds } from './refresh-builds';

export interface Reconciled {
  readonly preparation: Preparation;
  /** Connection profiles by MSP id. */
  readonly profiles: ReadonlyMap<string, string>;
}

/** The consortium as its file says, as far as it runs, with the amendments. */
function amended(base: Consortium, { sources }: Preparation, amendments: Amendments): Consortium {
  const runs = (name: string): boolean => sources.some(({ settings }) => settings.name === name);
  return amend({ ...base, chaincodes: base.chaincodes.filter(({ name }) => runs(name)) }, amendments);
}

/** Folders of what runs, then of what was deployed since. */
function sourcesOf(consortium: Consortium, preparation: Preparation, amendments: Amendments): readonly ChaincodeSource[] {
  const running = new Map(preparation.sources.map(({ settings, folder }): [string, string] => [settings.name, folder]));
  return readSources(consortium, amendFolders(running, amendments));
}

function incomingSource({ consortium }: Preparation, incoming: DeployedChaincode | undefined): readonly ChaincodeSource[] {
  if (!incoming) return [];
  return readSources({ ...consortium, chaincodes: [incoming.settings] }, new Map([[incoming.settings.name, incoming.folder]]));
}

/**
 * Brings the running processes to what the amendments say: new organisations get certificates and a peer, new chaincode
 * versions their services beside the old ones; what is no longer named is stopped. If something new does not come up, it
 * is taken away again and everything stays as it was. `base` is the consortium of the file, without any amendment.
 */
export async function reconcile(
  base: Consortium,
  preparation: Preparation,
  supervisor: Supervisor,
  amendments: Amendments,
): Promise<Reconciled> {
  const { dataDir } = preparation.plan.folders;
  const current = amended(base, preparation, amendments);
  const sources = sourcesOf(current, preparation, amendments);
  const incoming = incomingSource(preparation, amendments.incoming);
  const whole = { ...current, chaincodes: [...sources, ...incoming].map(({ settings }) => settings) };
  const ports = await choosePorts(whole, new Map(Object.entries(preparation.state.ports)));
  const plan = planNetwork(whole, dataDir, ports);
  await writeFiles(plan, preparation);
  refreshBuilds(plan);
  await changeProcesses(preparation, supervisor, plan, [...sources, ...incoming]);
  // as it stands in the file: the start has gone on since the preparation
  const state = { ...(readState(plan.folders) ?? preparation.state), ports: Object.fromEntries(ports) };
  writeState(plan.folders, state);
  const profiles = writeConnectionProfiles(
    dataDir,
    current,
    new Map(plan.peers.map((node) => [node.organization.mspId, node.ports.service])),
  );
  return { preparation: { ...preparation, consortium: current, plan, sources, state }, profiles };
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
    const source = sources.find(({ settings }) => settings.name === chaincode.name && settings.version === chaincode.version);
    if (!source) throw new Error(`chaincode ${chaincode.name} ${chaincode.version} is planned and has no folder`);
    return { folder: source.folder, command: source.command, packageId: source.chaincodePackage.packageId };
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
