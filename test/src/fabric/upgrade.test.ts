import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommitError, EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import { Party } from '../conformance/party';
import { describeVerbs, fabric, fabricAsync, FabricUp, smokeChaincode } from './fabric-command';
import { waitUntil } from '../wait-until';

const A = 'HospitalAMSP';
const nextChaincode = resolve(__dirname, '../../fixtures/chaincode-fabric-smoke-next');
const MVCC_READ_CONFLICT = 11;
const UNAVAILABLE = 14;

interface Counts {
  acknowledged: string[];
  invalidated: number;
  endorsementsRefused: number;
  /** Under BFT the gateway may call a submit failed that is on its way; writing the same value again is harmless. */
  outcomeUnknown: number;
  other: string[];
}

/** Submits one key after another until told to stop; what was invalidated is proposed again. */
async function keepSubmitting(client: Party, prefix: string, until: () => boolean, counts: Counts): Promise<void> {
  for (let number = 0; !until(); number++) {
    const key = `${prefix}-${String(number)}`;
    for (let isDone = false; !isDone;) {
      try {
        await client.submit('Put', [key, 'written']);
        counts.acknowledged.push(key);
        isDone = true;
      } catch (error) {
        if (error instanceof CommitError && (error as { code: number }).code === MVCC_READ_CONFLICT) counts.invalidated++;
        else if (error instanceof EndorseError) counts.endorsementsRefused++;
        // the library exports the SubmitError class as a type only, so it is told by its name
        else if (error instanceof GatewayError && error.name === 'SubmitError' && error.code === UNAVAILABLE) counts.outcomeUnknown++;
        else {
          counts.other.push(String(error));
          isDone = true;
        }
      }
    }
  }
}

