import { fileFaultOf, OperatorError, type Sentence, sentenceOf } from '@lianyi/network-model';
import { type AdminSession } from './admin-session';
import { type ChannelHandle } from './channel-handle';

/** Where a change stands that ended half-way, and what to do then. */
export interface Standing {
  /** What the channels have by now. */
  readonly found: Sentence;
  /** The commands that complete it or take it back. */
  readonly next: Sentence;
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
      found: {
        en: `what the channels have cannot be read now: ${sentenceOf(reason).en}`,
        zh: `目前无法读取各通道的状况：${sentenceOf(reason).zh}`,
      },
      next: {
        en: "'status' tells what runs; the same command completes what was begun",
        zh: '用 status 查看运行状况；再次运行同一命令可完成已开始的操作',
      },
    }));
    const known = fileFaultOf(error) ?? error;
    const { en, zh } = sentenceOf(known);
    const code = known instanceof OperatorError ? known.code : 'FABRIC_REFUSED';
    throw new OperatorError(code, { en: `${en}; ${found.en}; ${next.en}`, zh: `${zh}；${found.zh}；${next.zh}` }, { cause: error });
  }
}

/** What every channel says of something, one after another; a channel that cannot be read says so. */
export async function onEveryChannel(
  session: AdminSession,
  say: (channel: ChannelHandle) => Promise<Sentence | undefined>,
): Promise<Sentence> {
  const said: Sentence[] = [];
  for (const channel of session.channels) {
    const words = await say(channel).catch((reason: unknown) => {
      const { en, zh } = sentenceOf(reason);
      return { en: `cannot be read now (${en})`, zh: `目前无法读取（${zh}）` };
    });
    if (words !== undefined) said.push({ en: `${channel.name}: ${words.en}`, zh: `${channel.name}：${words.zh}` });
  }
  return listed(said);
}

/** Several findings as one. */
export function listed(sentences: readonly Sentence[]): Sentence {
  return { en: sentences.map(({ en }) => en).join(', '), zh: sentences.map(({ zh }) => zh).join('，') };
}
