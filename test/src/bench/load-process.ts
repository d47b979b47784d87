import { LoadClient } from './load-client';
import { type LoadAnswer, type LoadRequest, loadRequestSchema, type Measured, type MeasureRequest } from './load-protocol';

// A process of its own: the client's work is not the network's, and the two shall not share one event loop.

let client: LoadClient | undefined;

async function measure(connected: LoadClient, { operation, concurrency, millis }: MeasureRequest): Promise<Measured> {
  const latenciesMillis: number[] = [];
  const failures: string[] = [];
  const startedAt = performance.now();
  const caller = async (): Promise<void> => {
    while (performance.now() - startedAt < millis) {
      const calledAt = performance.now();
      try {
        await connected[operation]();
        latenciesMillis.push(performance.now() - calledAt);
      } catch (error) {
        failures.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const [failure] = failures;
  const elapsedMillis = performance.now() - startedAt;
  return { elapsedMillis, latenciesMillis, failures: failures.length, ...(failure === undefined ? {} : { failure }) };
}

async function answer(request: LoadRequest): Promise<LoadAnswer> {
  if (request.kind === 'connect') {
    client = await LoadClient.connect(request);
    return { kind: 'done' };
  }
  if (client === undefined) throw new Error('not connected');
  if (request.kind === 'measure') return { kind: 'done', measured: await measure(client, request) };
  await client.prepare();
  return { kind: 'done' };
}

process.on('message', (message) => {
  void answer(loadRequestSchema.parse(message))
    .catch((error: unknown): LoadAnswer => ({ kind: 'done', failure: String(error) }))
    .then((done) => process.send?.(done));
});
process.on('disconnect', () => process.exit(0)); // the benchmark is gone
