import { readFileSync } from 'node:fs';
import { type ChaincodeSettings } from '../consortium/consortium';
import { writeConnectionProfiles } from '../organizations/connection-profile';
import { readBlocks } from '../administration/block-stream';
import { chainState } from '../administration/chain-state';
import { channelAtOrderer, joinOrderer } from '../administration/channel-participation';
import { deployChaincodes } from './deploy';
import { describeUnsafeKeys, KeyPolicyAudit } from './key-policies';
import { joinChannel, joinedChannels } from '../administration/lifecycle';
import { writeGenesisBlock } from './node-files';
import { OperatorError } from '../machine/operator-error';
import { PeerClient } from '../administration/peer-client';
import { type FabricPlan, peerEndpoint } from './plan';
import { type ChaincodeSource, type Preparation } from './prepare';
import { chaincodeProcesses, fabricProcesses } from './process-specs';
import { type FabricState, writeState } from './state-file';
import { type Stopwatch } from './stopwatch';
import { type Supervisor } from './supervisor';
import { OrdererWatchdog } from './watchdog';

export interface BroughtUp {
  /** Connection profile of each organisation, by MSP id. */
  readonly profiles: ReadonlyMap<string, string>;
  readonly watchdog: OrdererWatchdog;
}

/** Starts what was prepared and returns when every organisation's gateway can submit. */
export async function bringUp(
  preparation: Preparation,
  supervisor: Supervisor,
  stopwatch: Stopwatch,
  despiteUnsafeKeys: boolean,
): Promise<BroughtUp> {
  const { plan, tools, consortium, state } = preparation;
  const sourceOf = sourcesByName(preparation);
  const services = chaincodeProcesses(plan, ({ chaincode }) => {
    const { folder, command, chaincodePackage } = sourceOf(chaincode);
    return { folder, command, packageId: chaincodePackage.packageId };
  });
  // the nodes need no block to start, so it is made while they do
  const [genesisBlock] = await Promise.all([
    genesis(preparation, stopwatch),
    stopwatch.time('nodes ready', () => supervisor.start([...fabricProcesses(plan, tools), ...services])),
  ]);
  const clients = plan.peers.map((node) => new PeerClient(peerEndpoint(node), plan.folders.dataDir));
  let keyPolicies: FabricState['keyPolicies'];
  try {
    await join(preparation, clients, genesisBlock, stopwatch);
    keyPolicies = await stopwatch.time('key policies', () => auditKeyPolicies(preparation, clients, despiteUnsafeKeys));
    await deployChaincodes(
      { consortium, dataDir: plan.folders.dataDir, clients, packageOf: (chaincode) => sourceOf(chaincode).chaincodePackage, stopwatch },
      preparation.isFresh,
    );
  } finally {
    for (const client of clients) client.close();
  }
  const ports = new Map(plan.peers.map((node) => [node.organization.mspId, node.ports.service]));
  const profiles = writeConnectionProfiles(plan.folders.dataDir, consortium, ports);
  writeState(plan.folders, { ...state, stage: 'ready', keyPolicies });
  return { profiles, watchdog: watch(plan, supervisor) };
}

/**
 * Looks at the key-level policies set since the last look, and refuses those that protect nothing.
 * @throws {@link OperatorError} `POLICY_REFUSED`.
 */
async function auditKeyPolicies(
  { plan, state }: Preparation,
  clients: readonly PeerClient[],
  despiteUnsafeKeys: boolean,
): Promise<FabricState['keyPolicies']> {
  const audit = new KeyPolicyAudit(state.keyPolicies.unsafe);
  const channel = plan.consortium.channel.name;
  let { nextBlock } = state.keyPolicies;
  let height = nextBlock;
  for (const client of clients) {
    for await (const block of readBlocks(client, plan.folders.dataDir, channel, nextBlock)) {
      audit.look(block);
      nextBlock++;
    }
    // a peer made from a snapshot has no earlier blocks; the next one may
    ({ height } = await chainState(client, channel));
    if (nextBlock >= height) break;
  }
  // something was readable: what came since is looked at by the next start
  const isUnknown = nextBlock === state.keyPolicies.nextBlock && nextBlock < height;
  if (isUnknown && !despiteUnsafeKeys) {
    throw new OperatorError(
      'POLICY_REFUSED',
      `no peer has block ${nextBlock} any more, so the key policies set since cannot be looked at; 'up --despite-unsafe-keys' starts all the same`,
    );
  }
  const unsafe = describeUnsafeKeys(audit.unsafeKeys);
  if (unsafe !== undefined && !despiteUnsafeKeys) {
    throw new OperatorError('POLICY_REFUSED', `${unsafe}; 'up --despite-unsafe-keys' starts all the same, to put it right`);
  }
  return { nextBlock, unsafe: audit.unsafeKeys };
}

function sourcesByName({ sources }: Preparation): (chaincode: ChaincodeSettings) => ChaincodeSource {
  return ({ name }) => {
    const source = sources.find(({ settings }) => settings.name === name);
    if (!source) throw new Error(`chaincode ${name} is planned and has no folder`);
    return source;
  };
}

async function genesis({ plan, tools, isFresh }: Preparation, stopwatch: Stopwatch): Promise<Buffer> {
  if (!isFresh) return readFileSync(plan.folders.genesisBlock);
  return stopwatch.time('genesis block', () => writeGenesisBlock(plan, tools));
}

/** Orderers and peers at the same time: neither needs the other to take the channel's first block. */
async function join(
  { plan, consortium, isFresh }: Preparation,
  clients: readonly PeerClient[],
  genesisBlock: Buffer,
  stopwatch: Stopwatch,
): Promise<void> {
  const { dataDir } = plan.folders;
  const channel = consortium.channel.name;
  const orderers = plan.orderers.map(async (node) => {
    if (isFresh || !(await channelAtOrderer(dataDir, node, channel))) await joinOrderer(dataDir, node, genesisBlock);
  });
  const peers = clients.map(async (client) => {
    if (isFresh || !(await joinedChannels(client)).includes(channel)) await joinChannel(client, genesisBlock);
  });
  await Promise.all([
    stopwatch.time('orderers joined', () => Promise.all(orderers)),
    stopwatch.time('peers joined', () => Promise.all(peers)),
  ]);
}

function watch(plan: FabricPlan, supervisor: Supervisor): OrdererWatchdog {
  const { dataDir } = plan.folders;
  const channel = plan.consortium.channel.name;
  const watchdog = new OrdererWatchdog({
    heights: () => {
      const running = new Set(supervisor.states().flatMap(({ name, pid }) => (pid === undefined ? [] : [name])));
      const looked = plan.orderers.filter(({ name }) => running.has(name));
      return Promise.all(
        looked.map(async (node) => ({ name: node.name, height: (await channelAtOrderer(dataDir, node, channel))?.height })),
      );
    },
    restart: (name, reason) => supervisor.restartNode(name, reason),
  });
  watchdog.start();
  return watchdog;
}
