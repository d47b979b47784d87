import { bringToDefinition, committedDefinitions, type DefinitionStep, installEverywhere } from '@lianyi/fabric-protocol';
import { currentConfig, endorsersKnownTo, type PeerClient, refuseWeakerDefinitions } from '@lianyi/network-administration';
import { type ChaincodePackage, type ChaincodeSettings, definitionStep, isReadyWithin, waitUntil } from '@lianyi/network-model';
import { type PlannedChannel } from './plan';
import { type Stopwatch } from './stopwatch';

interface Deployment {
  readonly dataDir: string;
  readonly channel: PlannedChannel;
  /** At each of its peers. */
  readonly clients: readonly PeerClient[];
  readonly packageOf: (chaincode: ChaincodeSettings) => ChaincodePackage;
  readonly stopwatch: Stopwatch;
  /** Of stages, where there are several channels: what tells this channel's apart. */
  readonly suffix: string;
}

const GOSSIP = { timeoutMillis: 60_000, everyMillis: 25 };

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
    installEverywhere(
      clients,
      chaincodes.map((settings) => deployment.packageOf(settings)),
    ),
  );
  for (const { chaincode, step } of steps) await define(deployment, chaincode, step);
  await stopwatch.time(`endorsers known${suffix}`, () => Promise.all(clients.map((client) => endorsersKnown(client, deployment))));
}

function define(deployment: Deployment, settings: ChaincodeSettings, step: DefinitionStep): Promise<void> {
  const { channel, packageOf, stopwatch, suffix } = deployment;
  // what an organisation approves it approves once, at its first peer; the others draw it from there
  const clients = deployment.clients.filter(({ node }) => node.index === 0);
  const { packageId } = packageOf(settings);
  return bringToDefinition(
    clients,
    { channel: channel.name, settings, packageId, step },
    { poll: isReadyWithin, stage: (name, work) => stopwatch.time(`${name} ${settings.name}${suffix}`, work) },
  );
}

/** Waits until this peer would plan endorsements with every peer of the channel. */
async function endorsersKnown(client: PeerClient, { channel, dataDir, clients }: Deployment): Promise<void> {
  for (const { name } of channel.consortium.chaincodes) {
    const knowsAll = async (): Promise<boolean> => (await endorsersKnownTo(client, dataDir, channel.name, name)) >= clients.length;
    await waitUntil(
      {
        en: `${client.node.name} did not learn of all endorsing peers of ${channel.name}`,
        zh: `${client.node.name} 没有得知 ${channel.name} 的全部背书节点`,
      },
      knowsAll,
      GOSSIP,
    );
  }
}
