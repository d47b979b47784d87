import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommitError, EndorseError } from '@hyperledger/fabric-gateway';
import { Party } from '../conformance/party';
import { describeVerbs, fabric, fabricAsync, FabricUp, isRunning } from './fabric-command';
import { waitUntil } from '../wait-until';

const [A, B, C, D] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP', 'HospitalDMSP'] as const;
const newcomer = ['--msp-id', D, '--name', 'hospital-d', '--domain', 'hospital-d.example'];

describeVerbs('a hospital joins a running consortium, and leaves', () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'lianyi-membership-')), 'network');
  const profileOfD = join(dir, 'organizations/peerOrganizations/hospital-d.example/connection-hospital-d.json');
  let network: FabricUp;
  const parties: Party[] = [];

  const at = (mspId: string, peerMspId = mspId): Party => {
    const profile = mspId === D ? profileOfD : (network.ready.profiles[mspId] ?? '');
    const party = Party.open({ mspId, user: 'User1', peerMspId }, profile, { channel: 'emr', chaincode: 'emr' });
    parties.push(party);
    return party;
  };

  /** Submits one transaction after another at an old member until the work is done; what fails is proposed again. */
  const whileWorking = async (prefix: string, work: () => Promise<void>): Promise<void> => {
    const client = at(A);
    const counts = { acknowledged: 0, invalidated: 0, endorsementsRefused: 0, other: [] as string[] };
    const keys: string[] = [];
    let isOver = false;
    const loop = async (): Promise<void> => {
      for (let number = 0; !isOver; number++) {
        const key = `${prefix}-${String(number)}`;
        try {
          await client.submit('Put', [key, 'written']);
          keys.push(key);
          counts.acknowledged++;
        } catch (error) {
          if (error instanceof CommitError) counts.invalidated++;
          else if (error instanceof EndorseError) counts.endorsementsRefused++;
          else counts.other.push(String(error));
        }
      }
    };
    const running = loop();
    try {
      await work();
    } finally {
      isOver = true;
      await running;
    }
    process.stderr.write(`${prefix}: meanwhile at hospital A ${JSON.stringify(counts)}\n`);
    expect(counts.other).toEqual([]);
    expect(counts.acknowledged).toBeGreaterThan(10);
    for (const key of keys) await expect(client.evaluate('Get', [key])).resolves.toBe('written');
  };

  beforeAll(async () => {
    network = await FabricUp.start(dir);
    await at(A).submit('Put', ['before', 'D came']);
    await at(A).submit('PutPrivate', ['earlier'], { organizations: [A], transient: { value: 'not for D' } });
  });

  afterAll(async () => {
    for (const party of parties) party.close();
    await network.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(join(dir, '..'), { recursive: true, force: true });
  });

  it('refuses a newcomer while a peer is down without which too few could endorse, and writes go on', async () => {
    const peerOfC = ['peer0.hospital-c.example', '--dir', dir];
    expect(fabric(['node', 'stop', ...peerOfC]).status).toBe(0);
    const { status, stdout } = fabric(['addOrg', ...newcomer, '--dir', dir, '--json']);
    expect([status, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ code: 'ENDORSEMENT_AT_RISK' })]);
    await at(A).submit('Put', ['while', 'C is down'], { organizations: [A, B] });
    expect(fabric(['node', 'start', ...peerOfC]).status).toBe(0);
  });

  it('refuses a newcomer whom too few have signed for, and leaves nothing of it', () => {
    const { status, stdout } = fabric(['addOrg', ...newcomer, '--signed-by', A, '--signed-by', 'hospital-b', '--dir', dir, '--json']);
    expect(status).toBe(1);
    const { code, message } = JSON.parse(stdout) as { code: string; message: string };
    expect(code).toBe('NOT_SIGNED');
    expect(message).toMatch(
      /^signed by HospitalAMSP, HospitalBMSP; 1 more of HospitalCMSP, HealthAuthorityMSP must sign; nothing was sent$/,
    );
    expect(existsSync(join(profileOfD, '..'))).toBe(false);
    expect(network.nodes().filter(({ name }) => name.includes('hospital-d'))).toEqual([]);
  });

  it('refuses names that are taken', () => {
    const run = (...args: string[]): string => fabric(['addOrg', '--dir', dir, ...args]).stderr;
    expect(run('--msp-id', D, '--name', 'hospital-a', '--domain', 'hospital-d.example')).toMatch(
      /the name hospital-a .* is HospitalAMSP's/,
    );
    expect(run('--msp-id', 'no good', '--name', 'hospital-d', '--domain', 'hospital-d.example')).toMatch(/cannot be named so: mspId/);
  });

  it('takes a fourth hospital in with one command while the others work on', async () => {
    await whileWorking('join', async () => {
      const begun = Date.now();
      const { status, stdout, stderr } = await fabricAsync(['addOrg', ...newcomer, '--dir', dir, '--json']);
      process.stderr.write(`addOrg: ${Date.now() - begun} ms\n${stderr}`);
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        organization: D,
        result: 'joined',
        update: { signed: [A, B, C], notAsked: ['HealthAuthorityMSP'], sequence: 1 },
      });
      expect(stderr).toMatch(/signed by HospitalAMSP, HospitalBMSP, HospitalCMSP; not asked: HealthAuthorityMSP/);
    });
  });

  it('lets the newcomer endorse and commit, and counts the majority anew: three of four', async () => {
    const d = at(D);
    await expect(d.evaluate('Get', ['before'], { organizations: [D] })).resolves.toBe('D came');
    await d.submit('Put', ['of-d', 'first'], { organizations: [D, A, B] });
    await expect(at(C).evaluate('Get', ['of-d'])).resolves.toBe('first');
    const two = await d.endorse('Put', ['too-few', 'x'], { organizations: [A, B] });
    await expect((await two.submit()).getStatus()).resolves.toMatchObject({ code: 10 });
  });

  it('holds no earlier private value at the newcomer, only its hash', async () => {
    const d = at(D);
    await expect(at(A).evaluate('GetPrivate', ['earlier'], { organizations: [A] })).resolves.toBe('not for D');
    await expect(d.evaluate('GetPrivateHashOf', [A, 'earlier'], { organizations: [D] })).resolves.toMatch(/^[0-9a-f]{64}$/);
    await expect(d.evaluate('GetPrivateOf', [A, 'earlier'], { organizations: [D] })).rejects.toThrow(
      /private data matching public hash version is not available/,
    );
  });

  it('changes nothing when asked again, and keeps the newcomer over a restart', async () => {
    const again = fabric(['addOrg', ...newcomer, '--dir', dir, '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ organization: D, result: 'unchanged' });
    for (const party of parties.splice(0)) party.close();
    await network.end();
    network = await FabricUp.start(dir);
    const d = at(D);
    await waitUntil('D commits', () =>
      d.submit('Put', ['of-d', 'second']).then(
        () => true,
        () => false,
      ),
    );
  });

  it('lets it leave while the others work on; what it proposes then is refused', async () => {
    const nodes = network.nodes().filter(({ name }) => name.includes('hospital-d'));
    expect(nodes).toHaveLength(2);
    await whileWorking('leave', async () => {
      const { status, stdout, stderr } = await fabricAsync(['removeOrg', '--organization', D, '--dir', dir, '--json']);
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({ organization: D, result: 'left' });
    });
    expect(network.nodes().filter(({ name }) => name.includes('hospital-d'))).toEqual([]);
    // the embedded network's peers are its own process
    expect(nodes.filter(({ pid }) => pid !== undefined && pid !== network.pid && isRunning(pid))).toEqual([]);
    const gone = at(D, A);
    await expect(gone.evaluate('Get', ['before'])).rejects.toThrow(/access denied|creator org unknown/);
    await expect(gone.submit('Put', ['late', 'x'])).rejects.toThrow();
    await at(B).submit('Put', ['two-suffice', 'again'], { organizations: [A, B] });
    await expect(at(C).evaluate('Get', ['of-d'])).resolves.toBe('second');
    expect(JSON.parse(fabric(['removeOrg', '--organization', D, '--dir', dir, '--json']).stdout)).toEqual({
      organization: D,
      result: 'unchanged',
    });
  });
});
