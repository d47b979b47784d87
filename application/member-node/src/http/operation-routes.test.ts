import fc from 'fast-check';
import { z } from 'zod';
import { type MemberOperation, memberOperations } from '@lianyi/client';
import { serve } from './operation-routes';
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
