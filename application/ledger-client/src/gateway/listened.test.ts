import { PassThrough } from 'node:stream';
import type { CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import { listened } from './listened';

/** As the gateway client makes one: its iterator waits on a stream that emits what goes wrong. */
function opened(stream: PassThrough): CloseableAsyncIterable<number> {
  const close = (): void => void stream.emit('error', new Error('1 CANCELLED'));
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<number>;
      return { next: () => iterator.next() };
    },
    close,
    [Symbol.dispose]: close,
  };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a stream that is listened to', () => {
  let stream: PassThrough;
  beforeEach(() => {
    stream = new PassThrough({ objectMode: true });
  });

  it('delivers every item once and in order, from the first', async () => {
    const items = listened(opened(stream));
    for (const item of [7, 8, 9]) stream.write(item);
    stream.end();
    await settled();
    const seen: number[] = [];
    for await (const item of items) seen.push(item);
    expect(seen).toEqual([7, 8, 9]);
  });

  it('tells who iterates it late that it failed before', async () => {
    const items = listened(opened(stream));
    stream.emit('error', new Error('14 UNAVAILABLE'));
    await settled();
    await expect(items[Symbol.asyncIterator]().next()).rejects.toThrow('14 UNAVAILABLE');
  });

  it('may fail, or be closed, and never be iterated', async () => {
    listened(opened(stream)).close();
    await settled();
    const other = new PassThrough({ objectMode: true });
    listened(opened(other));
    other.emit('error', new Error('14 UNAVAILABLE'));
    await settled();
    expect(stream.listenerCount('error') + other.listenerCount('error')).toBeGreaterThan(0);
  });

  it('may be closed between two items', async () => {
    const items = listened(opened(stream));
    stream.write(7);
    const iterator = items[Symbol.asyncIterator]();
    await expect(iterator.next()).resolves.toEqual({ done: false, value: 7 });
    items.close();
    await settled();
    await expect(iterator.next()).rejects.toThrow('1 CANCELLED');
  });
});
