import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { CommitError } from '@hyperledger/fabric-gateway';
import { startEmbeddedNetwork } from '@lianyi/embedded-network';
import { runNetworkCli } from '@lianyi/network-cli';
import { loadConsortium, type RunningNetwork, serveControl } from '@lianyi/network-model';
import { verbsIn, type VerbAnswer } from './embedded-verb';
import { Party } from './party';

const [A, B, C, D] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP', 'HospitalDMSP'] as const;
const root = resolve(__dirname, '../../..');
const fixture = (name: string): string => join(root, 'test/fixtures', name);
const MVCC_READ_CONFLICT = 11;

// the same verbs, by the same code, as test/src/fabric tries them on real Fabric
describe("administrators' verbs on the embedded network", () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-verbs-'));
  const dir = join(folder, 'n');
  const consortium = loadConsortium(join(root, 'consortium.yaml'));
  const parties: Party[] = [];
  let network: RunningNetwork;
  let control: Server;

  const up = async (): Promise<void> => {
    network = await startEmbeddedNetwork({ consortium, chaincodes: new Map([['emr', fixture('chaincode-fabric-smoke')]]), dir });
    control = await serveControl(network);
  };
  const stop = async (): Promise<void> => {
    for (const party of parties.splice(0)) party.close();
    control.close();
    control.closeAllConnections();
    await network.stop();
  };
  const verb = verbsIn(dir);
  const at = (mspId: string, { user = 'User1', peerMspId = mspId } = {}): Party => {
    const domain = `hospital-${mspId.charAt('Hospital'.length).toLowerCase()}`;
    const profile = join(dir, 'organizations/peerOrganizations', `${domain}.example`, `connection-${domain}.json`);
    const party = Party.open({ mspId, user, peerMspId }, profile, { channel: 'emr', chaincode: 'emr' });
    parties.push(party);
    return party;
  };
  /** Submits without a pause while something is done; answers what was acknowledged. */
  const whileBusy = async (name: string, work: () => Promise<void>): Promise<readonly string[]> => {
    const client = at(A);
    const acknowledged: string[] = [];
    const other: string[] = [];
    const over = new AbortController();
    const busy = (async (): Promise<void> => {
      for (let number = 0; !over.signal.aborted; number++) {
        const key = `${name}-${String(number)}`;
        try {
          await client.submit('Put', [key, 'written']);
          acknowledged.push(key);
        } catch (error) {
          if (!(error instanceof CommitError)) other.push(String(error));
        }
      }
    })();
    try {
      await work();
    } finally {
      over.abort();
      await busy;
    }
    expect(other.filter((reason) => !reason.includes('EndorseError') && !reason.includes('ABORTED'))).toEqual([]);
    return acknowledged;
  };
  const missing = async (keys: readonly string[]): Promise<readonly string[]> => {
    const client = at(A);
    const values = await Promise.all(keys.map((key) => client.evaluate('Get', [key]).catch(() => '')));
    return keys.filter((_, index) => values[index] !== 'written');
  };

  beforeAll(up);
  afterAll(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('show all nodes with their heights', async () => {
    const { result } = await verb('status');
    const nodes = result['nodes'] as { name: string; kind: string; stopped: boolean; height?: number }[];
    expect(nodes.map(({ kind }) => kind)).toEqual([
      ...['orderer', 'orderer', 'orderer', 'orderer'],
      ...['peer', 'peer', 'peer'],
      ...['chaincode', 'chaincode', 'chaincode'],
    ]);
    expect(nodes.every(({ stopped }) => !stopped)).toBe(true);
    expect(new Set(nodes.filter(({ kind }) => kind !== 'chaincode').map(({ height }) => height)).size).toBe(1);
    expect(nodes[0]?.height).toBeGreaterThan(1);
    const shown = nodes as unknown as { port: number; certificateUntil: string }[];
    expect(shown.every(({ port, certificateUntil }) => port > 0 && Date.parse(certificateUntil) > Date.now())).toBe(true);
    expect(result['chaincodes']).toEqual([{ channel: 'emr', name: 'emr', version: '1.0', sequence: 1 }]);
  });

  it('wait for a block, a transaction and a chaincode, and say what did not come', async () => {
    const put = await verb('cc', 'invoke', 'emr', 'Put', 'waited', 'for');
    const { transactionId, blockNumber } = put.result as { transactionId: string; blockNumber: number };
    const goals = ['--block', String(blockNumber), '--transaction', transactionId, '--chaincode', 'emr=1'];
    expect(await verb('wait', ...goals)).toMatchObject({
      exitCode: 0,
      result: { ready: true, block: blockNumber, transaction: transactionId, validation: 'VALID', chaincode: 'emr' },
    });
    for (const [goal, value, words] of [
      ['--block', '99999', 'block 99999 of emr did not reach'],
      ['--transaction', 'f'.repeat(64), 'was not committed on emr at'],
      ['--chaincode', 'emr=99', 'under sequence 99 (it is at 1)'],
      ['--chaincode', 'other', 'chaincode other was not committed on emr'],
    ] as const)
      expect(await verb('wait', goal, value, '--timeout', '1')).toMatchObject({
        exitCode: 1,
        result: { code: 'TIMEOUT' },
        sentence: expect.stringContaining(words) as string,
      });
  });

  it('upgrade chaincode under load: nothing acknowledged is lost, what was in flight is invalidated', async () => {
    const inFlight = await at(A).endorse('Put', ['in-flight', 'written']);
    const keys = await whileBusy('upgrade', async () => {
      const deploy = ['deployCC', '--name', 'emr', '--version', '2.0', '--chaincode', fixture('chaincode-fabric-smoke-next')];
      expect((await verb(...deploy)).result).toMatchObject({ version: '2.0', sequence: 2, result: 'committed' });
      expect((await verb(...deploy)).result).toMatchObject({ sequence: 2, result: 'unchanged' });
    });
    expect(keys.length).toBeGreaterThan(5);
    expect(await missing(keys)).toEqual([]);
    await expect(at(B).evaluate('Version')).resolves.toBe('2.0');
    await expect((await inFlight.submit()).getStatus()).resolves.toMatchObject({ code: MVCC_READ_CONFLICT });
    const services = network.definition().layout.services;
    expect(services).toEqual(['emr-2.0.hospital-a.example', 'emr-2.0.hospital-b.example', 'emr-2.0.hospital-c.example']);
  });

  it('make a second channel of two hospitals, with chaincode of its own state', async () => {
    const created = await verb('createChannel', 'side', '--organizations', `${A},${B}`);
    expect(created.result).toMatchObject({ channel: 'side', organizations: [A, B], result: 'created' });
    const folderOfNext = fixture('chaincode-fabric-smoke-next');
    await verb('deployCC', '--name', 'emr', '--version', '2.0', '--chaincode', folderOfNext, '--channel', 'side');
    expect((await verb('cc', 'invoke', 'emr', 'Put', 'only', 'side', '--channel', 'side')).exitCode).toBe(0);
    expect((await verb('cc', 'query', 'emr', 'Get', 'only', '--channel', 'side')).result).toEqual({ result: 'side' });
    expect((await verb('cc', 'query', 'emr', 'Get', 'only')).sentence).toMatch(/there is no only/);
    expect((await verb('cc', 'query', 'emr', 'Get', 'only', '--channel', 'side', '--as', C)).exitCode).not.toBe(0);
  });

  it('run two at once, and neither loses what the other changed', async () => {
    let created: Promise<VerbAnswer> | undefined;
    const argv = ['deployCC', '--name', 'basic', '--version', '1', '--chaincode', fixture('chaincode-basic'), '--dir', dir];
    const exitCode = await runNetworkCli(['node', 'lianyi-network', 'embedded', ...argv], {
      out: () => undefined,
      err: (line) => {
        if (line.includes('services of basic')) created = verb('createChannel', 'meanwhile', '--organizations', `${A},${B}`);
      },
    });
    expect((await created)?.result).toMatchObject({ channel: 'meanwhile', result: 'created' });
    expect(exitCode).toBe(0);
    expect((await verb('status')).result).toMatchObject({ channels: ['emr', 'side', 'meanwhile'] });
    expect(existsSync(join(dir, 'channels/meanwhile/genesis.block'))).toBe(true);
    expect(network.definition().chaincodes.map(({ name }) => name)).toContain('basic');
  });

  it('are refused where the network is not what they saw, or would forget a channel or be unusable', async () => {
    const { amendments } = network.definition();
    const stale = { ...amendments, channels: amendments.channels.slice(0, 1) };
    await expect(network.amend({ amendments: stale, madeFrom: stale })).rejects.toMatchObject({
      code: 'CHANGED_MEANWHILE',
      message: 'another verb changed the network meanwhile; run it again',
    });
    await expect(network.amend({ amendments: stale, madeFrom: amendments })).rejects.toMatchObject({
      code: 'STATE_MISMATCH',
      message: expect.stringContaining('channel meanwhile was made') as string,
    });
    const [channel] = amendments.channels;
    const twice = { ...amendments, channels: [...amendments.channels, ...(channel ? [channel] : [])] };
    await expect(network.amend({ amendments: twice, madeFrom: amendments })).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
    expect(network.definition().amendments).toEqual(amendments);
    expect(existsSync(join(dir, 'channels/meanwhile/genesis.block'))).toBe(true);
  });

  it('take a fourth hospital in, and let it go, while the others work', async () => {
    const newcomer = ['--msp-id', D, '--name', 'hospital-d', '--domain', 'hospital-d.example'];
    const few = await verb('addOrg', ...newcomer, '--signed-by', A);
    expect(few).toMatchObject({ exitCode: 1, result: { code: 'NOT_SIGNED' } });
    expect(existsSync(join(dir, 'organizations/peerOrganizations/hospital-d.example'))).toBe(false);
    const keys = await whileBusy('join', async () => {
      expect((await verb('addOrg', ...newcomer)).result).toMatchObject({
        organization: D,
        result: 'joined',
        update: { signed: [A, B, C] },
      });
    });
    expect(await missing(keys)).toEqual([]);
    const d = at(D);
    await d.submit('Put', ['of-d', 'first'], { organizations: [D, A, B] });
    await expect(at(C).evaluate('Get', ['of-d'])).resolves.toBe('first');
    const two = await d.endorse('Put', ['too-few', 'x'], { organizations: [A, B] });
    await expect((await two.submit()).getStatus()).resolves.toMatchObject({ code: 10 });
    expect((await verb('removeOrg', '--organization', D)).result).toMatchObject({ organization: D, result: 'left' });
    await expect(d.evaluate('Get', ['of-d'])).rejects.toThrow();
    await at(A).submit('Put', ['after', 'D left'], { organizations: [A, B] });
    expect((await verb('removeOrg', '--organization', D)).result).toMatchObject({ result: 'unchanged' });
  });

  it('throw a member out that shares a channel with one other, who cannot agree alone, and has one of its own', async () => {
    await verb('addOrg', '--msp-id', D, '--name', 'hospital-d', '--domain', 'hospital-d.example');
    await verb('createChannel', 'pair', '--organizations', `${A},${D}`);
    await verb('createChannel', 'alone', '--organizations', D);
    const deploy = ['deployCC', '--name', 'emr', '--version', '2.0', '--chaincode', fixture('chaincode-fabric-smoke-next')];
    expect((await verb(...deploy, '--channel', 'alone')).exitCode).toBe(0);
    const out = await verb('removeOrg', '--organization', D);
    expect(out).toMatchObject({ exitCode: 0, result: { organization: D, result: 'left' } });
    const open = out.result['open'] as readonly { channel: string; reason: string }[];
    expect(open.map(({ channel }) => channel)).toEqual(['pair', 'alone']);
    expect(open[0]?.reason).toMatch(new RegExp(`^signed by ${A}, HealthAuthorityMSP; 1 more of ${D} must sign; nothing was sent$`));
    expect((await verb('cc', 'query', 'emr', 'Version')).exitCode).toBe(0);
    expect((await verb('cc', 'query', 'emr', 'Version', '--as', D)).exitCode).not.toBe(0);
    // what was written on the channel that is nobody's now is not touched
    expect(existsSync(join(dir, 'channels/alone/genesis.block'))).toBe(true);
  });

  it('prune what nobody needs any more, and nothing else', async () => {
    const left = join(dir, 'organizations/peerOrganizations/hospital-d.example');
    const service = join(dir, 'services/emr.hospital-a.example');
    // who has just left is named with the moment from which on their keys may go
    const { waiting } = (await verb('prune', '--dry-run')).result as { waiting: { kind: string; path: string; removableAt: string }[] };
    expect(waiting).toContainEqual(expect.objectContaining({ kind: 'left', path: left }));
    const longAgo = new Date(Date.now() - 120_000);
    for (const path of [left, service]) utimesSync(path, longAgo, longAgo);
    // the others become old enough while the test runs on a busy machine
    const entries = expect.arrayContaining([
      expect.objectContaining({ kind: 'service', path: service }),
      expect.objectContaining({ kind: 'left', path: left }),
    ]) as unknown;
    const dryRun = (await verb('prune', '--dry-run')).result;
    expect(dryRun).toMatchObject({ dryRun: true, entries });
    const paths = (dryRun['entries'] as readonly { readonly path: string }[]).map(({ path }) => path);
    const { consortium: members, layout } = network.definition();
    const needed = [...layout.services, ...layout.peers.map(({ name }) => name), ...members.organizations.map(({ domain }) => domain)];
    expect(paths.filter((path) => needed.includes(basename(path, '.log')) || /channels?(\/|$)/.test(path))).toEqual([]);
    expect(existsSync(left)).toBe(true);
    expect(await verb('prune')).toMatchObject({ exitCode: 2, result: { code: 'NOT_CONFIRMED' } });
    expect((await verb('prune', '--yes')).result).toMatchObject({ dryRun: false, entries });
    expect([left, service].filter((path) => existsSync(path))).toEqual([]);
    await at(A).submit('Put', ['after', 'D left'], { organizations: [A, B] });
  });

  it("revoke a user's certificate, and renew a peer's", async () => {
    expect((await verb('certs', 'revoke', '--organization', A, '--user', 'User1')).result).toMatchObject({ result: 'revoked' });
    await expect(at(A).evaluate('Get', ['after'])).rejects.toThrow(/access denied/);
    await expect(at(A, { user: 'node' }).evaluate('Get', ['after'])).resolves.toBe('D left');
    const holder = 'peer0.hospital-b.example';
    const before = readFileSync(join(dir, `organizations/peerOrganizations/hospital-b.example/peers/${holder}/tls/server.crt`), 'utf8');
    expect((await verb('certs', 'renew', '--organization', B, '--holder', holder)).result).toMatchObject({ restarted: [holder] });
    const after = readFileSync(join(dir, `organizations/peerOrganizations/hospital-b.example/peers/${holder}/tls/server.crt`), 'utf8');
    expect(after).not.toBe(before);
    await expect(at(B).evaluate('Get', ['after'], { organizations: [B] })).resolves.toBe('D left');
  });

  it('stop and start one node; the others go on', async () => {
    expect((await verb('node', 'stop', 'peer0.hospital-c.example')).exitCode).toBe(0);
    await expect(at(B).evaluate('Get', ['after'], { organizations: [C] })).rejects.toThrow(/no peers available/);
    await at(B).submit('Put', ['without', 'C']);
    expect((await verb('node', 'start', 'peer0.hospital-c.example')).exitCode).toBe(0);
    await expect(at(C).evaluate('Get', ['without'], { organizations: [C] })).resolves.toBe('C');
  });

  it('continue with all that after a second start, also if the last step of the upgrade was not recorded any more', async () => {
    const { peers, orderers } = network.definition().layout;
    await stop();
    const file = join(dir, 'amendments.json');
    const amendments = JSON.parse(readFileSync(file, 'utf8')) as { chaincodes: { settings: { sequence: number } }[] };
    const [incoming] = amendments.chaincodes.filter(({ settings }) => settings.sequence === 2);
    const chaincodes = amendments.chaincodes.filter((deployed) => deployed !== incoming);
    writeFileSync(file, JSON.stringify({ ...amendments, chaincodes, incoming }));
    await up();
    // whoever dialled a node before finds it where it was
    expect(network.definition().layout).toMatchObject({ peers, orderers });
    expect((await verb('cc', 'list')).result).toEqual({
      chaincodes: [
        { name: 'basic', version: '1', sequence: 1 },
        { name: 'emr', version: '2.0', sequence: 2 },
      ],
    });
    expect((await verb('cc', 'query', 'emr', 'Get', 'only', '--channel', 'side', '--as', B)).result).toEqual({ result: 'side' });
    await expect(at(A).evaluate('Get', ['after'])).rejects.toThrow(/access denied/);
    const { certificates } = (await verb('certs', 'list')).result as { certificates: { holder: string; state: string }[] };
    expect(certificates.filter(({ state }) => state === 'revoked').map(({ holder }) => holder)).toEqual(['User1@hospital-a.example']);
    expect((await verb('status')).result).toMatchObject({ channels: ['emr', 'side', 'meanwhile', 'pair'] });
    expect(existsSync(join(dir, 'channels/alone/genesis.block'))).toBe(true);
  });

  it.each([
    [['snapshot', '--organization', A], 1, /has no snapshot: its peers share one ledger/],
    [['restore', '--organization', A, '--snapshot', 'x'], 1, /has no restore/],
    [['node', 'stop', 'nobody'], 2, /there is no node nobody/],
    [['node', 'twist', 'peer0.hospital-a.example'], 2, /there is no action twist/],
    [['removeOrg', '--organization', 'nobody'], 2, /there is no organisation nobody/],
    [['deployCC', '--name', 'ca', '--version', '1', '--chaincode', fixture('chaincode-basic')], 2, /a chaincode cannot have one, too/],
    [['deployCC', '--name', 'peer0', '--version', '1', '--chaincode', fixture('chaincode-basic')], 2, /a chaincode cannot have one, too/],
    [['createChannel', 'No Good'], 2, /cannot be the name of a channel/],
    [['deployCC', '--name', 'emr', '--version', '2.0', '--chaincode', '/nonexistent'], 2, /nonexistent/],
    [
      ['deployCC', '--name', 'emr', '--version', '2.0', '--chaincode', join(root, 'test/fixtures/chaincode-basic')],
      1,
      /give it a version of its own/,
    ],
  ])('refuse %j in one sentence', async (args, exitCode, sentence) => {
    const refused = await verb(...args);
    expect(refused.exitCode).toBe(exitCode);
    expect(refused.sentence).toMatch(sentence);
    expect(refused.result['event']).toBe('error');
  });
});
