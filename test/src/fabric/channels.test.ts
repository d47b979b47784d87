import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { consortiumFile, describeOnFabric, fabric, fabricAsync, FabricUp, smokeChaincode } from './fabric-command';
import { Party } from '../conformance/party';
import { waitUntil } from '../wait-until';

const nextChaincode = resolve(__dirname, '../../fixtures/chaincode-fabric-smoke-next');

interface Definition {
  readonly organizations: readonly { readonly mspId: string }[];
  readonly chaincodes: readonly object[];
}

/** The shipped consortium, with two peers at the first hospital and a channel that the third is not on. */
function twoChannels(): object {
  const shipped = parse(readFileSync(consortiumFile, 'utf8')) as Definition;
  return {
    ...shipped,
    organizations: shipped.organizations.map((member) => (member.mspId === 'HospitalAMSP' ? { ...member, peers: 2 } : member)),
    channels: [{ name: 'claims', organizations: ['HospitalAMSP', 'HospitalBMSP'] }],
    chaincodes: [{ name: 'emr', version: '1.0', channels: ['emr', 'claims'] }],
  };
}

interface Deployed {
  readonly settings: { readonly version: string };
}

interface Chaincodes {
  readonly chaincodes: readonly { readonly name: string; readonly version: string; readonly sequence: number }[];
}

