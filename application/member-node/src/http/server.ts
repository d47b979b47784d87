import type { Server } from 'node:https';
import { type SecureContextOptions, TLSSocket } from 'node:tls';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { DomainError, parseStrictJson } from '@lianyi/domain';
import { callerAddress } from '../admission/address';
import { type MemberCertificate, type MemberCertificates } from '../member-certificates';
import { type AnswerLimits, limitAnswers } from './limit-answers';
import { type ConnectionLimits, limitConnections } from './limit-connections';
import { answerOneAtATime } from './one-at-a-time';
import { allowedAt } from './openapi';
import { ofCode, httpProblemOf } from './problem';

export type NodeServer = FastifyInstance<Server>;

export interface ServerOptions {
  readonly tls: { readonly cert: string | Buffer; readonly key: string | Buffer };
  readonly members: MemberCertificates;
  readonly requestsPerMinute: number;
  /** Whether a member's certificate was one of an endpoint when the directory was read last; left out: none was. Nothing is asked before a request is counted. */
  readonly wasRegistered?: (certificate: MemberCertificate) => boolean;
  /** Refuses to have so many bytes of JSON parsed. */
  readonly assertMayRead?: (ip: string, bytes: number) => void;
  readonly connections?: Partial<ConnectionLimits>;
  readonly answers?: Partial<AnswerLimits>;
  readonly logger: FastifyBaseLogger;
}

/**
 * A transaction's argument (64 KiB) with the transient value beside it; what has no such value takes less. The largest honest body, a grant of as many
 * provisions as there may be, has some 3,100 values.
 */
export const JSON_LIMITS = { maxBytes: 192 * 1024, maxDepth: 32, maxValues: 6_400 };
const LIMIT_WITHOUT_TRANSIENT = 80 * 1024;
/** Long enough to upload the largest document over a slow line. */
const REQUEST_TIMEOUT_MILLIS = 120_000;
const HANDSHAKE_TIMEOUT_MILLIS = 10_000;

/**
 * Builds the HTTPS server without its routes: TLS 1.3, client certificates asked for and verified but not demanded (staff
 * and patients have none), strict JSON, rate limit per caller, and one form of refusal.
 */
export async function buildServer(options: ServerOptions): Promise<NodeServer> {
  const server: NodeServer = fastify({
    https: {
      ...secureContext(options.tls, options.members),
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MILLIS,
    },
    loggerInstance: options.logger,
    schemaController: { compilersFactory: { buildValidator: noSchemaOfFastify, buildSerializer: noSchemaOfFastify } },
    bodyLimit: LIMIT_WITHOUT_TRANSIENT,
    requestTimeout: REQUEST_TIMEOUT_MILLIS,
    // a path that is none is answered before any route is looked for
    frameworkErrors: (error, _request, reply) => {
      const { status, body } = httpProblemOf(error);
      // Fastify leaves the reply's type open here
      void (reply as FastifyReply).status(status).send(body);
    },
    // a client that stays connected must not hold up a stop
    forceCloseConnections: 'idle',
  });
  limitConnections(server.server, options.members, options.connections);
  answerOneAtATime(server);
  limitAnswers(server, options.answers);
  answerWithProblems(server);
  parseStrictly(server, options);
  await server.register(rateLimit, {
    max: options.requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => countedAs(options, request),
    errorResponseBuilder: (_request, { ttl }) => new DomainError('RATE_LIMITED', undefined, { retryAfterSeconds: Math.ceil(ttl / 1000) }),
  });
  await server.register(helmet);
  return server;
}

/**
 * Zod reads every body here. Fastify's own two compilers of schemas would be loaded all the same, with 245 modules that nothing of a node
 * uses; in their place stands this.
 */
function noSchemaOfFastify(): never {
  throw new Error('a route has a schema for Fastify; give it to the operation in the member API');
}

/** What a handshake rests on. */
export function secureContext({ cert, key }: ServerOptions['tls'], members: MemberCertificates): SecureContextOptions {
  return { cert, key, ca: [...members.caPems], minVersion: 'TLSv1.3' };
}

/** The member whose certificate the caller showed in the TLS handshake; undefined for everybody else. */
export function callerOf(members: MemberCertificates, request: FastifyRequest): MemberCertificate | undefined {
  const { socket } = request.raw;
  return socket instanceof TLSSocket ? members.ofSocket(socket) : undefined;
}

/**
 * As whom a request is counted. A member issues as many certificates as it likes, so the registered ones of a member count together, and any other one
 * makes nobody of an address.
 */
function countedAs({ members, wasRegistered }: ServerOptions, request: FastifyRequest): string {
  const caller = callerOf(members, request);
  return caller !== undefined && wasRegistered?.(caller) === true ? caller.mspId : callerAddress(request.ip);
}

function answerWithProblems(server: NodeServer): void {
  server.setErrorHandler(async (error, request, reply) => {
    const { status, body } = httpProblemOf(error);
    const log = { code: body.code, route: request.routeOptions.url };
    if (status >= 500) request.log.error({ ...log, err: error }, 'request failed');
    else request.log.info(log, 'request refused');
    const { retryAfterSeconds } = body.details;
    if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', String(retryAfterSeconds));
    await reply.status(status).send(body);
  });
  // of a path that is none no body is read: the limit of requests is one of routes
  server.addHook('onRequest', async (request, reply) => {
    if (request.is404) await answerNotFound(request, reply);
  });
  server.setNotFoundHandler(answerNotFound);
}

async function answerNotFound(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const path = request.url.split('?')[0] ?? '';
  const allowed = allowedAt(path);
  const code = path.startsWith('/v1/transactions/') ? 'UNKNOWN_TRANSACTION' : 'UNKNOWN_OPERATION';
  const { status, body } = ofCode(allowed.length > 0 ? 'METHOD_NOT_ALLOWED' : code, undefined, allowed.length > 0 ? { allowed } : {});
  if (allowed.length > 0) void reply.header('allow', allowed.join(', '));
  await reply.status(status).send(body);
}

/** Bodies are parsed by the domain's strict parser and checked by the catalogue's schemas; Fastify's own are switched off. */
function parseStrictly(server: NodeServer, { assertMayRead }: ServerOptions): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, ({ ip }, body, done) => {
    try {
      const text = body.toString();
      assertMayRead?.(ip, Buffer.byteLength(text));
      done(null, parseStrictJson(text, JSON_LIMITS));
    } catch (error) {
      done(error instanceof Error ? error : new Error('unreadable body'));
    }
  });
  // bytes stay a stream: each route has its own limit, and reads only after it knows who asks
  server.addContentTypeParser('application/octet-stream', (_request, body, done) => {
    done(null, body);
  });
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (value) => JSON.stringify(value));
}
