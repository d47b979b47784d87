import { setTimeout as sleep } from 'node:timers/promises';

/** Each question costs the machine something, most of all where a node answers it. */
const POLL_MILLIS = 50;
/** Generous on purpose: a busy machine makes a wait longer, not a test red. */
const PATIENCE_MILLIS = 60_000;

/**
 * Asks again and again until it holds.
 *
 * @param what completes "not within … ms: "
 * @returns how many milliseconds that took
 * @throws when it still does not hold after `timeoutMillis`, or whatever the question throws
 */
export async function waitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMillis: number = PATIENCE_MILLIS,
): Promise<number> {
  const begun = performance.now();
  while (!(await holds())) {
    if (performance.now() - begun > timeoutMillis) throw new Error(`not within ${timeoutMillis} ms: ${what}`);
    await sleep(POLL_MILLIS);
  }
  return Math.round(performance.now() - begun);
}
