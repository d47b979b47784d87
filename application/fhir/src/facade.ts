import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type JSONWebKeySet } from 'jose';
import pino, { type Logger } from 'pino';
import { z } from 'zod';
import { DomainError } from '@lianyi/domain';
import { readOwnerOnly, writeDurably } from '@lianyi/client/node';
import { DocumentChecker } from '@lianyi/documents/document-checker';
import { KeyedMemory } from './acting/facade-memory';
import { type ActingStaff } from './acting/ports';
import { openProfileStaff, type OpenedStaff } from './acting/profile-staff';
import { type FacadeConfig } from './facade-config';
import { buildFacadeServer, type FacadeServer } from './http/facade-server';
import { addInteractionRoutes } from './http/interaction-routes';
import { addOpenRoutes } from './http/open-routes';
import { interactions } from './interactions/every-interaction';
import { type FacadeMemory } from './interactions/interaction';
import { capabilityStatementOf, type FacadeNames } from './resources/capability-statement';
import { type RegisteredClient } from './smart/registered-client';
import { TokenService } from './smart/token-service';

const BASE_PATH = '/fhir';
const VERSION = '0.1.0';
const NAMES_KEY_BYTES = 32;

/** A facade that answers. */
export interface Facade {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** What the server is made of; a test has its own. */
export interface FacadeParts {
  readonly config: Pick<FacadeConfig, 'identifierSystems' | 'limits' | 'logLevel' | 'listen' | 'baseUrl'>;
  readonly tls: { readonly cert: string | Buffer; readonly key: string | Buffer };
  readonly clients: ReadonlyMap<string, RegisteredClient>;
  readonly memory: FacadeMemory;
  readonly staffOf: (clientId: string) => Promise<ActingStaff>;
}

/**
 * Starts the facade: reads keys and profiles, listens, answers.
 *
 * @throws DomainError `KEY_FILE_UNUSABLE`, `CERTIFICATE_UNUSABLE`; the operating system's error if it cannot listen
 */
export async function startFhirFacade(config: FacadeConfig): Promise<Facade> {
  const clients = await readClients(config);
  const memory = new KeyedMemory(await namesKey(config.namesKeyFile));
  const opened = await openEachStaff(config);
  const tls = { cert: await readFile(config.tls.certFile), key: await readFile(config.tls.keyFile) };
  const staffOf = (clientId: string): Promise<ActingStaff> => {
    const staff = opened.get(clientId)?.staff;
    return staff === undefined ? Promise.reject(new Error('a client without a staff entry')) : Promise.resolve(staff);
  };
  const server = await buildFacade({ config, tls, clients, memory, staffOf });
  await server.listen(config.listen);
  return {
    baseUrl: config.baseUrl ?? addressOf(server, config.listen.host),
    stop: async () => {
      await server.close();
      for (const staff of new Set(opened.values())) staff.close();
    },
  };
}

/** The server with all its routes; it does not listen yet. */
export async function buildFacade({ config, tls, clients, memory, staffOf }: FacadeParts): Promise<FacadeServer> {
  const { bodyBytes, ...requests } = config.limits;
  const tokens = new TokenService(clients);
  const clientOf = (authorization: string | undefined): string | undefined => tokens.sessionOf(authorization)?.client.clientId;
  const server = await buildFacadeServer({ tls, maxBodyBytes: bodyBytes, requests, clientOf, logger: newFacadeLogger(config.logLevel) });
  // with a free port the address is known when it listens
  const baseUrl = (): string => config.baseUrl ?? addressOf(server, config.listen.host);
  const checker = new DocumentChecker({ maxBytes: bodyBytes });
  const opened = new DocumentChecker({});
  const namesNow = (): FacadeNames => ({ baseUrl: baseUrl(), tokenUrl: `${baseUrl()}/token`, version: VERSION });
  addOpenRoutes(server, { basePath: BASE_PATH, tokens, namesNow, statement: (names) => capabilityStatementOf(interactions, names) });
  const numberSystems = new Map(Object.entries(config.identifierSystems));
  const context = {
    basePath: BASE_PATH,
    baseUrl,
    maxBodyBytes: bodyBytes,
    tokens,
    checker,
    opened,
    memory,
    underWay: new Map(),
    numberSystems,
    staffOf,
  };
  addInteractionRoutes(server, context, interactions);
  return server;
}

/** A profile that cannot be opened is told at the start, and not to the first application that asks. */
async function openEachStaff({ clients }: FacadeConfig): Promise<ReadonlyMap<string, OpenedStaff>> {
  const byProfile = new Map<string, OpenedStaff>();
  for (const { profile } of clients) if (!byProfile.has(profile)) byProfile.set(profile, await openProfileStaff(profile));
  return new Map(clients.flatMap(({ clientId, profile }) => [[clientId, byProfile.get(profile)] as const]).filter(isOpened));
}

function isOpened(entry: readonly [string, OpenedStaff | undefined]): entry is readonly [string, OpenedStaff] {
  return entry[1] !== undefined;
}

function addressOf(server: FacadeServer, host: string): string {
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the facade does not listen');
  return `https://${host.includes(':') ? `[${host}]` : host}:${String(address.port)}${BASE_PATH}`;
}

const publicKeySchema = z.looseObject({ kty: z.enum(['EC', 'RSA']) }).refine((key) => !('d' in key), 'a private key');
const jwksSchema = z.object({ keys: z.array(publicKeySchema).min(1).max(8) });

async function readClients({ clients }: FacadeConfig): Promise<ReadonlyMap<string, RegisteredClient>> {
  const read = clients.map(async ({ clientId, jwksFile, scopes, purposes, keeps }): Promise<[string, RegisteredClient]> => {
    // a private key in it would be one that is not only the application's
    const jwks: JSONWebKeySet = jwksSchema.parse(JSON.parse(await readFile(jwksFile, 'utf8')));
    return [clientId, { clientId, jwks, scopes, purposes, keeps }];
  });
  return new Map(await Promise.all(read));
}

/** The key of the names that the facade makes; a new one where there is none. */
async function namesKey(file: string): Promise<Uint8Array> {
  if (!existsSync(file)) await writeDurably(file, randomBytes(NAMES_KEY_BYTES).toString('base64url'));
  const key = Buffer.from((await readOwnerOnly(file)).trim(), 'base64url');
  if (key.length !== NAMES_KEY_BYTES) throw new DomainError('KEY_FILE_UNUSABLE', undefined, { path: file, cause: 'key-damaged' });
  return key;
}

/** Logs method, route and outcome: no query, no header, no body; of an error its class and place, since messages may quote what they were given. */
function newFacadeLogger(level: string): Logger {
  const err = (error: unknown): object =>
    error instanceof Error
      ? { type: error.name, places: (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')) }
      : { type: typeof error };
  const req = ({ method, routeOptions }: { readonly method?: string; readonly routeOptions?: { readonly url?: string } }): object => ({
    method,
    route: routeOptions?.url,
  });
  const res = ({ statusCode }: { readonly statusCode?: number }): object => ({ status: statusCode });
  return pino({ level, serializers: { req, res, err } }, pino.destination({ dest: 2, sync: true }));
}
