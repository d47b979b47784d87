import { type DomainError } from '@lianyi/domain';

/** How far the blocks of the own peer were followed. */
export interface FollowedHeight {
  /** How many blocks of the own peer were followed. */
  height(): Promise<bigint>;
  waitFor<Found>(look: () => Promise<Found | undefined>, timeoutMillis: number): Promise<Found | undefined>;
}

/** The own peer, which may be some blocks ahead of the index. */
export interface OwnPeer {
  /** Number of its newest block. */
  newest(withinMillis: number): Promise<bigint>;
}

/** A block takes its time from the peer to the index; on a busy machine a long one. */
export const PATIENCE_MILLIS = 20_000;
const ANSWER_MILLIS = 5_000;

/**
 * Waits until the index has each block that the own peer has by now: what it does not know then is not there.
 * @param behind - makes the refusal, of what the peer did not tell or because it was not told in time
 * @throws what `behind` makes
 */
export async function untilAbreast(
  index: FollowedHeight,
  peer: OwnPeer,
  patienceMillis: number,
  behind: (problem?: string, cause?: unknown) => DomainError,
): Promise<void> {
  const newest = await peer.newest(ANSWER_MILLIS).catch((cause: unknown) => {
    throw behind('the own peer does not tell its newest block', cause);
  });
  const look = async (): Promise<true | undefined> => ((await index.height()) > newest ? true : undefined);
  if ((await index.waitFor(look, patienceMillis)) === undefined) throw behind();
}
