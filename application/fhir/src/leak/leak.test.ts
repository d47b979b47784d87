import { channels, nextVersions } from './channels.fixture';
import { type AskedRequest, newWorld, openWorld, type PlayedWorld, type SeenAnswer, worlds } from './worlds.fixture';

const WITHOUT = 'without the record';
const nameOf = ({ method, path, by = 'his', headers = {} }: AskedRequest): string => `${by}: ${method} ${path} ${JSON.stringify(headers)}`;

/** All but the date. */
const TRUE_TIMERS = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
] as const;

describe('an answer of the facade', () => {
  const played = new Map<string, PlayedWorld>();
  let open: PlayedWorld;
  beforeAll(async () => {
    // one time for all: a summary says when it was made
    jest.useFakeTimers({ now: Date.UTC(2026, 10, 30, 12), doNotFake: [...TRUE_TIMERS] });
    for (const [name, has] of Object.entries(worlds)) played.set(name, await newWorld(has));
    open = await newWorld(openWorld);
  });
  afterAll(async () => {
    jest.useRealTimers();
    for (const world of [...played.values(), open]) await world.close();
  });

  const seenWithout = async (request: AskedRequest): Promise<SeenAnswer> => {
    const seen = await played.get(WITHOUT)?.ask(request);
    if (seen === undefined) throw new Error('no world to compare with');
    return seen;
  };

  it.each(channels)('is the same bytes after the same questions whether or not there is a hidden record: $what', async ({ requests }) => {
    const toldApart: string[] = [];
    for (const request of requests) {
      const without = JSON.stringify(await seenWithout(request));
      for (const [name, world] of played)
        if (JSON.stringify(await world.ask(request)) !== without) toldApart.push(`${nameOf(request)}, ${name}`);
    }
    expect(toldApart).toEqual([]);
    expect(requests.length).toBeGreaterThanOrEqual(24);
  });

  it.each(['with it, at another hospital', 'with it, of another patient'])(
    'is the same to a next version of what is not there, and of one %s',
    async (name) => {
      for (const request of nextVersions) {
        const seen = await played.get(name)?.ask(request);
        expect({ request, seen }).toEqual({ request, seen: await seenWithout(request) });
        expect([404, 412]).toContain(seen?.status);
      }
    },
  );

  it.each(channels.filter(({ isOffered }) => !isOffered))('is a refusal before anybody is asked anything: $what', async ({ requests }) => {
    for (const request of requests) {
      const { status, transcript } = await seenWithout(request);
      const isRefused = status >= 400 && status < 500;
      expect({ request, isRefused, transcript }).toEqual({ request, isRefused: true, transcript: [] });
    }
  });

  it.each(channels.filter(({ isOffered }) => isOffered))('would be another if it showed the record: $what', async ({ requests }) => {
    for (const request of requests) if (JSON.stringify(await open.ask(request)) !== JSON.stringify(await seenWithout(request))) return;
    throw new Error('no question of this channel is about the record');
  });
});
