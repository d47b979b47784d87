import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Figures } from '../bench/figures';
import { networkKind } from './scenario';

const repositoryRoot = resolve(__dirname, '..', '..', '..');
const main = join(repositoryRoot, 'test/dist/bench/main.js');
const stages = {
  embedded: ['program loaded', 'certificates', 'channel', 'peers', 'definitions', 'chaincode'],
  fabric: ['program loaded', 'find Fabric', 'certificates', 'genesis block', 'nodes ready', 'peers joined'],
} as const;

describe('npm run bench:networks', () => {
  it('tells start-up, memory, throughput and latency of a network it has started, and whose figures they are', async () => {
    const options = ['--json', '--seconds', '0.3', '--rounds', '1', '--network', networkKind];
    const running = promisify(execFile)(process.execPath, [main, ...options], { timeout: 110_000 });
    const { stdout } = await running;
    const { networks, ratios } = JSON.parse(stdout) as Figures; // printed by our own program a moment ago
    const [figures] = networks;
    if (figures === undefined) throw new Error('nothing was measured');

    expect(figures.network).toBe(networkKind);
    expect(figures.caveat).toContain(networkKind === 'embedded' ? 'not Hyperledger Fabric’s' : 'on this one machine');
    expect(figures.fabricVersion === undefined).toBe(networkKind === 'embedded');
    expect(figures.startUp.flatMap((startUp) => startUp.stages.map(({ name }) => name))).toEqual(
      expect.arrayContaining([...stages[networkKind]]),
    );
    expect(figures.startUp.every(({ readyMillis, firstCommitMillis }) => readyMillis < firstCommitMillis)).toBe(true);
    expect(figures.rows.map(({ operation, concurrency }) => `${operation} ${concurrency}`)).toEqual(
      ['evaluate', 'submit'].flatMap((operation) => [1, 8, 32].map((concurrency) => `${operation} ${concurrency}`)),
    );
    expect(figures.rows.filter((row) => row.failures > 0 || row.perSecond === 0 || row.p50Millis > row.p99Millis)).toEqual([]);
    expect(ratios).toEqual([]);
    if (process.platform === 'linux') {
      expect(figures.memory?.afterLoad).toContainEqual(expect.objectContaining({ kind: 'chaincode', processes: 3 }));
    }
    expect(existsSync(join(repositoryRoot, '.lianyi', `bench-${running.child.pid ?? 0}`))).toBe(false);
  }, 120_000);

  it('leaves real Fabric out in one sentence where its programs are not, and that is no failure', async () => {
    const env = { ...process.env, FABRIC_BIN: '', PATH: '/nonexistent' };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, '--network', 'fabric'], { env, timeout: 60_000 });
    expect(stdout).toMatch(/^Real Fabric is left out: Fabric's peer, orderer, configtxgen not found in FABRIC_BIN or on PATH\.\n$/);
    expect(stderr).toBe('');
  });
});
