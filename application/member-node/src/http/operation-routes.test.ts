import { memberOperations } from '@lianyi/client';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

describe('an operation for members’ nodes', () => {
  const registered: unknown[] = [];
  // as much of a server as a registration touches
  const server = { route: (route: unknown) => registered.push(route) } as unknown as NodeServer;
  const handler = (): Promise<{ body: unknown }> => Promise.resolve({ body: 'a key for anybody' });

  it.each(Object.values(memberOperations).filter(({ callers }) => callers.kind === 'member'))(
    '$id is not served without a gate that knows members',
    (operation) => {
      expect(() => {
        serve(server, operation, handler);
      }).toThrow(`${operation.id} is for members`);
      expect(registered).toEqual([]);
    },
  );
});
