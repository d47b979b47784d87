import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync, writeFileSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { chooseFreePorts, isPortFree } from './free-ports';
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

  it('are different, free, and below those of outgoing connections', async () => {
    const chosen = await chooseFreePorts(30);
    expect(new Set(chosen).size).toBe(30);
    expect(chosen.filter((port) => port < 17_050 || port > 31_049)).toEqual([]);
    expect(await Promise.all(chosen.map(isPortFree))).toEqual(chosen.map(() => true));
  });

  it('are all of a range, wherever the search begins, and none that is taken', async () => {
    const [from = 0] = await chooseFreePorts(1);
    const range = [0, 1, 2, 3].map((step) => from + step);
    process.env['LIANYI_PORTS'] = `${from}-${from + 3}`;
    const free = (await Promise.all(range.map(async (port) => ((await isPortFree(port)) ? [port] : [])))).flat();
    expect((await chooseFreePorts(free.length)).toSorted((one, other) => one - other)).toEqual(free);
    await take(from);
    expect(await refusal(chooseFreePorts(free.length))).toBe('PORT_IN_USE');
  });

  describe('where another network is starting', () => {
    const usual = process.env['TMPDIR'];
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    let folder = '';
    beforeEach(() => {
      folder = mkdtempSync(join(usual ?? tmpdir(), 'lianyi-claims-'));
      process.env['TMPDIR'] = folder;
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
    });
    afterAll(() => other.kill());
    /** Whether a port is chosen of which this was said so many seconds ago. */
    const isChosen = async (said: string, secondsAgo: number): Promise<boolean> => {
      const [port = 0] = await chooseFreePorts(1);
      const claims = join(folder, `lianyi-ports-${userInfo().uid}`);
      mkdirSync(claims, { recursive: true });
      const at = Date.now() / 1_000 - secondsAgo;
      writeFileSync(join(claims, String(port)), said);
      utimesSync(join(claims, String(port)), at, at);
      process.env['LIANYI_PORTS'] = `${port}-${port}`;
      return (await refusal(chooseFreePorts(1))) === 'chosen';
    };

    it('are not those that it is about to listen on', async () => {
      expect(await isChosen(String(other.pid), 10)).toBe(false);
    });
    it.each<readonly [string, () => string, number]>([
      ['said long ago', () => String(other.pid), 121],
      ['said by a process that has ended', () => '999999999', 10],
      ['said by this process', () => String(process.pid), 10],
      ['nothing that is a process', () => 'x', 10],
      ['nothing', () => '', 10],
    ])('may be those of which was %s', async (_what, said, secondsAgo) => {
      expect(await isChosen(said(), secondsAgo)).toBe(true);
    });
    it('may be any where nothing can be written', async () => {
      process.env['TMPDIR'] = join(folder, 'file');
      writeFileSync(join(folder, 'file'), '');
      expect(await chooseFreePorts(2)).toHaveLength(2);
    });
  });

  it.each(['17050', '17050-', '-17050', '2-1', '80-90', '17050-65536', '17050 - 18000', '17050-18000,', 'all', '1e4-2e4'])(
    'are refused where the range is “%s”',
    async (range) => {
      process.env['LIANYI_PORTS'] = range;
      expect(await refusal(chooseFreePorts(1))).toBe('PORT_IN_USE');
    },
  );
});
