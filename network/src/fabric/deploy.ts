import { type ChaincodeSettings, type Consortium } from '../consortium/consortium';
import { type ChaincodePackage } from '../administration/chaincode-package';
import { type DefinitionStep, definitionStep, refuseWeakerDefinitions } from '../administration/definition-check';
import { endorsersKnownTo } from '../administration/discovery';
import { approvedPackageId, approveDefinition, commitDefinition, committedDefinitions, installPackage } from '../administration/lifecycle';
import { OperatorError } from '../machine/operator-error';
import { type PeerClient } from '../administration/peer-client';
import { type Stopwatch } from './stopwatch';

export interface Deployment {
  readonly consortium: Consortium;
  readonly dataDir: string;
  readonly clients: readonly PeerClient[];
  readonly packageOf: (chaincode: ChaincodeSettings) => ChaincodePackage;
  readonly stopwatch: Stopwatch;
}

const GOSSIP_MILLIS = 60_000;

/**
 * Brings the channel to what the consortium file says: packages installed, definitions approved by every organisation and
 * committed. What is there already stays; changed code is approved again under the same sequence.
 */
export async function deployChaincodes(deployment: Deployment, isFresh: boolean): Promise<void> {
  const { consortium, clients, stopwatch } = deployment;
  const [first] = clients;
  if (!first) return;
  const channel = consortium.channel.name;
  const committed = isFresh ? [] : await committedDefinitions(first, channel);
  refuseWeakerDefinitions(consortium, committed);
  const steps = consortium.chaincodes.map((chaincode) => ({
    chaincode,
    step: definitionStep(
      chaincode,
      committed.find(({ name }) => name === chaincode.name),
    ),
  }));
  await stopwatch.time('install', () =>
    // one chaincode after another at each peer: the peer builds one package at a time
    Promise.all(clients.map(async (client) => installAll(client, deployment))),
  );
  for (const { chaincode, step } of steps) await define(deployment, chaincode, step);
  await stopwatch.time('endorsers known', () => Promise.all(clients.map((client) => endorsersKnown(client, deployment))));
}

async function installAll(client: PeerClient, { consortium, packageOf }: Deployment): Promise<void> {
  for (const chaincode of consortium.chaincodes) await installPackage(client, packageOf(chaincode));
}

async function define(deployment: Deployment, chaincode: ChaincodeSettings, step: DefinitionStep): Promise<void> {
  const { consortium, clients, packageOf, stopwatch } = deployment;
  const channel = consortium.channel.name;
  const { packageId } = packageOf(chaincode);
  await stopwatch.time(`approve ${chaincode.name}`, () =>
    // all at once: the approvals fit one block
    Promise.all(
      clients.map(async (client) => {
        if (step === 'nothing' && (await approvedPackageId(client, channel, chaincode)) === packageId) return;
        await approveDefinition(client, channel, chaincode, packageId);
      }),
    ),
  );
  if (step === 'commit') await stopwatch.time(`commit ${chaincode.name}`, () => commitDefinition(clients, channel, chaincode));
}

/** Waits until this peer would plan endorsements with every peer of the consortium. */
async function endorsersKnown(client: PeerClient, { consortium, dataDir, clients }: Deployment): Promise<void> {
  const until = Date.now() + GOSSIP_MILLIS;
  for (const { name } of consortium.chaincodes) {
    while ((await endorsersKnownTo(client, dataDir, consortium.channel.name, name)) < clients.length) {
      if (Date.now() >= until)
        throw new OperatorError('TIMEOUT', `${client.node.name} did not learn of all endorsing peers within ${GOSSIP_MILLIS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
