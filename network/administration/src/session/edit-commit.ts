import { type CommittedUpdate, committedUpdateOf } from '@lianyi/fabric-protocol';
import { readBlocks } from '../block-stream';
import { chainState } from '../chain-state';
import { currentConfig } from '../channel-update/current-config';
import { type PeerClient } from '../peer-client';

/** One signed update on its way into the channel. */
export interface SentUpdate {
  readonly dataDir: string;
  readonly channel: string;
  /** The `ConfigUpdateEnvelope` that was sent: no two are alike, as each signature covers a nonce. */
  readonly update: Buffer;
  /** Sequence of the configuration that the update was made for. */
  readonly madeFor: number;
  /** Number of the first block that can carry the update. */
  readonly fromBlock: number;
}

/** Where an update was committed. */
export interface CommitPlace {
  readonly block: number;
  /** Sequence of the configuration that it led to: another update may have been committed before it. */
  readonly sequence: number;
}

/** What a peer's chain says of an update. `overtaken`: another one was committed meanwhile, and this one not, or not yet. */
export type UpdateFate = CommitPlace | 'waiting' | 'overtaken';

/** Looks for this very update in the blocks that the peer has committed; a newer configuration may be somebody else's work. */
export async function fateOf(client: PeerClient, sent: SentUpdate): Promise<UpdateFate> {
  if ((await currentConfig(client, sent.channel)).getSequence() <= sent.madeFor) return 'waiting';
  for await (const block of readBlocks(client, sent.dataDir, sent.channel, sent.fromBlock)) {
    const committed = committedUpdateOf(block);
    if (isOfUpdate(committed, sent)) return { block: block.getHeader()?.getNumber() ?? 0, sequence: committed.sequence };
  }
  return 'overtaken';
}

function isOfUpdate(committed: CommittedUpdate | undefined, { update }: SentUpdate): committed is CommittedUpdate {
  return committed?.update.equals(update) === true;
}

/** Whether the peer has committed the block in which an update stands. */
export async function hasCommitted(client: PeerClient, channel: string, { block }: CommitPlace): Promise<boolean> {
  return (await chainState(client, channel)).height > block;
}