describeVerbs('a chaincode changed while clients go on', () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'lianyi-upgrade-')), 'network');
  let network: FabricUp;
  let client: Party;

  beforeAll(async () => {
    network = await FabricUp.start(dir);
    client = Party.open({ mspId: A, user: 'User1', peerMspId: A }, network.ready.profiles[A] ?? '', { channel: 'emr', chaincode: 'emr' });
  });

  afterAll(async () => {
    client.close();
    await network.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(join(dir, '..'), { recursive: true, force: true });
  });

  const underLoad = async (prefix: string, change: () => Promise<unknown>): Promise<Counts> => {
    const counts: Counts = { acknowledged: [], invalidated: 0, endorsementsRefused: 0, outcomeUnknown: 0, other: [] };
    let isOver = false;
    const loads = [0, 1, 2, 3].map((worker) => keepSubmitting(client, `${prefix}-${String(worker)}`, () => isOver, counts));
    try {
      await waitUntil('clients are at work', () => counts.acknowledged.length > 0);
      await change();
      const before = counts.acknowledged.length;
      await waitUntil('clients go on', () => counts.acknowledged.length > before);
    } finally {
      isOver = true;
      await Promise.all(loads);
    }
    process.stderr.write(
      `${prefix}: ${String(counts.acknowledged.length)} acknowledged, ${String(counts.invalidated)} invalidated (MVCC_READ_CONFLICT) and proposed again, ${String(counts.endorsementsRefused)} endorsements and ${String(counts.outcomeUnknown)} submits of unknown outcome proposed again\n`,
    );
    return counts;
  };

  const lost = async (keys: readonly string[]): Promise<readonly string[]> => {
    const missing: string[] = [];
    for (const key of keys) if ((await client.evaluate('Get', [key]).catch(() => '')) !== 'written') missing.push(key);
    return missing;
  };

  const deploy = async (folder: string, version: string): Promise<object> => {
    const { status, stdout, stderr } = await fabricAsync([
      'deployCC',
      '--name',
      'emr',
      '--chaincode',
      folder,
      '--version',
      version,
      '--dir',
      dir,
      '--json',
    ]);
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as object;
  };

  it('upgrades under load: nothing acknowledged is lost, what was in flight is invalidated and proposed again', async () => {
    await expect(client.evaluate('Version')).rejects.toThrow(/does not exist/);
    const inFlight = await client.endorse('Put', ['in-flight', 'written']);
    const counts = await underLoad('upgrade', async () => {
      await expect(deploy(nextChaincode, '2.0')).resolves.toMatchObject({ version: '2.0', sequence: 2, result: 'committed' });
    });
    expect(counts.other).toEqual([]);
    expect(counts.acknowledged.length).toBeGreaterThan(20);
    expect(await lost(counts.acknowledged)).toEqual([]);
    await expect(client.evaluate('Version')).resolves.toBe('2.0');
    const late = await (await inFlight.submit()).getStatus();
    expect(late.code).toBe(MVCC_READ_CONFLICT);
    await client.submit('Put', ['in-flight', 'written']);
  });

  it('changes nothing when asked again, and runs only the services of the new version', async () => {
    await expect(deploy(nextChaincode, '2.0')).resolves.toMatchObject({ sequence: 2, result: 'unchanged' });
    const services = network.nodes().filter(({ kind }) => kind === 'chaincode');
    expect(services.map(({ name }) => name.replace(/\..*/, ''))).toEqual(['emr-2', 'emr-2', 'emr-2']);
  });

  it.each([
    ['other code under the running version', ['--chaincode', smokeChaincode], /give it a version of its own/],
    ['a sequence that is not the next', ['--chaincode', smokeChaincode, '--version', '1.0', '--sequence', '7'], /may say that or 3, not 7/],
    ['a directory without a chaincode', ['--chaincode', '/nonexistent', '--version', '3.0'], /nonexistent/],
    [
      'a policy that names .member',
      ['--chaincode', smokeChaincode, '--version', '3.0', '--policy', "OR('HospitalAMSP.member')"],
      /never \.member/,
    ],
    ['a version that is none', ['--chaincode', smokeChaincode, '--version', 'a b'], /version/],
  ])('refuses %s in one sentence and changes nothing', async (_what, options, sentence) => {
    const { status, stderr } = fabric(['deployCC', '--name', 'emr', '--dir', dir, ...options]);
    expect(status).not.toBe(0);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(sentence);
    await expect(client.evaluate('Version')).resolves.toBe('2.0');
  });

  it('takes the former version back under load, and continues with it at the next start', async () => {
    const counts = await underLoad('rollback', async () => {
      await expect(deploy(smokeChaincode, '1.0')).resolves.toMatchObject({ version: '1.0', sequence: 3, result: 'committed' });
    });
    expect(counts.other).toEqual([]);
    expect(await lost(counts.acknowledged)).toEqual([]);
    await expect(client.evaluate('Version')).rejects.toThrow(/does not exist/);
    client.close();
    await network.end();
    network = await FabricUp.start(dir);
    client = Party.open({ mspId: A, user: 'User1', peerMspId: A }, network.ready.profiles[A] ?? '', { channel: 'emr', chaincode: 'emr' });
    expect(JSON.parse(fabric(['cc', 'list', '--dir', dir, '--json']).stdout)).toEqual({
      chaincodes: [{ name: 'emr', version: '1.0', sequence: 3 }],
    });
    await client.submit('Put', ['after', 'restart']);
  });

  it('goes the same way step by step: package, install, approve, commit', async () => {
    const step = (...args: string[]): ReturnType<typeof fabric> => fabric(['cc', ...args]);
    const what = ['--name', 'emr', '--version', '2.0', '--chaincode', nextChaincode];
    const packaged = step('package', ...what, '--out', join(dir, '..', 'emr.tgz'), '--json');
    const { packageId } = JSON.parse(packaged.stdout) as { packageId: string };
    expect(packageId).toMatch(/^emr_2\.0:[0-9a-f]{64}$/);
    expect(JSON.parse(step('install', ...what, '--dir', dir, '--json').stdout)).toEqual({ packageId });
    expect(step('approve', ...what, '--organization', A, '--dir', dir).status).toBe(0);
    const early = step('commit', ...what, '--dir', dir);
    expect(early.status).toBe(1);
    expect(early.stderr).toMatch(/chaincode definition not agreed to by this org/);
    await expect(client.evaluate('Version')).rejects.toThrow(/does not exist/);
    expect(step('approve', ...what, '--dir', dir).status).toBe(0);
    expect(JSON.parse(step('commit', ...what, '--dir', dir, '--json').stdout)).toEqual({ name: 'emr', version: '2.0', sequence: 4 });
    await expect(client.evaluate('Version')).resolves.toBe('2.0');
    expect(network.nodes().filter(({ kind }) => kind === 'chaincode')).toHaveLength(3);
    expect(step('approve', ...what, '--dir', dir).stderr).toMatch(/HospitalCMSP had approved sequence 4 already/);
  });

  it('calls the chaincode from the command line', () => {
    expect(fabric(['cc', 'invoke', 'emr', 'Put', 'by-hand', 'x', '--as', 'hospital-b', '--dir', dir]).status).toBe(0);
    expect(fabric(['cc', 'query', 'emr', 'Get', 'by-hand', '--as', 'hospital-c', '--dir', dir]).stdout.trim()).toBe('result: x');
    expect(fabric(['cc', 'query', 'emr', 'Get', 'nothing', '--dir', dir]).stderr).toMatch(/there is no nothing/);
    expect(fabric(['cc', 'query', 'emr', 'Get', 'by-hand', '--as', 'nobody', '--dir', dir]).stderr).toMatch(
      /there is no organisation nobody on emr; there are HospitalAMSP/,
    );
  });
});
