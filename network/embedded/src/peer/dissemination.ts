import { IMPLICIT_PREFIX } from '../ledger/definitions';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type StagedPrivateData } from '../ledger/block-store';
import { type DataHolder } from '../ledger/data-holder';

interface Distribution {
  readonly txId: string;
  readonly endorser: DataHolder;
  /** Peers that are up and have joined the channel, the endorser among them. */
  readonly peers: readonly DataHolder[];
}

interface Dissemination {
  readonly memberMspIds: readonly string[];
  readonly required: number;
  readonly maximum: number;
}

/**
 * Hands private write sets to peers of the collections' members, which keep them until the transaction commits; the others
 * pull then. Throws Fabric's text when a collection requires more other peers than are up.
 * @remarks Source: gossip/privdata/distributor.go. The endorser keeps what it endorsed, member or not.
 */
export function distributePrivateData(
  channel: EmbeddedChannel,
  privateData: readonly StagedPrivateData[],
  distribution: Distribution,
): void {
  const { txId, endorser, peers } = distribution;
  const byHolder = new Map<string, StagedPrivateData[]>();
  for (const data of privateData) {
    const dissemination = disseminationOf(channel, data, endorser);
    const eligible = peers.filter(({ mspId, holder }) => holder !== endorser.holder && dissemination.memberMspIds.includes(mspId));
    requirePeers(channel, data, { ...dissemination, eligible: eligible.length, txId });
    for (const { holder } of [endorser, ...oneOfEachFirst(eligible).slice(0, dissemination.maximum)]) {
      byHolder.set(holder, [...(byHolder.get(holder) ?? []), data]);
    }
  }
  for (const [holder, held] of byHolder) channel.stagePrivateData(txId, holder, held);
}

/** @remarks Source: sampleconfig/core.yaml peer.gossip.pvtData.implicitCollectionDisseminationPolicy, for the own organisation's only. */
function disseminationOf(channel: EmbeddedChannel, { namespace, collection }: StagedPrivateData, endorser: DataHolder): Dissemination {
  if (collection.startsWith(IMPLICIT_PREFIX)) {
    const owner = collection.slice(IMPLICIT_PREFIX.length);
    return { memberMspIds: [owner], required: 0, maximum: owner === endorser.mspId ? 1 : 0 };
  }
  const definition = channel.definitions.collection(namespace, collection);
  return {
    memberMspIds: definition?.memberMspIds ?? [],
    required: definition?.requiredPeerCount ?? 0,
    maximum: definition?.maximumPeerCount ?? 0,
  };
}

/** One peer of every organisation, then the others. Which one is chance on a real peer; here it is the first. */
function oneOfEachFirst(peers: readonly DataHolder[]): readonly DataHolder[] {
  const firsts = [...Map.groupBy(peers, ({ mspId }) => mspId).values()].flatMap(([first]) => first ?? []);
  return [...firsts, ...peers.filter((peer) => !firsts.includes(peer))];
}

function requirePeers(
  channel: EmbeddedChannel,
  { namespace, collection }: StagedPrivateData,
  { required, eligible, txId }: Pick<Dissemination, 'required'> & { readonly eligible: number; readonly txId: string },
): void {
  if (eligible >= required) return;
  throw new Error(
    `failed to distribute private collection, txID ${txId}, channel ${channel.name}: could not build private data dissemination plan for ` +
      `chaincode ${namespace} and collection ${collection}: required to disseminate to at least ${required} peers, but know of only ${eligible} eligible peers`,
  );
}
