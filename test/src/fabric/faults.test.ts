import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Party } from '../conformance/party';
import { configuredTimeouts, type ConfiguredTimeouts } from './configured-timeouts';
import { describeOnFabric, fabric, FabricUp } from './fabric-command';
import { leadingOrderer, metricsOf, ORDERER_DOMAINS as domains } from './leading-orderer';
import { waitUntil } from '../wait-until';

const A = 'HospitalAMSP';

/** Commits one key after the other, as a busy hospital does, and remembers when each was committed. */
class Writer {
  readonly commitsAt: number[] = [];
  readonly committed: string[] = [];
  readonly failures: string[] = [];
  #writing = true;
  readonly #done: Promise<void>;

  constructor(private readonly hospital: Party) {
    this.#done = this.#write();
  }

  async #write(): Promise<void> {
    for (let index = 0; this.#writing; index++) {
      try {
        await this.hospital.submit('Put', [`load-${index}`, 'x']);
        this.commitsAt.push(Date.now());
        this.committed.push(`load-${index}`);
      } catch (error) {
        this.failures.push(String(error));
      }
    }
  }

  /** Millis from `at` to the next commit, and the longest time between two commits since. */
  async after(at: number, watchMillis: number): Promise<{ readonly nextMillis: number; readonly longestGapMillis: number }> {
    await waitUntil('the next commit', () => this.commitsAt.some((commitAt) => commitAt > at), 60_000);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, at + watchMillis - Date.now())));
    const since = [at, ...this.commitsAt.filter((commitAt) => commitAt > at)];
    const gaps = since.slice(1).map((commitAt, index) => commitAt - (since[index] ?? commitAt));
    return { nextMillis: gaps[0] ?? 0, longestGapMillis: Math.max(...gaps) };
  }

  async stop(): Promise<void> {
    this.#writing = false;
    await this.#done;
  }
}

describeOnFabric('a consortium of real nodes under load', () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'lianyi-faults-')), 'network');
  let network: FabricUp;
  let hospital: Party;
  let writer: Writer;

  beforeAll(async () => {
    network = await FabricUp.start(dir);
    hospital = Party.open({ mspId: A, user: 'User1', peerMspId: A }, network.ready.profiles[A] ?? '', { channel: 'emr', chaincode: 'emr' });
    writer = new Writer(hospital);
  });

  afterAll(async () => {
    await writer.stop();
    hospital.close();
    await network.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(join(dir, '..'), { recursive: true, force: true });
  });

  const leader = (): Promise<string> => leadingOrderer(dir);

  /** @param bound which of the configured timeouts bound the figure */
  async function fault(what: string, bound: keyof ConfiguredTimeouts, cause: () => void | Promise<void>): Promise<number> {
    const configured = configuredTimeouts(dir)[bound];
    expect(configured).toMatch(/\d/);
    const before = writer.commitsAt.length;
    await waitUntil('the hospital is at work', () => writer.commitsAt.length > before);
    const at = Date.now();
    await cause();
    const { nextMillis, longestGapMillis } = await writer.after(at, 6_000);
    process.stderr.write(`${what}: next commit after ${nextMillis} ms, longest gap ${longestGapMillis} ms; configured: ${configured}\n`);
    return longestGapMillis;
  }

  const kill = (name: string): void => {
    process.kill(network.node(name).pid ?? 0, 'SIGKILL');
  };

  async function allOrderersLevel(): Promise<void> {
    await waitUntil('all orderers are level', () => {
      const heights = network.ordererHeights();
      return heights.length === 4 && Math.max(...heights) - Math.min(...heights) <= 3;
    });
  }

  it('shows its metrics to its own organisation only', async () => {
    expect((await metricsOf(dir, 'hospital-a.example')).status).toBe(200);
    expect((await metricsOf(dir, 'hospital-a.example', false)).status).toBe(401);
  });

  it('goes on without one of the orderers that follow', async () => {
    const leading = await leader();
    const follower = domains.map((domain) => `orderer0.${domain}`).find((name) => name !== leading) ?? '';
    expect(
      await fault(`${follower} (follows) killed`, 'peer', () => {
        kill(follower);
      }),
    ).toBeLessThan(10_000);
    await allOrderersLevel();
  });

  it('chooses another leader when the leader is killed', async () => {
    const leading = await leader();
    expect(
      await fault(`${leading} (leads) killed`, 'leader', () => {
        kill(leading);
      }),
    ).toBeLessThan(15_000);
    await allOrderersLevel();
  });

  it('restarts an orderer that runs and does nothing any more', async () => {
    const leading = await leader();
    const frozen = domains.map((domain) => `orderer0.${domain}`).find((name) => name !== leading) ?? '';
    const before = network.node(frozen);
    await fault(`${frozen} (follows) frozen`, 'frozenOrderer', () => {
      process.kill(before.pid ?? 0, 'SIGSTOP');
    });
    const tookMillis = await waitUntil('the watchdog restarted it', () => network.node(frozen).restarts > before.restarts, 60_000);
    process.stderr.write(`the watchdog restarted it ${tookMillis} ms later; its patience, ours and not Fabric’s: 10000 ms\n`);
    await allOrderersLevel();
  });

  it('goes on without one hospital’s peer, which comes back by itself', async () => {
    expect(
      await fault('peer0.hospital-b.example killed', 'peer', () => {
        kill('peer0.hospital-b.example');
      }),
    ).toBeLessThan(10_000);
    await waitUntil('it is back', () => network.node('peer0.hospital-b.example').restarts > 0);
  });

  it('comes back from an evaluate that ends the chaincode of every hospital', async () => {
    const names = domains.slice(0, 3).map((domain) => `emr.${domain}`);
    const before = new Map(network.nodes().map(({ name, pid }) => [name, pid]));
    const gap = await fault('an evaluate crashed the chaincode', 'chaincode', async () => {
      await hospital.evaluate('Crash').catch(() => undefined);
    });
    expect(gap).toBeLessThan(15_000);
    await waitUntil(
      'all three run again',
      () => network.nodes().filter(({ name, pid }) => names.includes(name) && pid !== undefined && pid !== before.get(name)).length === 3,
    );
  });

  it('has lost nothing that was called committed', async () => {
    await writer.stop();
    process.stderr.write(`${writer.commitsAt.length} commits, ${writer.failures.length} failed calls\n`);
    expect(writer.commitsAt.length).toBeGreaterThan(50);
    for (const key of writer.committed) await expect(hospital.evaluate('Get', [key], { organizations: [A] })).resolves.toBe('x');
  });
});
