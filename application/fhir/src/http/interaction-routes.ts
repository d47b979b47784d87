import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, parseStrictJson } from '@lianyi/domain';
import { type DocumentChecker } from '@lianyi/documents/document-checker';
import { isResource, type JsonObject } from '@lianyi/documents/json-object';
import { type ActingStaff } from '../acting/ports';
import { questionOf, soleValue } from '../asking/question';
import { type FacadeAnswer, type FacadeMemory, type Interaction } from '../interactions/interaction';
import { areScopesFor } from '../smart/registered-client';
import { type Session, type TokenService } from '../smart/token-service';
import { jsonTextOfXml } from '../xml/read-xml';
import { type FacadeServer, FORM_TYPE, JSON_TYPES, XML_TYPES } from './facade-server';
import { type AnswerFormat, formatAsked, languageAsked } from './negotiation';
import { sendResource, TYPE_OF } from './resource-answer';

export interface InteractionContext {
  readonly baseUrl: () => string;
  /** The path of the base, such as `/fhir`. */
  readonly basePath: string;
  readonly maxBodyBytes: number;
  readonly tokens: TokenService;
  readonly checker: Pick<DocumentChecker, 'check'>;
  /** Of documents that are read, which may be larger than what is sent. */
  readonly opened: Pick<DocumentChecker, 'check'>;
  readonly memory: FacadeMemory;
  /** How many requests of each application are being answered. */
  readonly underWay: Map<string, number>;
  readonly numberSystems: ReadonlyMap<string, string>;
  /** In whose name a client acts. */
  readonly staffOf: (clientId: string) => Promise<ActingStaff>;
}

const MOST_FORM_BYTES = 16 * 1024;
const MOST_XML_BYTES = 1024 * 1024;
const MAX_DEPTH = 64;
const MOST_ACCEPT = 1_024;

/** Adds a route for each interaction of the table. */
export function addInteractionRoutes(server: FacadeServer, context: InteractionContext, interactions: readonly Interaction[]): void {
  for (const interaction of interactions) {
    const { method, path } = interaction;
    server.route({
      method,
      url: `${context.basePath}${path === '/' ? '' : path}`,
      // who asks is known before a byte of the body is read, and counted before that
      preParsing: (request, _reply, payload, done) => {
        admitted(context, interaction, request);
        assertPlainBody(request);
        done(null, payload);
      },
      handler: async (request, reply) => answer(context, interaction, request, reply),
    });
  }
}

/** @throws DomainError `TOKEN_NOT_ACCEPTED`, `SCOPE_NOT_HELD`, `PURPOSE_NOT_SAID` */
function admitted({ tokens }: InteractionContext, { scope, takesPurpose }: Interaction, request: FastifyRequest): Session {
  const session = tokens.sessionOf(request.headers.authorization);
  if (session === undefined) throw new DomainError('TOKEN_NOT_ACCEPTED');
  if (scope !== undefined && !areScopesFor(session.scopes, scope)) throw new DomainError('SCOPE_NOT_HELD');
  if (takesPurpose && session.purpose === undefined) throw new DomainError('PURPOSE_NOT_SAID');
  return session;
}

/** Requests of one application that are under way: each may hold the documents of a page until its answer is read. */
const MOST_UNDER_WAY = 64;

/** @throws DomainError `RATE_LIMITED` */
function begin({ underWay }: InteractionContext, clientId: string, reply: FastifyReply): void {
  const present = underWay.get(clientId) ?? 0;
  if (present >= MOST_UNDER_WAY) throw new DomainError('RATE_LIMITED');
  underWay.set(clientId, present + 1);
  reply.raw.once('close', () => underWay.set(clientId, (underWay.get(clientId) ?? 1) - 1));
}

async function answer(context: InteractionContext, interaction: Interaction, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { client, purpose, scopes } = admitted(context, interaction, request);
  begin(context, client.clientId, reply);
  if (interaction.takesBody) assertType(request, [...JSON_TYPES, ...XML_TYPES]);
  const question = questionOf(interaction.parameters, parametersOf(interaction, request));
  const offers = interaction.gives === 'json' ? (['json'] as const) : undefined;
  const format = interaction.gives === 'documents' ? 'json' : formatAsked(soleValue(question, '_format'), request.headers.accept, offers);
  const { id = '' } = request.params as { readonly id?: string }; // the only parameter that a path has
  const answered = await interaction.run({
    ...{ baseUrl: context.baseUrl(), memory: context.memory, question, id },
    sentResource: () => sentResource(context, request),
    checkFhir: (bytes) => context.opened.check(bytes),
    checkSent: (bytes, described) => context.checker.check(bytes, described),
    numberSystems: context.numberSystems,
    ...{ staff: await context.staffOf(client.clientId), clientId: client.clientId, keeps: client.keeps },
    purpose: interaction.takesPurpose ? purpose : undefined,
    language: languageAsked(request.headers['accept-language']),
    accept: (request.headers.accept ?? '').slice(0, MOST_ACCEPT),
    ifMatch: request.headers['if-match'],
    mayReplace: areScopesFor(scopes, { type: 'DocumentReference', letter: 'u' }),
  });
  await write(reply, answered, { format, ifNoneMatch: request.headers['if-none-match'] });
}

