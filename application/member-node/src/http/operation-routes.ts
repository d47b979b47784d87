import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type MemberOperation, OCTETS } from '@lianyi/client';
import { DomainError, invalidRequest } from '@lianyi/domain';
import { type MemberCertificate } from '../member-certificates';
import { decodeHeader, encodeHeader, octets } from '../services/octets';
import { type ReadableObject } from '../vault/object-store';
import { whenAnswered } from './over';
import { type NodeServer } from './server';

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** One call of an operation: parsed, and by somebody who may call it. */
export interface OperationCall<Operation extends MemberOperation> {
  readonly body: Parsed<Operation['body']>;
  readonly header: Operation extends { readonly header: { readonly holds: infer Schema } } ? Parsed<Schema> : undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** Of an operation for members. */
  readonly member: MemberCertificate | undefined;
  /** The signed input as it was sent, before any schema touched it; of an operation that is signed for. */
  readonly signedInput: unknown;
  readonly request: FastifyRequest;
  /** Has something done once the answer has left, or the caller has gone. */
  readonly whenOver: (done: () => void) => void;
}

/** What an operation answers: JSON, or an object of the store, which is sent as it is read, with what the header says of it. */
export interface OperationResult {
  readonly body: unknown;
  readonly header?: unknown;
}

/** How a node finds out who another member's node is. @throws DomainError `NOT_AUTHENTICATED` */
export type MemberGate = (request: FastifyRequest) => Promise<MemberCertificate>;

/**
 * Serves an operation as the table describes it: path, documentation, who may call (another member's node is known before a byte of the
 * request is read), and what goes in and out.
 *
 * @param members - needed for an operation for members' nodes
 * @throws Error at once — an operation for members without one, which would serve anybody
 */
export function serve<Operation extends MemberOperation>(
  server: NodeServer,
  operation: Operation,
  handler: (call: OperationCall<Operation>) => Promise<OperationResult>,
  members?: MemberGate,
): void {
  const memberOf = gateOf(operation, members);
  route(server, operation, async (request, reply) => {
    const member = await memberOf(request);
    const header = headerOf(operation, request);
    const body = operation.body instanceof z.ZodType ? parsed(operation.body, request.body) : undefined;
    const sent = operation.header === undefined ? request.body : header.sent;
    const signedInput = isSignedFor(operation) ? parsed(z.object({ input: z.unknown() }), sent).input : undefined;
    // the schemas of this very operation parsed both
    const checked = { body, header: header.parsed } as Pick<OperationCall<Operation>, 'body' | 'header'>;
    const parameters = request.params as Readonly<Record<string, string>>; // Fastify's, from the path of the operation
    const settled = Promise.withResolvers<undefined>();
    // who hangs up ends no work: what it holds is given back when the answer is over and the work is done
    const whenOver = (done: () => void): void => {
      whenAnswered(reply.raw, () => void settled.promise.then(done));
    };
    try {
      const result = await handler({ ...checked, parameters, member, signedInput, request, whenOver });
      return await answer(operation, reply, result, whenOver);
    } finally {
      settled.resolve(undefined);
    }
  });
}

const SIGNED_FOR: ReadonlySet<MemberOperation['callers']['kind']> = new Set(['staff', 'reader', 'holder', 'finder']);

/** Whether callers sign for the operation itself, as for a transaction. */
function isSignedFor({ callers }: MemberOperation): boolean {
  return SIGNED_FOR.has(callers.kind);
}

function gateOf(
  { id, callers }: MemberOperation,
  members: MemberGate | undefined,
): (request: FastifyRequest) => Promise<MemberCertificate | undefined> {
  if (callers.kind !== 'member') return () => Promise.resolve(undefined);
  if (members === undefined) throw new Error(`${id} is for members and has no gate that knows them`);
  return members;
}

/** Registers an operation under its path, for the media type that it takes; whoever handles it parses the request. */
export function route(
  server: NodeServer,
  operation: MemberOperation,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
): void {
  // twice a colon: find-my-way's spelling of a literal one
  const url = operation.path.replaceAll(':', '::').replaceAll(/\{(\w+)\}/g, ':$1');
  const onRequest = (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    done(mediaTypeFault(operation, request));
  };
  const { bodyBytes } = operation;
  server.route({ method: operation.method, url, onRequest, handler, ...(bodyBytes === undefined ? {} : { bodyLimit: bodyBytes }) });
}

/** A media type that was named and is another than the operation's; a body without one is none, which the schema tells. */
function mediaTypeFault({ body }: MemberOperation, { headers }: FastifyRequest): DomainError | undefined {
  const seen = headers['content-type'];
  if (body === undefined || seen === undefined) return undefined;
  const expected = body === OCTETS ? OCTETS : 'application/json';
  if (seen.split(';')[0]?.trim().toLowerCase() === expected) return undefined;
  const isSpellable = /^[\w.+/;= -]{1,100}$/.test(seen);
  return new DomainError('MEDIA_TYPE_NOT_TAKEN', undefined, { expected, seen: isSpellable ? seen : '?' });
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw invalidRequest(result.error, value, '');
  return result.data;
}

function headerOf({ header }: MemberOperation, request: FastifyRequest): { readonly sent: unknown; readonly parsed: unknown } {
  if (header === undefined) return { sent: undefined, parsed: undefined };
  const sent = header.form === 'text' ? request.headers[header.name] : decodeHeader(request, header.name);
  // a text is checked by the handler, which knows what its absence means
  return { sent, parsed: header.form === 'text' ? sent : parsed(header.holds, sent) };
}

async function answer(
  operation: MemberOperation,
  reply: FastifyReply,
  { body, header }: OperationResult,
  whenOver: OperationCall<MemberOperation>['whenOver'],
): Promise<FastifyReply> {
  const object = operation.answer === OCTETS ? (body as ReadableObject) : undefined; // what every handler of such an operation answers
  if (object !== undefined) whenOver(() => void object.close());
  // what is refused at the first piece is a refusal like any other: nothing is said of the object before
  const payload = object && (await payloadOf(object));
  const described = operation.answerHeader;
  if (described !== undefined) void reply.header(described.name, encodeHeader(described.holds.parse(header)));
  void reply.status(operation.status);
  if (object === undefined) return reply.send(body);
  return octets(reply).header('content-length', String(object.sizeBytes)).send(payload);
}

/**
 * An object as it is sent: piece by piece as the caller takes it, so that a caller that takes none costs one piece.
 * @throws what its first piece does
 */
async function payloadOf({ bytes }: ReadableObject): Promise<Readable> {
  const pieces = bytes[Symbol.asyncIterator]();
  const first = await pieces.next();
  const all = async function* (): AsyncGenerator<Buffer> {
    try {
      for (let piece = first; piece.done !== true; piece = await pieces.next()) yield piece.value;
    } finally {
      await pieces.return?.();
    }
  };
  return Readable.from(all(), { objectMode: false });
}
