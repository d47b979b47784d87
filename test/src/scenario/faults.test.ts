import { configuredTimeouts, type ConfiguredTimeouts } from '../fabric/configured-timeouts';
import { leadingOrderer, ORDERER_DOMAINS } from '../fabric/leading-orderer';
import { networkVerb } from './network-verb';
import { hireRoster } from './roster';
import { networkKind, Scenario } from './scenario';
import { Workday } from './workday';
import { waitUntil } from '../wait-until';

jest.setTimeout(300_000);

/** The embedded network does not fail as Fabric fails (docs/embedded-network.md), so its faults would prove nothing. */
const onRealFabric = networkKind === 'fabric' ? describe : describe.skip;
if (networkKind !== 'fabric') process.stderr.write('skipped: the story through faults of nodes: the embedded network has no such nodes\n');

const GOES_ON_MILLIS = 90_000;
const orderers = ORDERER_DOMAINS.map((domain) => `orderer0.${domain}`);

/** Issue 4: whatever one node does, hospitals publish and read; and nothing that was called published is lost. */
onRealFabric('the story through faults of nodes', () => {
  let begun: Scenario | undefined;
  let workday: Workday;
  let dir = '';

  beforeAll(async () => {
    begun = await Scenario.start('faults');
    dir = begun.consortium.data.network;
    workday = await Workday.begin(begun, await hireRoster(begun));
  });
  afterAll(async () => {
    await begun?.stop();
  });

  const node = async (action: 'stop' | 'start', name: string): Promise<void> => {
    const { status, stderr } = await networkVerb(['node', action, name, '--dir', dir]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  };
  const statusOf = async (name: string): Promise<{ readonly pid?: number; readonly restarts: number }> => {
    const { stdout } = await networkVerb(['status', '--dir', dir, '--json']);
    const { nodes } = JSON.parse(stdout) as { nodes: readonly { name: string; pid?: number; restarts: number }[] };
    const found = nodes.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no node ${name}`);
    return found;
  };
  const signal = async (name: string, which: NodeJS.Signals): Promise<void> => {
    process.kill((await statusOf(name)).pid ?? 0, which);
  };
  const follower = async (): Promise<string> => {
    const leading = await leadingOrderer(dir);
    return orderers.find((name) => name !== leading) ?? '';
  };
  const levelOrderers = (): Promise<number> =>
    waitUntil(
      'all orderers are level',
      async () => {
        const { stdout } = await networkVerb(['status', '--dir', dir, '--json']);
        const { nodes } = JSON.parse(stdout) as { nodes: readonly { name: string; height?: number }[] };
        // peers have heights, too
        const heights = nodes.flatMap(({ name, height }) => (orderers.includes(name) ? (height ?? []) : []));
        return heights.length === orderers.length && Math.max(...heights) - Math.min(...heights) <= 3;
      },
      GOES_ON_MILLIS,
    );

  /** Until three more records are published and two more read, all of it begun after the fault. */
  async function goesOnAfter(what: string, bound: keyof ConfiguredTimeouts, cause: () => Promise<void>): Promise<number> {
    const configured = configuredTimeouts(dir)[bound];
    expect(configured).toMatch(/\d/);
    const failedBefore = workday.failures.length;
    await cause();
    const at = Date.now();
    const since = (times: readonly number[]): number[] => times.filter((time) => time > at).map((time) => time - at);
    await waitUntil(
      `${what}: hospitals publish and read`,
      () => since(workday.publishedAt).length >= 3 && since(workday.readAt).length >= 2,
      GOES_ON_MILLIS,
    );
    const failed = workday.failures.slice(failedBefore);
    process.stderr.write(
      `${what}: next record published after ${since(workday.publishedAt)[0] ?? 0} ms, next one read after ${since(workday.readAt)[0] ?? 0} ms, ` +
        `${failed.length} calls failed${failed.length === 0 ? '' : ` (${failed[0] ?? ''})`}; configured: ${configured}\n`,
    );
    return failed.length;
  }

  it('goes on without an orderer that is stopped', async () => {
    const name = await follower();
    expect(await goesOnAfter(`${name} (follows) stopped`, 'peer', () => node('stop', name))).toBe(0);
    await node('start', name);
    await levelOrderers();
  });

  it('goes on when the leader is killed', async () => {
    const name = await leadingOrderer(dir);
    await goesOnAfter(`${name} (leads) killed`, 'leader', () => signal(name, 'SIGKILL'));
    await levelOrderers();
  });

  it('goes on while an orderer stands still, until the watchdog has restarted it', async () => {
    const name = await follower();
    const { restarts } = await statusOf(name);
    await goesOnAfter(`${name} (follows) frozen`, 'frozenOrderer', () => signal(name, 'SIGSTOP'));
    await waitUntil('the watchdog restarted it', async () => (await statusOf(name)).restarts > restarts, GOES_ON_MILLIS);
    await levelOrderers();
  });

  it('goes on without one hospital’s peer', async () => {
    const name = 'peer0.hospital-c.example';
    expect(await goesOnAfter(`${name} stopped`, 'peer', () => node('stop', name))).toBe(0);
    await node('start', name);
  });

  it('goes on when a hospital’s chaincode is killed, and takes it back', async () => {
    const name = 'emr.hospital-c.example';
    const { restarts } = await statusOf(name);
    await goesOnAfter(`${name} killed`, 'chaincode', () => signal(name, 'SIGKILL'));
    await waitUntil('it runs again', async () => (await statusOf(name)).restarts > restarts, GOES_ON_MILLIS);
  });

  it('has lost no record that was called published', async () => {
    await workday.end();
    process.stderr.write(`through all faults: ${workday.summary()}\n`);
    expect(await workday.isAllThere()).toBe(true);
    expect(workday.published).toBeGreaterThan(15);
  });
});
