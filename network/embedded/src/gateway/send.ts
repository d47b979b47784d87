import { type EventEmitter } from 'node:events';

/** The part of a server stream that is written to. */
export interface Outgoing<T> extends EventEmitter {
  write(message: T): boolean;
  readonly cancelled: boolean;
}

/** Writes and waits while the client reads more slowly than blocks come. */
export async function send<T>(call: Outgoing<T>, message: T): Promise<void> {
  if (call.cancelled || call.write(message)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      call.off('drain', go).off('cancelled', go).off('close', go);
      resolve();
    };
    call.once('drain', go).once('cancelled', go).once('close', go);
  });
}
