import type { CloseableAsyncIterable } from '@hyperledger/fabric-gateway';

/**
 * A stream that is listened to from now on, however late it is iterated, and closed without ever being.
 *
 * The gateway client listens to the gRPC stream below only while somebody waits for the next item. One that fails before that, or is closed
 * before that, emits an error that nobody hears, and Node ends the process for it.
 * @remarks Source: fabric-gateway client.js (makeBidiStreamRequest); grpc-js client.js emits every status but OK as an error.
 */
export function listened<Item>(stream: CloseableAsyncIterable<Item>): CloseableAsyncIterable<Item> {
  const iterator = stream[Symbol.asyncIterator]();
  let first: Promise<IteratorResult<Item, unknown>> | undefined = iterator.next();
  first.catch(() => undefined); // whoever iterates is told
  const next = (): Promise<IteratorResult<Item, unknown>> => {
    const item = first ?? iterator.next();
    first = undefined;
    return item;
  };
  const close = (): void => {
    stream.close();
  };
  return { [Symbol.asyncIterator]: () => ({ next }), close, [Symbol.dispose]: close };
}
