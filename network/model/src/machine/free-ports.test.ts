import { createServer, type Server } from 'node:net';
import { chooseFreePorts, isPortFree, promisePorts } from './free-ports';
import { OperatorError } from './operator-error';

const listening: Server[] = [];

async function take(port: number): Promise<void> {
  const server = createServer();
  listening.push(server);
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve));
}

async function refusal(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => 'chosen',
    (error: unknown) => (error instanceof OperatorError ? error.code : error),
  );
}

describe('ports that are chosen', () => {
  const band = process.env['LIANYI_PORTS'];
  beforeEach(() => {
    process.env['LIANYI_PORTS'] = band ?? '';
  });
  afterAll(() => {
    for (const server of listening) server.close();
  });

  /** A range of four ports behind one that was free a moment ago. */
  const nextFour = async (): Promise<readonly number[]> => {
    process.env['LIANYI_PORTS'] = band ?? '';
    const [before = 0] = await chooseFreePorts(1);
    process.env['LIANYI_PORTS'] = `${before + 1}-${before + 4}`;
    return [1, 2, 3, 4].map((step) => before + step);
  };

  it('are different, free, and below those of outgoing connections', async () => {
    const chosen = await chooseFreePorts(30);
    expect(new Set(chosen).size).toBe(30);
    expect(chosen.filter((port) => port < 17_050 || port > 31_049)).toEqual([]);
    expect(await Promise.all(chosen.map(isPortFree))).toEqual(chosen.map(() => true));
  });

  it('are all of a range, wherever the search begins, and none that is taken', async () => {
    const range = await nextFour();
    const free = (await Promise.all(range.map(async (port) => ((await isPortFree(port)) ? [port] : [])))).flat();
    expect((await chooseFreePorts(free.length)).toSorted((one, other) => one - other)).toEqual(free);
    const [from = 0] = await nextFour();
    await take(from);
    expect(await refusal(chooseFreePorts(4))).toBe('PORT_IN_USE');
  });

  it('are not chosen again before whoever was given them listens there, for two minutes', async () => {
    await nextFour();
    const [now, chosen] = [performance.now(), await chooseFreePorts(2)];
    expect((await chooseFreePorts(1)).filter((port) => chosen.includes(port))).toEqual([]);
    expect(await refusal(chooseFreePorts(2))).toBe('PORT_IN_USE');
    const clock = jest.spyOn(performance, 'now').mockReturnValue(now + 121_000);
    expect(await chooseFreePorts(3)).toHaveLength(3);
    clock.mockRestore();
  });

  it('are none where servers of this process are about to listen again', async () => {
    const [one = 0, other = 0, ...rest] = await nextFour();
    promisePorts([one, other]);
    expect((await chooseFreePorts(2)).toSorted((first, second) => first - second)).toEqual(rest);
    expect(await refusal(chooseFreePorts(1))).toBe('PORT_IN_USE');
  });

  it('are chosen once, by whoever asks at the same moment', async () => {
    await nextFour();
    const chosen = await Promise.all([chooseFreePorts(1), chooseFreePorts(1), chooseFreePorts(1)]);
    expect(new Set(chosen.flat()).size).toBe(3);
  });

  it.each(['17050', '17050-', '-17050', '2-1', '80-90', '17050-65536', '17050 - 18000', '17050-18000,', 'all', '1e4-2e4'])(
    'are refused where the range is “%s”',
    async (range) => {
      process.env['LIANYI_PORTS'] = range;
      expect(await refusal(chooseFreePorts(1))).toBe('PORT_IN_USE');
    },
  );
});
