import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What is done once a response is over. */
const awaited = new WeakMap<ServerResponse, Set<() => void>>();

/**
 * Has something done once: when an answer has left, or when its connection has gone. Of a response that waits behind another one on the same
 * connection not every release of Node 24 says that it is closed when the connection breaks off, nor is it `destroyed` then; the socket's end they all say.
 */
export function whenAnswered(answer: ServerResponse, done: () => void): void {
  // an answer that waits has no socket yet, and a request that was ended before its last byte has none any more
  const request: { readonly socket: Socket | null } = answer.req; // Node's own types do not say so
  const socket = answer.socket ?? request.socket;
  if (answer.destroyed || answer.closed || socket?.destroyed === true) {
    done();
    return;
  }
  const known = awaited.get(answer);
  if (known !== undefined) {
    known.add(done);
    return;
  }
  const all = new Set([done]);
  awaited.set(answer, all);
  const over = (): void => {
    answer.off('close', over);
    socket?.off('close', over);
    awaited.delete(answer);
    for (const each of all) each();
  };
  answer.once('close', over);
  // a connection that is kept has many answers: each takes its listener away
  socket?.once('close', over);
}
