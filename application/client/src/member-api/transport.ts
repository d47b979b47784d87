import { DomainError } from '@lianyi/domain';
import { concatBytes } from '../crypto/bytes';

/** One HTTPS request to a member node. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** An answer longer than this is not read to its end. */
  readonly maxBytes: number;
}

/** The whole answer; names of headers in lower case. */
export interface TransportAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** How requests reach one member node: Node's HTTPS with its pinned authorities, or a browser's `fetch`. */
export interface Transport {
  /** `https://host:port` */
  readonly url: string;
  /** Rejects when there is no whole answer: with {@link NotSent} if it is certain that not a byte of the request has left. */
  exchange(request: TransportRequest): Promise<TransportAnswer>;
  close(): void;
}

/** Not a byte of the request has left: no connection, or none with a server that TLS accepts. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : 'not sent', { cause });
  }
}

/**
 * Reaches a member node with `fetch`: TLS and its authorities are the browser's, and no certificate is pinned. `fetch` does not tell whether
 * a request has left, so no failure here is a {@link NotSent}.
 * @param url - `https://host:port`
 * @param fetchFunction - `globalThis.fetch` of the browser
 * @throws {@link DomainError} `INVALID_REQUEST` — the URL is none of HTTPS
 */
export function fetchTransport(url: string, fetchFunction: typeof fetch, timeoutMillis = 120_000): Transport {
  if (!isHttps(url)) throw new DomainError('INVALID_REQUEST', 'a member node is reached over https only', { path: 'url' });
  return {
    url,
    exchange: async ({ method, path, headers, body, maxBytes }) => {
      const answer = await fetchFunction(new URL(path, url), {
        method,
        headers,
        // a copy: the type of a request's body excludes memory that threads share
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
        // the proof in a request is for this node and no other; what identifies a caller is the proof alone; answers are for one reader
        redirect: 'error',
        credentials: 'omit',
        cache: 'no-store',
        signal: AbortSignal.timeout(timeoutMillis),
      });
      const answerHeaders: Record<string, string> = {};
      answer.headers.forEach((value, name) => {
        answerHeaders[name] = value;
      });
      return { status: answer.status, headers: answerHeaders, body: await bytesOf(answer, maxBytes) };
    },
    close: () => undefined,
  };
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}

/** @throws RangeError — there are more than `maxBytes`; the rest is not read */
async function bytesOf({ body }: Response, maxBytes: number): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  // a body of `fetch` is a stream of bytes
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    length += piece.value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw new RangeError('the answer is too long');
    }
    pieces.push(piece.value);
  }
  return concatBytes(pieces);
}
