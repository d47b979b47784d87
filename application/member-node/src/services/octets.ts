import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ByteSource } from '@lianyi/client';
import { DomainError, parseStrictJson } from '@lianyi/domain';

const HEADER_LIMITS = { maxBytes: 12 * 1024, maxDepth: 16 };

/** The body of a request that carries bytes, unread. @throws {@link DomainError} `INVALID_REQUEST` — it carries something else. */
export function bytesOfRequest(request: FastifyRequest): ByteSource {
  if (!(request.body instanceof Readable))
    throw new DomainError('INVALID_REQUEST', 'the body must be application/octet-stream', { path: 'body' });
  return request.body as AsyncIterable<Uint8Array>; // a request's stream has no encoding set, so it yields Buffers
}

/** Reads a whole body into memory. @throws {@link DomainError} `DOCUMENT_TOO_LARGE` — as soon as it is, without reading on. */
export async function readAll(request: FastifyRequest, maxBytes: number): Promise<Buffer> {
  const tooLarge = (): DomainError => new DomainError('DOCUMENT_TOO_LARGE', undefined, { maxBytes });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytesOfRequest(request)) {
    length += piece.length;
    if (length > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

export function encodeHeader(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** @throws {@link DomainError} `NOT_AUTHENTICATED` — the header is missing; StrictJsonError — it is not base64url of JSON. */
export function decodeHeader(request: FastifyRequest, name: string): unknown {
  const text = request.headers[name];
  if (typeof text !== 'string') throw new DomainError('NOT_AUTHENTICATED', `the header ${name} is missing`, { path: name });
  return parseStrictJson(Buffer.from(text, 'base64url').toString('utf8'), HEADER_LIMITS);
}

export function octets(reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'application/octet-stream').header('cache-control', 'no-store');
}
