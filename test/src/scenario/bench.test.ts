import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Figures } from '../bench/figures';

const repositoryRoot = resolve(__dirname, '..', '..', '..');
const main = join(repositoryRoot, 'test/dist/bench/main.js');

describe('npm run bench:embedded', () => {
  it('tells start-up, memory, throughput and latency of a network it has started, and whose figures they are not', async () => {
    const running = promisify(execFile)(process.execPath, [main, '--json', '--seconds', '0.3'], { timeout: 60_000 });
    const { stdout } = await running;
    const figures = JSON.parse(stdout) as Figures; // printed by our own program a moment ago

    expect(figures.caveat).toContain('not Hyperledger Fabric’s');
    expect(figures.startUp.map(({ name }) => name)).toEqual([
      ...['program loaded', 'certificates', 'channel', 'peers', 'definitions', 'chaincode', 'first transaction committed'],
    ]);
    expect(figures.rows.map(({ operation, concurrency }) => `${operation} ${concurrency}`)).toEqual(
      ['evaluate', 'submit'].flatMap((operation) => [1, 8, 32].map((concurrency) => `${operation} ${concurrency}`)),
    );
    expect(figures.rows.filter((row) => row.failures > 0 || row.perSecond === 0 || row.p50Millis > row.p99Millis)).toEqual([]);
    if (process.platform === 'linux') expect(figures.memoryMebibytes?.chaincodes).toHaveLength(3);
    expect(existsSync(join(repositoryRoot, '.lianyi', `bench-${running.child.pid ?? 0}`))).toBe(false);
  });
});
