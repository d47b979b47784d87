import {
  approveDefinition,
  approvedPackageId,
  commitDefinition,
  committedDefinitions,
  currentConfig,
  type DefinitionStep,
  definitionStep,
  endorsersKnownTo,
  installPackage,
  type PeerClient,
  refuseWeakerDefinitions,
} from '@lianyi/network-administration';
import { type ChaincodePackage, type ChaincodeSettings, OperatorError } from '@lianyi/network-model';
import { type PlannedChannel } from './plan';
import { type Stopwatch } from './stopwatch';

export interface Deployment {
  readonly dataDir: string;
  readonly channel: PlannedChannel;
  /** At each of its peers. */
  readonly clients: readonly PeerClient[];
  readonly packageOf: (chaincode: ChaincodeSettings) => ChaincodePackage;
  readonly stopwatch: Stopwatch;
  /** Of stages, where there are several channels: what tells this channel's apart. */
  readonly suffix: string;
}

const GOSSIP_MILLIS = 60_000;

/**
 * Brings a channel to what the consortium file says: packages installed, definitions approved by every organisation and
 * committed. What is there already stays; changed code is approved again under the same sequence.
 */
export async function deployChaincodes(deployment: Deployment, isFresh: boolean): Promise<void> {
  const { channel, clients, stopwatch, suffix } = deployment;
  const { chaincodes } = channel.consortium;
  const [first] = clients;
  if (!first) return;
  const committed = isFresh ? [] : await committedDefinitions(first, channel.name);
  if (!isFresh) {
    const group = (await currentConfig(first, channel.name)).getChannelGroup();
    if (!group) throw new Error(`${channel.name} has an empty configuration`);
    refuseWeakerDefinitions(channel.consortium, committed, group);
  }
  const steps = chaincodes.map((chaincode) => ({
    chaincode,
    step: definitionStep(
      chaincode,
      committed.find(({ name }) => name === chaincode.name),
    ),
  }));
  await stopwatch.time(`install${suffix}`, () =>
    // one chaincode after another at each peer: the peer builds one package at a time
    Promise.all(clients.map(async (client) => installAll(client, deployment))),
  );
  for (const { chaincode, step } of steps) await define(deployment, chaincode, step);
  await stopwatch.time(`endorsers known${suffix}`, () => Promise.all(clients.map((client) => endorsersKnown(client, deployment))));
}

async function installAll(client: PeerClient, { channel, packageOf }: Deployment): Promise<void> {
  for (const chaincode of channel.consortium.chaincodes) await installPackage(client, packageOf(chaincode));
}

async function define(deployment: Deployment, chaincode: ChaincodeSettings, step: DefinitionStep): Promise<void> {
  const { channel, packageOf, stopwatch, suffix } = deployment;
  // what an organisation approves it approves once, at its first peer; the others draw it from there
  const clients = deployment.clients.filter(({ node }) => node.index === 0);
  const { packageId } = packageOf(chaincode);
  await stopwatch.time(`approve ${chaincode.name}${suffix}`, () =>
    // all at once: the approvals fit one block
    Promise.all(
      clients.map(async (client) => {
        if (step === 'nothing' && (await approvedPackageId(client, channel.name, chaincode)) === packageId) return;
        await approveDefinition(client, channel.name, chaincode, packageId);
      }),
    ),
  );
  if (step === 'commit')
    await stopwatch.time(`commit ${chaincode.name}${suffix}`, () => commitDefinition(clients, channel.name, chaincode));
}

/** Waits until this peer would plan endorsements with every peer of the channel. */
async function endorsersKnown(client: PeerClient, { channel, dataDir, clients }: Deployment): Promise<void> {
  const until = Date.now() + GOSSIP_MILLIS;
  for (const { name } of channel.consortium.chaincodes) {
    while ((await endorsersKnownTo(client, dataDir, channel.name, name)) < clients.length) {
      if (Date.now() >= until)
        throw new OperatorError(
          'TIMEOUT',
          `${client.node.name} did not learn of all endorsing peers of ${channel.name} within ${GOSSIP_MILLIS} ms`,
        );
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