describeOnFabric('several channels, and several peers of one organisation', () => {
  const root = mkdtempSync(join(tmpdir(), 'lianyi-channels-'));
  const dir = join(root, 'network');
  const file = join(root, 'consortium.json');
  let network: FabricUp;

  const up = (): Promise<FabricUp> => FabricUp.start(dir, ['--chaincode', smokeChaincode], file);
  const cc = (...args: readonly string[]): ReturnType<typeof fabric> => fabric(['cc', ...args, '--dir', dir]);
  const versionsOn = (channel: string): readonly string[] => {
    const { chaincodes } = JSON.parse(cc('list', '--channel', channel, '--json').stdout) as Chaincodes;
    return chaincodes.map(({ name, version, sequence }) => `${name} ${version} ${String(sequence)}`);
  };
  const create = (name: string, ...options: readonly string[]): ReturnType<typeof fabric> =>
    fabric(['createChannel', name, '--dir', dir, '--json', ...options]);

  beforeAll(async () => {
    writeFileSync(file, JSON.stringify(twoChannels()));
    network = await up();
  });

  afterAll(async () => {
    await network.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(root, { recursive: true, force: true });
  });

  it('start with every peer, and the orderers of a channel that may read it', () => {
    expect(network.nodes().filter(({ kind }) => kind === 'peer')).toHaveLength(4);
    const status = JSON.parse(fabric(['status', '--dir', dir, '--channel', 'claims', '--json']).stdout) as {
      readonly nodes: readonly { readonly name: string; readonly kind: string; readonly height?: number }[];
    };
    const ordering = status.nodes.filter(({ kind, height }) => kind === 'orderer' && height !== undefined).map(({ name }) => name);
    expect(ordering).toEqual(['orderer0.hospital-a.example', 'orderer0.hospital-b.example', 'orderer0.health-authority.example']);
  });

  it('list both peers and both channels in the connection profiles', () => {
    const profile = JSON.parse(readFileSync(network.ready.profiles['HospitalAMSP'] ?? '', 'utf8')) as {
      readonly peers: object;
      readonly channels: Readonly<Record<string, { readonly peers: object }>>;
    };
    expect(Object.keys(profile.peers)).toContain('peer1.hospital-a.example');
    expect(Object.keys(profile.channels['claims']?.peers ?? {})).not.toContain('peer0.hospital-c.example');
  });

  it('keep what is written on one channel from the other, and from who is not on it', () => {
    expect(cc('invoke', 'emr', 'Put', 'k', 'ours', '--channel', 'claims', '--as', 'hospital-b').status).toBe(0);
    expect(cc('query', 'emr', 'Get', 'k', '--channel', 'claims').stdout).toContain('ours');
    const elsewhere = cc('query', 'emr', 'Get', 'k');
    expect(elsewhere.stderr).toContain('there is no k');
    const outsider = cc('query', 'emr', 'Get', 'k', '--channel', 'claims', '--as', 'hospital-c');
    expect([outsider.status, outsider.stderr]).toEqual([2, expect.stringContaining('there is no organisation hospital-c on claims')]);
    const unknown = cc('query', 'emr', 'Get', 'k', '--channel', 'nowhere');
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('there is no channel nowhere; there are emr, claims')]);
  });

  it('go on with the second peer when the first is down', async () => {
    const node = (action: string): void => {
      expect(fabric(['node', action, 'peer1.hospital-a.example', '--dir', dir]).status).toBe(0);
    };
    node('stop');
    expect(network.node('peer1.hospital-a.example').pid).toBeUndefined();
    expect(cc('invoke', 'emr', 'Put', 'one', 'peer').status).toBe(0);
    node('start');
    node('restart');
    await waitUntil('its second peer answers again', () => network.node('peer1.hospital-a.example').pid !== undefined);
  });

  it.each<readonly [string, () => void]>([
    ['is killed', () => process.kill(network.node('emr.hospital-a.example').pid ?? 0, 'SIGKILL')],
    ['is killed again', () => process.kill(network.node('emr.hospital-a.example').pid ?? 0, 'SIGKILL')],
    ['is restarted', () => fabric(['node', 'restart', 'emr.hospital-a.example', '--dir', dir])],
    [
      'is stopped and started',
      () => {
        for (const action of ['stop', 'start']) fabric(['node', action, 'emr.hospital-a.example', '--dir', dir]);
      },
    ],
  ])('reach the one chaincode service of their organisation again after it %s, each of them', async (_what, end) => {
    const before = network.node('emr.hospital-a.example').pid;
    end();
    await Promise.all(
      ['peer0.hospital-a.example', 'peer1.hospital-a.example'].map(async (peer) => {
        const who = { mspId: 'HospitalAMSP', user: 'User1', peerMspId: 'HospitalAMSP', peer };
        const party = Party.open(who, network.ready.profiles['HospitalAMSP'] ?? '', { channel: 'emr', chaincode: 'emr' });
        try {
          await waitUntil(
            `${peer} did not reach the service again`,
            () =>
              party.evaluate('Get', ['one']).then(
                (value) => value.includes('peer'),
                () => false,
              ),
            30_000,
          );
        } finally {
          party.close();
        }
      }),
    );
    const service = network.node('emr.hospital-a.example');
    expect(service).toMatchObject({ stopped: false });
    expect(service.pid).not.toBe(before);
    expect(service.restarts).toBeGreaterThan(0);
  });

  it('are made on a running network, once', () => {
    const made = create('trial', '--organizations', 'hospital-b,HospitalCMSP');
    expect(JSON.parse(made.stdout)).toMatchObject({
      channel: 'trial',
      organizations: ['HospitalBMSP', 'HospitalCMSP'],
      peers: ['peer0.hospital-b.example', 'peer0.hospital-c.example'],
      result: 'created',
    });
    expect(JSON.parse(create('trial').stdout)).toMatchObject({ result: 'unchanged' });
    expect(create('trial', '--organizations', 'hospital-b').stderr).toContain('a channel keeps those it was made with');
  });

  it.each([
    ['Trial', [], 2, 'cannot be the name of a channel'],
    ['other', ['--organizations', 'hospital-x'], 2, 'there is no organisation hospital-x'],
    ['other', ['--organizations', 'health-authority'], 2, 'at least one organisation with a peer'],
  ] as const)('are not made as %s %j', (name, options, status, words) => {
    const refused = create(name, ...options);
    expect([refused.status, refused.stderr]).toEqual([status, expect.stringContaining(words)]);
    expect(existsSync(join(dir, 'fabric', 'channels', name))).toBe(false);
  });

  it('are not made while one of their orderers is down, and nothing stays of them', () => {
    fabric(['node', 'stop', 'orderer0.hospital-b.example', '--dir', dir]);
    const refused = create('late');
    fabric(['node', 'start', 'orderer0.hospital-b.example', '--dir', dir]);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('orderer0.hospital-b.example does not run')]);
    expect(existsSync(join(dir, 'fabric', 'channels', 'late'))).toBe(false);
  });

  it('take a chaincode that runs elsewhere, and each its own version of it', async () => {
    const deploy = (...options: readonly string[]): ReturnType<typeof fabricAsync> =>
      fabricAsync(['deployCC', '--dir', dir, '--json', '--name', 'emr', ...options]);
    const there = await deploy('--channel', 'trial', '--chaincode', smokeChaincode);
    expect(JSON.parse(there.stdout)).toMatchObject({ channel: 'trial', version: '1.0', sequence: 1, result: 'committed' });
    const next = await deploy('--channel', 'claims', '--chaincode', nextChaincode, '--version', '2.0');
    expect(JSON.parse(next.stdout)).toMatchObject({ channel: 'claims', version: '2.0', sequence: 2, result: 'committed' });
    expect(['emr', 'claims', 'trial'].map(versionsOn)).toEqual([['emr 1.0 1'], ['emr 2.0 2'], ['emr 1.0 1']]);
    expect(cc('query', 'emr', 'Get', 'k', '--channel', 'claims').stdout).toContain('ours');
    const services = network.nodes().filter(({ name }) => name.startsWith('emr-2.0.'));
    expect(services.map(({ name }) => name)).toEqual(['emr-2.0.hospital-a.example', 'emr-2.0.hospital-b.example']);
  });

  it('give transient values from a file or standard input, never from the command line', () => {
    const value = join(root, 'value');
    writeFileSync(value, 'only the endorsers see it');
    const given = cc('invoke', 'emr', 'PutPrivate', 'p', '--transient', `value=@${value}`, '--endorser', 'HospitalAMSP');
    expect(given.stderr + String(given.status)).toBe('0');
    expect(cc('query', 'emr', 'GetPrivate', 'p').stdout).toContain('only the endorsers see it');
    const refused = cc('invoke', 'emr', 'PutPrivate', 'p', '--transient', 'value=hunter2');
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('KEY=@FILE')]);
    expect(refused.stderr).not.toContain('hunter2');
  });

  it('want the Init of a chaincode that requires one, once', async () => {
    await fabricAsync(['deployCC', '--dir', dir, '--name', 'gate', '--version', '1', '--init-required', '--chaincode', smokeChaincode]);
    const put = (...options: readonly string[]): ReturnType<typeof fabric> => cc('invoke', 'gate', 'Put', 'k', 'v', ...options);
    expect(put().stderr).toContain('has not been initialized for this version, must call as init first');
    expect(put('--init').status).toBe(0);
    expect(put().status).toBe(0);
    expect(put('--init').stderr).toContain('is already initialized but called as init');
  });

  it('are closed to a revoked user all together', () => {
    const revoke = (): unknown =>
      JSON.parse(fabric(['certs', 'revoke', '--organization', 'hospital-b', '--user', 'User1', '--dir', dir, '--json']).stdout);
    expect(revoke()).toMatchObject({ result: 'revoked', channels: ['emr', 'claims', 'trial'] });
    for (const channel of ['emr', 'claims', 'trial']) {
      const refused = cc('query', 'emr', 'Get', 'k', '--channel', channel, '--as', 'hospital-b');
      expect(refused.stderr).toContain(`access denied: channel [${channel}] creator org [HospitalBMSP]`);
    }
    expect(revoke()).toMatchObject({ result: 'unchanged' });
  });

  it('are undone when the network is killed while one is made, and continue as they were', async () => {
    const creating = fabricAsync(['createChannel', 'late', '--dir', dir]);
    await waitUntil('the first block is there', () => existsSync(join(dir, 'fabric', 'channels', 'late', 'genesis.block')));
    await network.end('SIGKILL');
    expect((await creating).status).toBe(1);
    network = await up();
    expect(existsSync(join(dir, 'fabric', 'channels', 'late'))).toBe(false);
    const versions = ['emr', 'claims', 'trial'].map((channel) => versionsOn(channel).filter((text) => text.startsWith('emr ')));
    expect(versions).toEqual([['emr 1.0 1'], ['emr 2.0 2'], ['emr 1.0 1']]);
    expect(cc('query', 'emr', 'Get', 'k', '--channel', 'claims').stdout).toContain('ours');
    expect(JSON.parse(create('late').stdout)).toMatchObject({ result: 'created' });
    expect(cc('invoke', 'emr', 'Put', 'k2', 'again', '--channel', 'trial', '--as', 'hospital-c').status).toBe(0);
  });

  it('run what was committed when the network was killed before that was recorded', async () => {
    await network.end();
    const record = join(dir, 'fabric', 'amendments.json');
    const amendments = JSON.parse(readFileSync(record, 'utf8')) as { readonly chaincodes: readonly Deployed[] };
    const isNext = ({ settings }: Deployed): boolean => settings.version === '2.0';
    const others = amendments.chaincodes.filter((entry) => !isNext(entry));
    writeFileSync(record, JSON.stringify({ ...amendments, chaincodes: others, incoming: amendments.chaincodes.find(isNext) }));
    network = await up();
    expect(cc('query', 'emr', 'Version', '--channel', 'claims').stdout).toContain('2.0');
    expect(JSON.parse(readFileSync(record, 'utf8'))).not.toHaveProperty('incoming');
  });

  it('are not lost by a file that names one no more', async () => {
    await network.end();
    writeFileSync(file, JSON.stringify({ ...twoChannels(), channels: [], chaincodes: [{ name: 'emr', version: '1.0' }] }));
    await expect(up()).rejects.toThrow(/the network was made with the channel claims/);
    writeFileSync(file, JSON.stringify(twoChannels()));
    network = await up();
  });
});
