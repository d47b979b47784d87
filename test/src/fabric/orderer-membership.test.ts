import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Party } from '../conformance/party';
import { BusyHospital, type Seen } from './busy-hospital';
import { describeOnFabric, fabric, fabricAsync, fabricCommand, FabricUp, isRunning, smokeChaincode } from './fabric-command';
import { waitUntil } from '../wait-until';

const [A, B, C, D] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP', 'HospitalDMSP'] as const;
const R = 'HealthAuthorityMSP';
const newcomer = ['--msp-id', D, '--name', 'hospital-d', '--domain', 'hospital-d.example', '--orderer'];
/** Who orders a channel: its members, and organisations without a peer. A and D order only the consortium's own. */
const channels = ['emr', 'audit'];

const hospital = (letter: string): object => ({
  mspId: `Hospital${letter.toUpperCase()}MSP`,
  name: `hospital-${letter}`,
  domain: `hospital-${letter}.example`,
  roles: ['peer', 'orderer'],
});
/** The shipped consortium with one channel more, of B and C, which the authority orders with them. */
const consortiumOf = (ordering: string): object => ({
  name: 'lianyi',
  channel: { name: 'emr', batch: { timeoutMillis: 20 } },
  channels: [{ name: 'audit', organizations: [B, C] }],
  organizations: [
    ...['a', 'b', 'c'].map(hospital),
    { mspId: R, name: 'health-authority', domain: 'health-authority.example', roles: ['orderer', 'client'] },
  ],
  chaincodes: [{ name: 'emr', version: '1.0' }],
  ...(process.env['FABRIC_LINE'] === '2.5' ? {} : { ordering }),
});

const orderings = process.env['FABRIC_LINE'] === '2.5' ? ['raft'] : ['bft', 'raft'];
const wanted = process.env['FABRIC_ORDERING'];

