import { OperatorError } from './operator-error';
import { type Sentence } from './sentence';

interface Polling {
  /** After so long it is given up; what is asked then is the last time. */
  readonly timeoutMillis: number;
  /** Between one look and the next. */
  readonly everyMillis: number;
}

type IsReady = () => boolean | Promise<boolean>;

/** Polls a condition, at least once, and answers whether it held in time. What the condition throws ends the wait. */
export async function isReadyWithin(isReady: IsReady, { timeoutMillis, everyMillis }: Polling): Promise<boolean> {
  const until = Date.now() + timeoutMillis;
  for (;;) {
    if (await isReady()) return true;
    if (Date.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMillis));
  }
}

/**
 * Polls a condition until it holds.
 * @param failure - what did not happen, as the beginning of a sentence; computed when it has not
 * @throws {@link OperatorError} `TIMEOUT` — it did not hold within the time.
 */
export async function waitUntil(failure: Sentence | (() => Sentence), isReady: IsReady, polling: Polling): Promise<void> {
  if (await isReadyWithin(isReady, polling)) return;
  const { en, zh } = typeof failure === 'function' ? failure() : failure;
  const { timeoutMillis } = polling;
  throw new OperatorError('TIMEOUT', { en: `${en} within ${timeoutMillis} ms`, zh: `${zh}（${timeoutMillis} 毫秒内）` });
}
