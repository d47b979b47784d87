import { amend, type Amendments, type ChaincodeSource, type Consortium, readSources, runningChaincodes } from '@lianyi/network-model';
import { issueCertificates } from './authority-servers';
import { sourceOf } from './bring-up';
import { choosePorts } from './choose-ports';
import { type ProcessSpec } from './managed-process';
import { writeNodeFiles } from './node-files';
import { type FabricPlan, planNetwork } from './plan';
import { type PreparedNetwork } from './prepare';
import { chaincodeProcesses, fabricProcesses } from './process-specs';
import { writeProfiles } from './profiles';
import { refreshBuilds } from './refresh-builds';
import { readState, writeState } from './state-file';
import { type Supervisor } from './supervisor';
import { refusePlainServices } from './plain-services';

/** What the network was started with, before any amendment. */
export interface NetworkBase {
  readonly consortium: Consortium;
  /** Folder of each chaincode that was to run, by name. */
  readonly folders: ReadonlyMap<string, string>;
}

interface Reconciled {
  readonly preparation: PreparedNetwork;
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
  preparation: PreparedNetwork,
  supervisor: Supervisor,
  amendments: Amendments,
): Promise<Reconciled> {
  const { dataDir } = preparation.plan.folders;
  const sources = readSources(runningChaincodes(base.consortium, base.folders, amendments));
  const incoming = amendments.incoming ? readSources([amendments.incoming]) : [];
  refusePlainServices([...sources, ...incoming]);
  const { certificates } = preparation.consortium;
  const current = { ...amend(base.consortium, amendments), certificates, chaincodes: sources.map(({ settings }) => settings) };
  const whole = { ...current, chaincodes: [...sources, ...incoming].map(({ settings }) => settings) };
  const ports = await choosePorts(whole, new Map(Object.entries(preparation.state.ports)));
  const plan = planNetwork(whole, dataDir, ports);
  await addProcesses(preparation, supervisor, plan, [...sources, ...incoming]);
  // as it stands in the file: the start has gone on since the preparation
  const state = { ...(readState(plan.folders) ?? preparation.state), ports: Object.fromEntries(ports) };
  writeState(plan.folders, state);
  return { preparation: { ...preparation, consortium: current, plan, sources, state }, profiles: writeProfiles(plan, current) };
}

/** Starts what is new, with its certificates, and stops what is no longer wanted; all or nothing. */
async function addProcesses(
  preparation: PreparedNetwork,
  supervisor: Supervisor,
  plan: FabricPlan,
  sources: readonly ChaincodeSource[],
): Promise<void> {
  const names = (): readonly string[] => supervisor.states().map(({ name }) => name);
  const running = names();
  const wanted = new Set(plan.authorities.map(({ name }) => name));
  try {
    await issueCertificates(plan, preparation.authorityServers);
    writeNodeFiles(plan, preparation.executeTimeoutMillis);
    refreshBuilds(plan);
    const specs = processesOf(preparation, plan, sources);
    for (const { name } of specs) wanted.add(name);
    await supervisor.start(specs.filter(({ name }) => !running.includes(name)));
  } catch (error) {
    for (const name of names().filter((started) => !running.includes(started))) await supervisor.removeNode(name);
    throw error;
  }
  const leaving = running.filter((name) => !wanted.has(name));
  await Promise.all(leaving.map((name) => supervisor.removeNode(name)));
}

function processesOf({ tools }: PreparedNetwork, plan: FabricPlan, sources: readonly ChaincodeSource[]): readonly ProcessSpec[] {
  const services = chaincodeProcesses(plan, ({ chaincode }) => {
    const { folder, command, chaincodePackage } = sourceOf(sources, chaincode);
    return { folder, command, packageId: chaincodePackage.packageId };
  });
  return [...fabricProcesses(plan, tools), ...services];
}