for (const ordering of orderings.filter((name) => wanted === undefined || wanted === '' || wanted === name))
  describeOnFabric(`hospitals with an orderer come and go (${ordering})`, () => {
    const root = mkdtempSync(join(tmpdir(), 'lianyi-orderers-'));
    const dir = join(root, 'network');
    const file = join(root, 'consortium.yaml');
    let network: FabricUp;
    let busy: BusyHospital;
    let later: string[] = [];
    const parties: Party[] = [];

    const at = (mspId: string): Party => {
      const domain = `hospital-${mspId.charAt('Hospital'.length).toLowerCase()}`;
      const profile = join(dir, `organizations/peerOrganizations/${domain}.example/connection-${domain}.json`);
      const party = Party.open({ mspId, user: 'User1', peerMspId: mspId }, profile, { channel: 'emr', chaincode: 'emr' });
      parties.push(party);
      return party;
    };
    const run = (...args: string[]): ReturnType<typeof fabric> => fabric([...args, '--dir', dir, '--json']);
    const refusal = (...args: string[]): { readonly code: string; readonly message: string } => {
      const { status, stdout } = run(...args);
      expect(status).toBe(1);
      return JSON.parse(stdout) as { code: string; message: string };
    };
    /** Runs a verb while hospital B works, and prints what that meant for it. */
    const whileBusy = async (title: string, work: () => Promise<void>): Promise<Seen> => {
      const begun = Date.now();
      const seen = await busy.during(work);
      process.stderr.write(`${ordering}, ${title}: ${String(Date.now() - begun)} ms; ${JSON.stringify(seen)}\n`);
      expect(seen.lost).toEqual([]);
      expect(seen.commits).toBeGreaterThan(0);
      return seen;
    };
    const perform = async (...args: string[]): Promise<{ readonly result: unknown; readonly stderr: string }> => {
      const { status, stdout, stderr } = await fabricAsync([...args, '--dir', dir, '--json']);
      process.stderr.write(stderr);
      expect({ status, said: status === 0 ? '' : stdout }).toEqual({ status: 0, said: '' });
      return { result: JSON.parse(stdout), stderr };
    };
    /** Starts a verb and kills it as soon as it has printed a line. */
    const killAt = async (line: RegExp, ...args: string[]): Promise<void> => {
      const child = spawn(process.execPath, [fabricCommand, 'fabric', ...args, '--dir', dir, '--json'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      await new Promise<void>((done, fail) => {
        let text = '';
        child.stderr.on('data', (part: Buffer) => {
          text += part.toString();
          if (line.test(text)) child.kill('SIGKILL');
        });
        child.once('exit', (_code, signal) => {
          if (signal === 'SIGKILL') done();
          else fail(new Error(`it ended by itself:\n${text}`));
        });
      });
    };
    const height = (name: string, channel: string): number => {
      const { stdout } = run('status', '--channel', channel);
      const { nodes } = JSON.parse(stdout) as { nodes: readonly { name: string; height?: number }[] };
      return nodes.find((node) => node.name === name)?.height ?? 0;
    };
    const levels = async (name: string, beside: string): Promise<void> => {
      const ordered = /-[ad]\.example$/.test(name) ? ['emr'] : channels;
      for (const channel of ordered)
        await waitUntil(
          `${name} is level on ${channel}`,
          () => height(name, channel) > 0 && height(beside, channel) - height(name, channel) <= 5,
        );
    };

    beforeAll(async () => {
      mkdirSync(root, { recursive: true });
      writeFileSync(file, JSON.stringify(consortiumOf(ordering)));
      network = await FabricUp.start(dir, ['--chaincode', smokeChaincode], file);
      busy = new BusyHospital(at(B), 'first');
    });
    afterAll(async () => {
      await busy.stop();
      for (const party of parties) party.close();
      await network.end();
      fabric(['down', '--yes', '--dir', dir]);
      rmSync(root, { recursive: true, force: true });
    });

    it('leaves nothing of a newcomer whom too few have signed for', () => {
      const { code, message } = refusal('addOrg', ...newcomer, '--signed-by', A);
      expect(code).toBe('NOT_SIGNED');
      expect(message).toMatch(/^signed by HospitalAMSP; 2 more of .* must sign; nothing was sent$/);
      expect(existsSync(join(dir, 'organizations/peerOrganizations/hospital-d.example'))).toBe(false);
      expect(network.nodes().filter(({ name }) => name.includes('hospital-d'))).toEqual([]);
    });

    if (ordering === 'bft')
      it('takes no orderer in while another is down, since of five four are needed at once', async () => {
        run('node', 'stop', 'orderer0.health-authority.example');
        const { code, message } = refusal('addOrg', ...newcomer);
        run('node', 'start', 'orderer0.health-authority.example');
        expect(code).toBe('QUORUM_AT_RISK');
        expect(message).toMatch(/of 5 orderers of emr 4 must work, and only 3 would .* orderer0.health-authority.example being down/);
        expect(network.nodes().filter(({ name }) => name.includes('hospital-d'))).toEqual([]);
        await levels('orderer0.health-authority.example', 'orderer0.hospital-b.example');
      });

    it('completes the join of a hospital whose administrator was interrupted half-way', async () => {
      await whileBusy('join, killed when the newcomer follows', () => killAt(/follows emr/, 'addOrg', ...newcomer));
      await whileBusy('join, completed', async () => {
        const { result } = await perform('addOrg', ...newcomer);
        expect(result).toMatchObject({
          organization: D,
          result: 'joined',
          ordering: [{ channel: 'emr', consenters: 5 }],
        });
      });
      await levels('orderer0.hospital-d.example', 'orderer0.hospital-b.example');
      expect((await perform('addOrg', ...newcomer)).result).toMatchObject({ organization: D, result: 'unchanged' });
    });

    it('needs the newcomer from then on, and has it: an old orderer may stop', async () => {
      const stopped = ordering === 'bft' ? ['a'] : ['a', 'c'];
      await whileBusy(`${String(stopped.length)} of five orderers stopped`, async () => {
        for (const letter of stopped) await fabricAsync(['node', 'stop', `orderer0.hospital-${letter}.example`, '--dir', dir]);
        await at(D).submit('Put', ['of-d', 'first']);
        for (const letter of stopped) await fabricAsync(['node', 'start', `orderer0.hospital-${letter}.example`, '--dir', dir]);
      });
      for (const letter of stopped) await levels(`orderer0.hospital-${letter}.example`, 'orderer0.hospital-b.example');
    });

    it('lets a founder go, with its orderer, also when interrupted between the two', async () => {
      const nodes = network.nodes().filter(({ name }) => name.includes('hospital-a'));
      expect(fabric(['status', '--dir', dir]).stdout).toMatch(/emr is ordered by 5 orderers \(\w+\), of which [12] may stop( or lie)?$/m);
      await whileBusy('leave, killed when its orderer orders no more', () =>
        killAt(/orders emr no more/, 'removeOrg', '--organization', A),
      );
      await whileBusy('leave, completed', async () => {
        const { result } = await perform('removeOrg', '--organization', A);
        expect(result).toMatchObject({
          organization: A,
          result: 'left',
          ordering: [{ channel: 'emr', consenters: 4 }],
        });
      });
      expect(nodes.filter(({ pid }) => pid !== undefined && isRunning(pid))).toEqual([]);
      expect(network.nodes().filter(({ name }) => name.includes('hospital-a'))).toEqual([]);
      expect(JSON.parse(run('removeOrg', '--organization', A).stdout)).toEqual({ organization: A, result: 'unchanged' });
      // of three hospitals two suffice, and the one that left is none of them
      await at(C).submit('Put', ['two-suffice', 'x'], { organizations: [C, D] });
    });

    it('gives up tolerance of faults only when told so', async () => {
      const { code, message } = refusal('removeOrg', '--organization', R);
      expect(code).toBe('QUORUM_AT_RISK');
      const lost =
        ordering === 'bft'
          ? 'emr has 3 orderers \\(SmartBFT\\), of which 1 may stop and none may lie'
          : 'audit has 2 orderers \\(Raft\\), of which none may stop';
      expect(message).toMatch(new RegExp(`${lost}: .*--despite-lost-tolerance`));
      await whileBusy('the authority leaves', async () => {
        const { result } = await perform('removeOrg', '--organization', R, '--despite-lost-tolerance');
        expect(result).toMatchObject({ organization: R, result: 'left' });
      });
      if (ordering === 'raft')
        expect(refusal('removeOrg', '--organization', D).message).toMatch(/2 orderers \(Raft\), of which none may stop/);
    });

    it('lets nobody go while another is down and the rest could not order', async () => {
      run('node', 'stop', 'orderer0.hospital-c.example');
      const { code, message } = refusal('removeOrg', '--organization', D, '--despite-lost-tolerance');
      const faults = ordering === 'bft' ? '1 may stop and none may lie' : '1 may stop';
      expect(fabric(['status', '--dir', dir]).stdout).toMatch(
        new RegExp(`emr is ordered by 3 orderers \\(\\w+\\), of which ${faults}; 2 work now, of which none may stop$`, 'm'),
      );
      run('node', 'start', 'orderer0.hospital-c.example');
      expect(code).toBe('QUORUM_AT_RISK');
      expect(message).toMatch(/2 of the 2 orderers left of emr must work, and only 1 would, orderer0.hospital-c.example being down/);
      await levels('orderer0.hospital-c.example', 'orderer0.hospital-b.example');
    });

    it('has lost nothing, also not over a restart', async () => {
      later = [...(await busy.stop())];
      for (const party of parties.splice(0)) party.close();
      await network.end();
      network = await FabricUp.start(dir, ['--chaincode', smokeChaincode], file);
      const d = at(D);
      await waitUntil('D commits', () => d.submit('Put', ['of-d', 'second']).then(() => true, () => false)); // prettier-ignore
      for (const key of later) await expect(d.evaluate('Get', [key])).resolves.toBe('written');
      expect(later.length).toBeGreaterThan(50);
      await levels('orderer0.hospital-d.example', 'orderer0.hospital-b.example');
    });
  });
