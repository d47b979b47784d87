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
  /** Rejects when there is no whole answer. */
  exchange(request: TransportRequest): Promise<TransportAnswer>;
  close(): void;
}

/**
 * Reaches a member node with `fetch`: TLS and its authorities are the browser's.
 * @param fetchFunction - `globalThis.fetch` of the browser
 */
export function fetchTransport(url: string, fetchFunction: typeof fetch, timeoutMillis = 120_000): Transport {
  return {
    url,
    exchange: async ({ method, path, headers, body, maxBytes }) => {
      const answer = await fetchFunction(new URL(path, url), {
        method,
        headers,
        // a copy: the type of a request's body excludes memory that threads share
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
        signal: AbortSignal.timeout(timeoutMillis),
      });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const answerHeaders: Record<string, string> = {};
      answer.headers.forEach((value, name) => {
        answerHeaders[name] = value;
      });
      if (bytes.length > maxBytes) throw new RangeError('the answer is too long');
      return { status: answer.status, headers: answerHeaders, body: bytes };
    },
    close: () => undefined,
  };
}
