import type { Server } from 'node:https';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { DomainError } from '@lianyi/domain';
import { jsonOfOutcome, outcomeOfFailure } from '../resources/outcome-of-failure';
import { addressOfCaller } from './caller-address';
import { FacadePlaces } from './facade-places';
import { formatOfRefusal, languageAsked } from './negotiation';
import { sendResource } from './resource-answer';

export type FacadeServer = FastifyInstance<Server>;

export interface FacadeServerOptions {
  readonly tls: { readonly cert: string | Buffer; readonly key: string | Buffer };
  readonly maxBodyBytes: number;
  readonly requests: RequestLimits;
  /** Which application a request's token is of; undefined: it has none that holds. */
  readonly clientOf: (authorization: string | undefined) => string | undefined;
  readonly logger: FastifyBaseLogger;
}

/** How many in a minute. */
interface RequestLimits {
  /** Of one application. */
  readonly requestsPerMinute: number;
  /** Of one address without a token; for tokens it has as many again. */
  readonly strangersPerMinute: number;
}

export const JSON_TYPES = ['application/fhir+json', 'application/json'];
export const XML_TYPES = ['application/fhir+xml', 'application/xml', 'text/xml'];
export const FORM_TYPE = 'application/x-www-form-urlencoded';
const HANDSHAKE_TIMEOUT_MILLIS = 10_000;
const REQUEST_TIMEOUT_MILLIS = 60_000;
/** Longer than any answer takes to come; one that nobody reads is over then. */
const SILENT_MILLIS = 120_000;
const CONNECTIONS = 1_024;

/** Builds the HTTPS server without its routes: TLS 1.3, bodies as bytes, a limit of requests, and one form of refusal. */
export async function buildFacadeServer(options: FacadeServerOptions): Promise<FacadeServer> {
  const { tls, maxBodyBytes, logger } = options;
  const server: FacadeServer = fastify({
    https: { ...tls, minVersion: 'TLSv1.3', handshakeTimeout: HANDSHAKE_TIMEOUT_MILLIS },
    loggerInstance: logger,
    // every body is read by the schemas of this house
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
    bodyLimit: maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MILLIS,
    connectionTimeout: SILENT_MILLIS,
    exposeHeadRoutes: false,
    // a base address may be written with a slash at its end, and some clients do (fhirclient 2.6)
    routerOptions: { maxParamLength: 128, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => {
      // Fastify leaves the reply's type open here
      void answerFailure(error, request, reply);
    },
    forceCloseConnections: 'idle',
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser([...JSON_TYPES, ...XML_TYPES, FORM_TYPE], { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  server.setErrorHandler(async (error, request, reply) => {
    const { status, code } = await answerFailure(error, request, reply);
    const log = { code, route: request.routeOptions.url };
    if (status >= 500) request.log.error({ ...log, err: error }, 'request failed');
    else request.log.info(log, 'request refused');
  });
  server.setNotFoundHandler(async (request, reply) => answerNothingThere(request, reply));
  await limitCallers(server, options);
  await server.register(helmet);
  return server;
}

const OF_CLIENT = 'client ';

/** An application has its own budget, wherever it comes from: behind a proxy everybody has one address, and no stranger there uses an application's up. */
async function limitCallers(server: FacadeServer, { requests, clientOf }: FacadeServerOptions): Promise<void> {
  const places = new FacadePlaces(CONNECTIONS);
  places.watch(server.server);
  await server.register(rateLimit, {
    keyGenerator: ({ headers, ip, socket, routeOptions }) => {
      const client = clientOf(headers.authorization);
      if (client === undefined) return `${routeOptions.url?.endsWith('/token') === true ? 'token' : 'address'} ${addressOfCaller(ip)}`;
      places.known(socket);
      return `${OF_CLIENT}${client}`;
    },
    max: (_request, key) => (key.startsWith(OF_CLIENT) ? requests.requestsPerMinute : requests.strangersPerMinute),
    timeWindow: 60_000,
    errorResponseBuilder: () => new DomainError('RATE_LIMITED'),
  });
}

function noSchema(): never {
  throw new Error('a route has a schema for Fastify; give it to the interaction');
}

async function answerFailure(
  error: unknown,
  { headers, url }: Pick<FastifyRequest, 'headers' | 'url'>,
  reply: FastifyReply,
): Promise<{ readonly status: number; readonly code: string }> {
  const language = languageAsked(headers['accept-language']);
  const { status, code, outcome } = outcomeOfFailure(error, language);
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply.header('content-language', language).header('cache-control', 'no-store');
  void reply.status(status);
  await sendResource(reply, jsonOfOutcome(outcome), formatOfRefusal(url, headers.accept));
  return { status, code };
}

async function answerNothingThere(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  await answerFailure(new DomainError('UNKNOWN_OPERATION'), request, reply);
}
