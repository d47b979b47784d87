import { fetchTransport } from './transport';

type Call = { readonly url: string; readonly init: RequestInit };

/** A `fetch` that answers one response and notes how it was called. */
function fakeFetch(answer: () => Response): { readonly calls: Call[]; readonly fetch: typeof fetch } {
  const calls: Call[] = [];
  return {
    calls,
    fetch: (input, init = {}) => {
      calls.push({ url: input instanceof Request ? input.url : input.toString(), init });
      return Promise.resolve(answer());
    },
  };
}

const asked = {
  method: 'POST',
  path: '/v1/keys:release',
  headers: { 'content-type': 'application/json' },
  body: '{}',
  maxBytes: 10,
} as const;

describe('the transport of a browser', () => {
  it('asks the node and brings the whole answer, names of headers in lower case', async () => {
    const { calls, fetch } = fakeFetch(() => new Response('0123456789', { status: 201, headers: { 'X-Described': 'yes' } }));
    const answer = await fetchTransport('https://node.a.example:7443', fetch).exchange(asked);
    expect({ ...answer, body: Buffer.from(answer.body).toString() }).toMatchObject({
      status: 201,
      headers: { 'x-described': 'yes' },
      body: '0123456789',
    });
    expect(calls).toMatchObject([{ url: 'https://node.a.example:7443/v1/keys:release', init: { method: 'POST', body: '{}' } }]);
  });

  it('follows no redirect, sends no cookie, and neither fills nor asks a cache', async () => {
    const { calls, fetch } = fakeFetch(() => new Response('x'));
    await fetchTransport('https://node.a.example', fetch).exchange(asked);
    expect(calls[0]?.init).toMatchObject({ redirect: 'error', credentials: 'omit', cache: 'no-store' });
    expect(calls[0]?.init.signal).toBeInstanceOf(AbortSignal);
  });

  it.each(['http://node.a.example', 'HTTP://localhost', 'ftp://node.a.example', 'data:,', 'node.a.example:443', '/v1', ''])(
    'is none for %j: only https',
    (url) => {
      const { calls, fetch } = fakeFetch(() => new Response('x'));
      expect(() => fetchTransport(url, fetch)).toThrow(
        expect.objectContaining({ code: 'INVALID_REQUEST', details: { path: 'url' } }) as Error,
      );
      expect(calls).toEqual([]);
    },
  );

  it('reads an answer no further than what was asked for, and lets the rest go', async () => {
    let [pulled, isCancelled] = [0, false];
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(8));
        // bounded, so that a transport that reads everything fails this test and not the machine
        if (pulled >= 1_000) controller.close();
      },
      cancel: () => {
        isCancelled = true;
      },
    });
    const { fetch } = fakeFetch(() => new Response(endless));
    await expect(fetchTransport('https://node.a.example', fetch).exchange(asked)).rejects.toThrow(RangeError);
    expect(isCancelled).toBe(true);
    expect(pulled).toBeLessThan(10);
  });

  it('takes an answer without a body as one of no bytes', async () => {
    const { fetch } = fakeFetch(() => new Response(null, { status: 204 }));
    expect((await fetchTransport('https://node.a.example', fetch).exchange(asked)).body).toHaveLength(0);
  });
});
