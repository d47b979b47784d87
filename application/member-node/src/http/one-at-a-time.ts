import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { whenAnswered } from './over';

/** Requests that may stand behind the one under way on a connection; honest clients send the next one when they have the answer. */
const MOST_WAITING = 16;

/**
 * Looks at the requests of a connection one after another. Node itself hands on whatever has come (RFC 9112 §9.3.2 lets a client send more
 * before it has an answer), so one connection could hold hundreds of places; now whoever waits holds a connection. A connection on which too many
 * stand is ended.
 */
export function answerOneAtATime(server: FastifyInstance<Server>): void {
  const connections = new WeakMap<Socket, Turns>();
  server.addHook('onRequest', ({ raw }, reply, done) => {
    const turns = connections.get(raw.socket) ?? new Turns(raw.socket);
    connections.set(raw.socket, turns);
    turns.next(() => {
      whenAnswered(reply.raw, () => {
        turns.over();
      });
      done();
    });
  });
}

/** The requests of one connection. */
class Turns {
  #isBusy = false;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly socket: Socket) {}

  next(begin: () => void): void {
    if (this.#isBusy) {
      if (this.#waiting.length >= MOST_WAITING) this.socket.destroy();
      else this.#waiting.push(begin);
      return;
    }
    this.#isBusy = true;
    begin();
  }

  /** What has come on a connection that has gone is looked at by nobody. */
  over(): void {
    this.#isBusy = false;
    const begin = this.socket.destroyed ? undefined : this.#waiting.shift();
    if (begin !== undefined) this.next(begin);
  }
}
