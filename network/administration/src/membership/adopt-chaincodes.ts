import { approveDefinition, approvedPackageId, committedDefinitions, installPackage } from '@lianyi/fabric-protocol';
import { versionKey, waitUntil } from '@lianyi/network-model';
import { endorsersKnownTo } from '../discovery';
import { type PeerClient } from '../peer-client';
import { type Progress } from '../progress';
import { type ChannelHandle } from '../session/channel-handle';
import { packageOf } from '../chaincode-verbs/deploy-chaincode';

const KNOWN_MILLIS = 60_000;
const POLL_MILLIS = 50;

/** Installs at the peer, and approves for its organisation, everything that the channel has committed and the network runs. */
export async function adoptChaincodes(channel: ChannelHandle, client: PeerClient, progress: Progress): Promise<void> {
  const committed = await committedDefinitions(client, channel.name);
  for (const settings of channel.consortium.chaincodes) {
    const source = channel.session.network.chaincodes.find((running) => versionKey(running) === versionKey(settings));
    if (!source || !committed.some(({ name, sequence }) => name === settings.name && sequence === settings.sequence)) continue;
    const chaincodePackage = packageOf(settings, source.folder);
    await installPackage(client, chaincodePackage);
    if ((await approvedPackageId(client, channel.name, settings)) !== chaincodePackage.packageId)
      await approveDefinition(client, channel.name, settings, chaincodePackage.packageId);
    const { mspId } = client.node.organization;
    const what = `${settings.name} ${settings.version}`;
    progress({
      en: `${mspId} installed and approved ${what} (sequence ${settings.sequence})`,
      zh: `${mspId} 已安装并批准 ${what}（序号 ${settings.sequence}）`,
    });
    await waitForEndorsers(channel, client, settings.name);
  }
}

/** Waits until the peer would plan endorsements with every peer of the channel that works, itself included. */
async function waitForEndorsers(channel: ChannelHandle, client: PeerClient, chaincode: string): Promise<void> {
  const isReady = async (): Promise<boolean> =>
    (await endorsersKnownTo(client, channel.dataDir, channel.name, chaincode)) >= (await channel.answering()).length;
  await waitUntil(
    { en: `${client.node.name} did not learn of all endorsing peers`, zh: `${client.node.name} 没有得知全部背书节点` },
    isReady,
    {
      timeoutMillis: KNOWN_MILLIS,
      everyMillis: POLL_MILLIS,
    },
  );
}