/** The parameters of the URL, and of a `_search` also those of its form. */
function* parametersOf({ path }: Interaction, request: FastifyRequest): Generator<readonly [string, string]> {
  const at = request.url.indexOf('?');
  if (at >= 0) yield* new URLSearchParams(request.url.slice(at + 1));
  if (!path.endsWith('/_search')) return;
  const { body } = request;
  if (body === undefined || body === null) return;
  assertType(request, [FORM_TYPE]);
  if (!Buffer.isBuffer(body) || body.length > MOST_FORM_BYTES) throw new DomainError('QUESTION_NOT_TAKEN');
  yield* new URLSearchParams(body.toString('utf8'));
}

/** XML is read on this thread, so it is to be short; the same in JSON may be long. @throws DomainError `DOCUMENT_TOO_LARGE`, `DOCUMENT_NOT_UTF8` */
function xmlText(body: Buffer): string {
  if (body.length > MOST_XML_BYTES) throw new DomainError('DOCUMENT_TOO_LARGE');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new DomainError('DOCUMENT_NOT_UTF8', undefined, {}, { cause });
  }
}

/** As the web's own words have them: RFC 9110 §8.4, the media types of newline-delimited JSON. */
const ENCODED = /^(?:x-)?(gzip|deflate|br|zstd)$/;
const NDJSON = /^application\/(?:fhir\+|x-)?ndjson$/;

/** Says which form of a body is not taken, and what to do, before it is read. @throws DomainError `DOCUMENT_OTHER_FORMAT` */
function assertPlainBody(request: FastifyRequest): void {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const compressed = ENCODED.exec(encoding)?.[1];
  if (compressed !== undefined) throw new DomainError('DOCUMENT_OTHER_FORMAT', undefined, { looksLike: compressed });
  if (encoding !== 'identity') throw new DomainError('MEDIA_TYPE_NOT_TAKEN', undefined, { takes: 'identity' });
  if (NDJSON.test(typeOf(request))) throw new DomainError('DOCUMENT_OTHER_FORMAT', undefined, { looksLike: 'ndjson' });
}

function typeOf({ headers }: FastifyRequest): string {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
}

function assertType(request: FastifyRequest, types: readonly string[]): void {
  if (!types.includes(typeOf(request))) throw new DomainError('MEDIA_TYPE_NOT_TAKEN', undefined, { takes: types.join(', ') });
}

/** The resource of a body, checked on another thread where it is large. @throws DomainError the refusals of `checkDocument` */
async function sentResource({ checker, maxBodyBytes }: InteractionContext, request: FastifyRequest): Promise<JsonObject> {
  const { body } = request;
  if (!Buffer.isBuffer(body)) throw new DomainError('DOCUMENT_EMPTY');
  const json = XML_TYPES.includes(typeOf(request)) ? Buffer.from(jsonTextOfXml(xmlText(body))) : body;
  await checker.check(json);
  const resource = parseStrictJson(json.toString('utf8'), { maxBytes: maxBodyBytes, maxDepth: MAX_DEPTH });
  if (!isResource(resource)) throw new DomainError('DOCUMENT_NOT_FHIR');
  return resource;
}

async function write(
  reply: FastifyReply,
  { status = 200, resource = {}, bytes, contentType = TYPE_OF.json, headers = {} }: FacadeAnswer,
  { format, ifNoneMatch }: { readonly format: AnswerFormat; readonly ifNoneMatch: string | undefined },
): Promise<void> {
  void reply.status(status).headers({ ...headers, 'cache-control': 'no-store' });
  if (headers['etag'] !== undefined && headers['etag'] === ifNoneMatch) {
    await reply.status(304).send();
    return;
  }
  if (bytes === undefined) await sendResource(reply, resource, format);
  else await reply.type(contentType).send(Buffer.from(bytes));
}
