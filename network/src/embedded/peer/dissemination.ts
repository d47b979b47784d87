import { IMPLICIT_PREFIX } from '../ledger/definitions';
import { type EmbeddedChannel, type StagedPrivateData } from '../ports';

interface Distribution {
  readonly txId: string;
  readonly endorserMspId: string;
  /** Organisations that run a peer on the channel. */
  readonly peerMspIds: readonly string[];
}

/**
 * Hands private write sets to the peers of the collections' members, which keep them until the transaction commits.
 * Throws Fabric's text when a collection requires more other peers than there are.
 * @remarks Source: gossip/privdata/distributor.go. Members that were not pushed to pull at commit; here all get it at once.
 */
export function distributePrivateData(
  channel: EmbeddedChannel,
  privateData: readonly StagedPrivateData[],
  distribution: Distribution,
): void {
  const { txId, endorserMspId, peerMspIds } = distribution;
  const byOrganization = new Map<string, StagedPrivateData[]>();
  for (const data of privateData) {
    const holders = membersOf(channel, data).filter((mspId) => peerMspIds.includes(mspId));
    requirePeers(channel, data, holders.filter((mspId) => mspId !== endorserMspId).length, txId);
    for (const mspId of holders) byOrganization.set(mspId, [...(byOrganization.get(mspId) ?? []), data]);
  }
  for (const [mspId, held] of byOrganization) channel.stagePrivateData(txId, mspId, held);
}

function membersOf(channel: EmbeddedChannel, { namespace, collection }: StagedPrivateData): readonly string[] {
  if (collection.startsWith(IMPLICIT_PREFIX)) return [collection.slice(IMPLICIT_PREFIX.length)];
  return channel.definitions.collection(namespace, collection)?.memberMspIds ?? [];
}

function requirePeers(channel: EmbeddedChannel, { namespace, collection }: StagedPrivateData, eligible: number, txId: string): void {
  const required = channel.definitions.collection(namespace, collection)?.requiredPeerCount ?? 0;
  if (eligible >= required) return;
  throw new Error(
    `failed to distribute private collection, txID ${txId}, channel ${channel.name}: could not build private data dissemination plan for ` +
      `chaincode ${namespace} and collection ${collection}: required to disseminate to at least ${required} peers, but know of only ${eligible} eligible peers`,
  );
}
