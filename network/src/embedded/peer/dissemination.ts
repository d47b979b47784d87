import { IMPLICIT_PREFIX } from '../ledger/definitions';
import { type EmbeddedChannel, type StagedPrivateData } from '../ports';

/** A peer as keeper of private data. */
export interface DataHolder {
  readonly mspId: string;
  /** Its name in the ledger (ports.ts holderOf). */
  readonly holder: string;
}

interface Distribution {
  readonly txId: string;
  readonly endorser: DataHolder;
  /** Peers that are up and have joined the channel, the endorser among them. */
  readonly peers: readonly DataHolder[];
}

/**
 * Hands private write sets to the peers of the collections' members, which keep them until the transaction commits.
 * Throws Fabric's text when a collection requires more other peers than there are.
 * @remarks Source: gossip/privdata/distributor.go. Members that were not pushed to pull at commit; here all get it at once.
 */
export function distributePrivateData(
  channel: EmbeddedChannel,
  privateData: readonly StagedPrivateData[],
  { txId, endorser, peers }: Distribution,
): void {
  const byHolder = new Map<string, StagedPrivateData[]>();
  for (const data of privateData) {
    const members = membersOf(channel, data);
    const holders = peers.filter(({ mspId }) => members.includes(mspId)).map(({ holder }) => holder);
    requirePeers(channel, data, holders.filter((holder) => holder !== endorser.holder).length, txId);
    for (const holder of holders) byHolder.set(holder, [...(byHolder.get(holder) ?? []), data]);
  }
  for (const [holder, held] of byHolder) channel.stagePrivateData(txId, holder, held);
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
