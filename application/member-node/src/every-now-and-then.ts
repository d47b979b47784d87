import type { FastifyBaseLogger } from 'fastify';

/** Does something at once and then again and again, one run at a time; a run that fails is logged. @returns what ends it */
export function everyNowAndThen(
  everyMillis: number,
  log: Pick<FastifyBaseLogger, 'warn'>,
  what: string,
  run: () => Promise<void>,
): () => Promise<void> {
  let running = Promise.resolve();
  const again = (): void => {
    running = running.then(run).catch((error: unknown) => {
      log.warn({ what, reason: error instanceof Error ? error.name : 'unknown' }, 'housekeeping failed; it is tried again');
    });
  };
  again();
  const timer = setInterval(again, everyMillis).unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}
