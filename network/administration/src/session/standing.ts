import { OperatorError, reasonOf } from '@lianyi/network-model';
import { type AdminSession } from './admin-session';
import { type ChannelHandle } from './channel-handle';

/** Where a change stands that ended half-way, and what to do then. */
export interface Standing {
  /** What the channels have by now. */
  readonly found: string;
  /** The commands that complete it or take it back. */
  readonly next: string;
}

/**
 * Runs an act that changes channels step by step. If it fails, the failure also says what has been changed by then, as
 * the channels have it, and which command completes it or takes it back.
 * @throws {@link OperatorError} — of the same code.
 */
export async function withStanding<T>(act: () => Promise<T>, look: () => Promise<Standing>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const { found, next } = await look().catch((reason: unknown) => ({
      found: `what the channels have cannot be read now: ${reasonOf(reason)}`,
      next: "'status' tells what runs; the same command completes what was begun",
    }));
    const code = error instanceof OperatorError ? error.code : 'FABRIC_REFUSED';
    throw new OperatorError(code, `${reasonOf(error)}; ${found}; ${next}`, { cause: error });
  }
}

/** What every channel says of something, one after another; a channel that cannot be read says so. */
export async function onEveryChannel(session: AdminSession, say: (channel: ChannelHandle) => Promise<string | undefined>): Promise<string> {
  const said: string[] = [];
  for (const channel of session.channels) {
    const words = await say(channel).catch((reason: unknown) => `cannot be read now (${reasonOf(reason)})`);
    if (words !== undefined) said.push(`${channel.name}: ${words}`);
  }
  return said.join(', ');
}
