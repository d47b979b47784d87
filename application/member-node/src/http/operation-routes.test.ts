import fc from 'fast-check';
import { z } from 'zod';
import { type MemberOperation, memberOperations } from '@lianyi/client';
import { DomainError, mspIdSchema } from '@lianyi/domain';
import { serve } from './operation-routes';
import { newServerOf } from './server.fixture';
import { type NodeServer } from './server';

const operations: readonly MemberOperation[] = Object.values(memberOperations);

describe('an operation for members’ nodes', () => {
  const registered: unknown[] = [];
  // as much of a server as a registration touches
  const server = { route: (route: unknown) => registered.push(route) } as unknown as NodeServer;
  const handler = (): Promise<{ body: unknown }> => Promise.resolve({ body: 'a key for anybody' });

  it.each(operations.filter(({ callers }) => callers.kind === 'member'))(
    '$id is not served without a gate that knows members',
    (operation) => {
      expect(() => {
        serve(server, operation, handler);
      }).toThrow(`${operation.id} is for members`);
      expect(registered).toEqual([]);
    },
  );
});

type Handler = (request: object, reply: object) => Promise<unknown>;
/** For each operation; `npm run test:deep` takes more. */
const MALFORMED = process.env['LIANYI_DEEP'] === '1' ? 1_000 : 40;
const junk = fc.anything({ withNullPrototype: false });
/** Anything, or what has the names of some operation's fields and anything in them. */
const malformed = fc.oneof(
  junk,
  fc.record({ input: junk, proof: junk }, { requiredKeys: [] }),
  fc.record(
    { pinId: junk, attempt: junk, evaluationId: junk, keyId: junk, ticketId: junk, recordId: junk, tags: junk },
    { requiredKeys: [] },
  ),
);

describe('every operation that takes JSON', () => {
  it.each(operations.filter(({ body }) => body instanceof z.ZodType))(
    '$id refuses each malformed request, and does nothing',
    async (operation) => {
      let [served, reached]: [Handler | undefined, number] = [undefined, 0];
      const server = { route: (route: { readonly handler: Handler }) => (served = route.handler) } as unknown as NodeServer;
      const act = (): Promise<{ body: unknown }> => {
        reached += 1;
        return Promise.resolve({ body: {} });
      };
      serve(server, operation, act, () => Promise.resolve({} as never)); // it is a member’s node that asks
      const { body: form } = operation;
      const refuses = fc.asyncProperty(malformed, async (body) => {
        if (form instanceof z.ZodType && form.safeParse(body).success) return;
        await expect(served?.({ body, params: {}, headers: {} }, {})).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
      });
      await fc.assert(refuses, { numRuns: MALFORMED, seed: 3 });
      expect(reached).toBe(0);
    },
  );
});

describe('an object that is refused while it is read', () => {
  const operation = operations.find(({ id }) => id === 'GetObject') ?? never('GetObject');
  const path = operation.path.replace('{sha256}', 'hash');
  let server: NodeServer;
  let closed: PromiseWithResolvers<string>;
  const answering = async (bytes: () => AsyncGenerator<Buffer>): Promise<NodeServer> => {
    closed = Promise.withResolvers();
    server = await newServerOf(mspIdSchema.parse('HospitalAMSP'), 100);
    const close = (): Promise<void> => {
      closed.resolve('closed');
      return Promise.resolve();
    };
    const object = { bytes: bytes(), sizeBytes: 8, close };
    serve(
      server,
      operation,
      () => Promise.resolve({ body: object }),
      () => Promise.resolve({} as never), // a member’s node
    );
    return server;
  };
  afterEach(() => server.close());

  it('is a refusal like any other before its first piece, with nothing of the object', async () => {
    // eslint-disable-next-line require-yield -- refused before the first
    await answering(async function* () {
      throw await Promise.resolve(new DomainError('TICKET_CLOSED', undefined, { ticketId: 'ticket', obstacle: 'consent-changed' }));
    });
    const answer = await server.inject({ method: 'GET', url: path });
    expect(answer.json()).toMatchObject({ code: 'TICKET_CLOSED', details: { obstacle: 'consent-changed' } });
    expect(answer.headers['content-type']).toContain('application/json');
    expect([answer.statusCode, answer.headers['content-length'] === '8', await closed.promise]).toEqual([422, false, 'closed']);
  });

  it('ends the connection after that: what came is no whole object', async () => {
    await answering(async function* () {
      yield Buffer.from('half');
      throw await Promise.resolve(new DomainError('TICKET_CLOSED'));
    });
    await expect(server.inject({ method: 'GET', url: path })).rejects.toThrow();
    expect(await closed.promise).toBe('closed');
  });

  it('is sent whole where nothing is refused', async () => {
    await answering(async function* () {
      yield Buffer.from('half');
      yield await Promise.resolve(Buffer.from('half'));
    });
    const answer = await server.inject({ method: 'GET', url: path });
    expect([answer.statusCode, answer.body, answer.headers['content-type'], await closed.promise]).toEqual([
      200,
      'halfhalf',
      'application/octet-stream',
      'closed',
    ]);
  });
});

function never(id: string): never {
  throw new Error(`there is no operation ${id}`);
}
