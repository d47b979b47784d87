import type { ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { whenAnswered } from './over';

export interface AnswerLimits {
  /** How long a caller may take no byte of an answer. */
  readonly idleMillis: number;
  /** How long any answer may take, whatever its size. */
  readonly leastMillis: number;
  /** As much more for its size as a line of this speed takes. */
  readonly bytesPerSecond: number;
}

const DEFAULTS: AnswerLimits = { idleMillis: 15_000, leastMillis: 30_000, bytesPerSecond: 64 * 1024 };

/** Ends connections whose caller does not read, or so slowly that the answer would take for ever. */
export function limitAnswers(server: FastifyInstance<Server>, limits: Partial<AnswerLimits> = {}): void {
  const all = { ...DEFAULTS, ...limits };
  server.addHook('onSend', (_request, reply, payload, done) => {
    const told = Number(reply.getHeader('content-length') ?? 0);
    const bytes = typeof payload === 'string' ? Buffer.byteLength(payload) : told;
    endUnread(reply.raw, bytes, all);
    done(null, payload);
  });
}

function endUnread(answer: ServerResponse, bytes: number, { idleMillis, leastMillis, bytesPerSecond }: AnswerLimits): void {
  const end = (): void => {
    answer.destroy();
  };
  // Node starts it anew with every byte that the other side has taken
  answer.setTimeout(idleMillis, end);
  const timer = setTimeout(end, leastMillis + (bytes * 1_000) / bytesPerSecond);
  timer.unref();
  whenAnswered(answer, () => {
    clearTimeout(timer);
  });
}
