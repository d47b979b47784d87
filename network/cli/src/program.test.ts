import { createServer } from 'node:net';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StateDir } from '@lianyi/embedded-network/testing';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { runNetworkCli } from './program';

const chaincode = resolve(__dirname, '../../../test/fixtures/chaincode-basic');

interface Run {
  readonly exitCode: number;
  readonly out: string[];
  readonly err: string[];
}

async function run(...args: string[]): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []];
  const exitCode = await runNetworkCli(['node', 'lianyi-network', ...args], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  return { exitCode, out, err };
}

const member = { mspId: 'AMSP', name: 'a', domain: 'a.example', roles: ['peer', 'orderer'] };
const definition = { name: 'one', channel: { name: 'emr' }, organizations: [member], chaincodes: [{ name: 'basic', version: '1.0' }] };

describe('lianyi-network', () => {
  const scratch = temporaryDir();
  const file = join(scratch.dir, 'consortium.yaml');
  const stateDir = join(scratch.dir, 'state');
  beforeAll(() => {
    writeFileSync(file, JSON.stringify(definition)); // JSON is YAML
  });
  afterAll(() => {
    scratch.remove();
  });
  const up = (...args: string[]): Promise<Run> => run('embedded', 'up', '--dir', stateDir, ...args);

  it('explains every option of "embedded up" and its exit codes', async () => {
    const { exitCode, out } = await run('embedded', 'up', '--help');
    const help = out.join('\n');
    expect(exitCode).toBe(0);
    for (const word of ['--consortium', '--chaincode', '--dir', '--json', '--exit-with-parent', 'start:server', 'Exit codes'])
      expect(help).toContain(word);
  });

  it.each([
    ['an unknown option', ['--bogus'], "unknown option '--bogus'"],
    ['a definition that is not there', ['--consortium', '/nowhere.yaml'], 'there is no file /nowhere.yaml; name the consortium'],
    [
      'a chaincode directory that is not there',
      ['--consortium', 'FILE', '--chaincode', '/nowhere'],
      'there is no chaincode directory /nowhere',
    ],
    [
      'a directory without chaincode',
      ['--consortium', 'FILE', '--chaincode', 'EMPTY'],
      'is not a chaincode directory: it has no package.json',
    ],
    [
      'a chaincode the consortium does not define',
      ['--consortium', 'FILE', '--chaincode', 'other=CODE'],
      'the consortium definition has no chaincode named other',
    ],
  ])('exits with 2 and a sentence for %s', async (_what, args, sentence) => {
    const empty = join(scratch.dir, 'empty');
    mkdirSync(empty, { recursive: true });
    const filled = args.map((arg) => arg.replace('FILE', file).replace('EMPTY', empty).replace('CODE', chaincode));
    const { exitCode, err, out } = await up(...filled);
    expect(exitCode).toBe(2);
    expect(err.join('\n')).toContain(sentence);
    expect(err.join('\n')).not.toMatch(/^\s+at /m);
    expect(out).toEqual([]);
  });

  it('names the fault of a broken definition by its path', async () => {
    const broken = join(scratch.dir, 'broken.yaml');
    writeFileSync(broken, JSON.stringify({ ...definition, organizations: [{ ...member, roles: ['king'] }] }));
    const { exitCode, err } = await up('--consortium', broken);
    expect([exitCode, err.join('\n')]).toEqual([2, expect.stringContaining('organizations.0.roles')]);
  });

  it('does not start in production', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      const { exitCode, err, out } = await up('--consortium', file, '--json');
      expect([exitCode, err.at(-1)]).toEqual([1, expect.stringContaining('protects nobody: it does not start with NODE_ENV=production')]);
      expect(JSON.parse(out[0] ?? '')).toMatchObject({ event: 'error', code: 'POLICY_REFUSED' });
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });

  it('says which port of which node is taken', async () => {
    const server = createServer();
    const port = await new Promise<number>((done) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        done(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const clash = join(scratch.dir, 'clash.yaml');
    writeFileSync(clash, JSON.stringify({ ...definition, chaincodes: [], ports: { 'peer0.a.example': port } }));
    const { exitCode, err } = await up('--consortium', clash);
    server.close();
    expect([exitCode, err.at(-1)]).toEqual([1, `lianyi-network: port ${port} of peer0.a.example is taken by another process`]);
  });

  it('does not share its directory with a running network, nor use that of another one', () => {
    const dir = join(scratch.dir, 'shared');
    const consortium = { channel: { name: 'emr' }, organizations: [{ mspId: 'AMSP' }] } as Parameters<typeof StateDir.open>[1]; // what it looks at
    const first = StateDir.open(dir, consortium);
    expect(() => StateDir.open(dir, consortium)).toThrow(`another network is running on ${dir}`);
    first.release();
    const other = { ...consortium, organizations: [{ ...consortium.organizations[0], mspId: 'BMSP' }] } as typeof consortium;
    expect(() => StateDir.open(dir, other)).toThrow('holds a network with channel emr and organisations AMSP');
    StateDir.open(dir, consortium).release();
  });

  it('keeps the port of each node for later starts, whatever else is started in between, unless the file fixes another', () => {
    const dir = join(scratch.dir, 'ports');
    const [auto, fixed] = [{ ports: 'auto' as const }, { ports: { 'peer0.a.example': 7051 } }];
    const consortium = { channel: { name: 'emr' }, organizations: [{ mspId: 'AMSP' }] } as Parameters<typeof StateDir.open>[1]; // what it looks at
    const first = StateDir.open(dir, consortium);
    expect(first.portOf('peer0.a.example', auto)).toBe(0);
    first.keepPort('peer0.a.example', 17_234);
    first.keepPort('orderer0.a.example', 17_235);
    first.release();
    const second = StateDir.open(dir, consortium);
    expect(['peer0.a.example', 'orderer0.a.example', 'peer1.a.example'].map((name) => second.portOf(name, auto))).toEqual([
      17_234, 17_235, 0,
    ]);
    expect(['peer0.a.example', 'orderer0.a.example'].map((name) => second.portOf(name, fixed))).toEqual([7051, 17_235]);
    second.release();
  });

  it('continues a network of which no port was kept yet', () => {
    const dir = join(scratch.dir, 'former');
    const consortium = { channel: { name: 'emr' }, organizations: [{ mspId: 'AMSP' }] } as Parameters<typeof StateDir.open>[1]; // what it looks at
    mkdirSync(dir);
    writeFileSync(join(dir, 'network.json'), JSON.stringify({ kind: 'lianyi-embedded-network', channel: 'emr', organizations: ['AMSP'] }));
    const opened = StateDir.open(dir, consortium);
    expect(opened.portOf('peer0.a.example', { ports: 'auto' })).toBe(0);
    opened.release();
  });

  it('does not touch the directory of a network of real Fabric', async () => {
    const dir = join(scratch.dir, 'real');
    mkdirSync(join(dir, 'fabric'), { recursive: true });
    mkdirSync(join(dir, 'organizations'));
    const { exitCode, err } = await run('embedded', 'up', '--dir', dir, '--consortium', file, '--chaincode', chaincode);
    expect([exitCode, err.at(-1)]).toEqual([1, `lianyi-network: ${dir} holds a network of real Fabric; use another --dir`]);
    expect(readdirSync(dir, { recursive: true })).toEqual(['fabric', 'organizations']);
  });

  it.each(['embedded', 'fabric'])('removes a network that is gone once more, but nothing that is no network: %s', async (kind) => {
    const dir = join(scratch.dir, 'never-made');
    expect(await run(kind, 'down', '--dir', dir)).toEqual({ exitCode: 0, out: [`the network in ${dir} is gone`], err: [] });
    const other = join(scratch.dir, `other-${kind}`);
    mkdirSync(join(other, 'organizations'), { recursive: true });
    expect(await run(kind, 'down', '--dir', other)).toMatchObject({ exitCode: 1, out: [] });
    expect(existsSync(join(other, 'organizations'))).toBe(true);
  });

  describe('asks before what cannot be had again is removed', () => {
    const dir = join(scratch.dir, 'asked');
    const consortium = { channel: { name: 'emr' }, organizations: [{ mspId: 'AMSP' }] } as Parameters<typeof StateDir.open>[1]; // what it looks at
    const key = join(dir, 'organizations/peerOrganizations/a.example/ca/priv_sk');
    const down = async (answer: string | undefined, ...args: string[]): Promise<Run> => {
      const [out, err]: [string[], string[]] = [[], []];
      const ask = answer === undefined ? {} : { ask: () => Promise.resolve(answer) };
      const output = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), ...ask };
      const exitCode = await runNetworkCli(['node', 'lianyi-network', 'embedded', 'down', '--dir', dir, ...args], output, {});
      return { exitCode, out, err };
    };
    beforeEach(() => {
      StateDir.open(dir, consortium).release();
      mkdirSync(join(key, '..'), { recursive: true });
      writeFileSync(join(key, '../../msp-id'), 'AMSP\n');
      writeFileSync(key, 'key');
    });

    it('of a script, which must say --yes', async () => {
      const { exitCode, err, out } = await down(undefined);
      expect([exitCode, out]).toEqual([2, []]);
      expect(err.join()).toMatch(
        /nothing was removed\..*the ledgers of emr; the certificates and keys, those of the CAs too, of AMSP\. Say --yes/,
      );
      expect((await down(undefined, '--lang', 'zh')).err.join()).toMatch(/没有删除任何内容。将彻底删除 .*emr 的账本；AMSP 的证书和密钥/);
      expect(existsSync(key)).toBe(true);
      expect((await down(undefined, '--yes')).exitCode).toBe(0);
      expect(existsSync(dir)).toBe(false);
    });

    it.each(['', 'y', 'no', 'Yes', 'yes please'])('of a person, who says %j', async (answer) => {
      expect((await down(answer)).exitCode).toBe(2);
      expect(existsSync(key)).toBe(true);
    });

    it('of a person, who agrees', async () => {
      expect((await down('yes')).exitCode).toBe(0);
      expect(existsSync(dir)).toBe(false);
    });
  });

  it("keeps a peer's snapshots, and what is beside them, when a network of real Fabric is removed", async () => {
    const dir = join(scratch.dir, 'snapshots');
    const state = { format: 1, stage: 'ready', fabricLine: '3.1', fabricVersion: '3.1.5', channel: 'emr', ports: {} };
    const snapshot = join(dir, 'fabric/snapshots/peer0.a.example/12');
    const aside = join(dir, 'fabric/nodes/peer0.a.example/data.before-2026');
    for (const folder of [snapshot, aside, join(dir, 'organizations/peerOrganizations/a.example')]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(dir, 'fabric/state.json'), JSON.stringify(state));
    const refused = await run('fabric', 'down', '--dir', dir);
    expect(refused.exitCode).toBe(2);
    expect(refused.err.join()).toContain(
      `what restore put aside, which may hold the only private values (${aside}); its snapshots stay: ${snapshot}`,
    );
    expect((await run('fabric', 'down', '--dir', dir, '--yes')).out).toEqual([
      `the network in ${dir} is gone; its snapshots stay: ${snapshot}`,
    ]);
    expect([snapshot, aside].map((path) => existsSync(path))).toEqual([true, false]);
    expect((await run('fabric', 'down', '--dir', dir)).exitCode).toBe(0);
    expect(existsSync(snapshot)).toBe(true);
  });

  it('takes over a directory whose network was killed', () => {
    const dir = join(scratch.dir, 'killed');
    const consortium = { channel: { name: 'emr' }, organizations: [] } as unknown as Parameters<typeof StateDir.open>[1]; // what it looks at
    StateDir.open(dir, consortium).release();
    const lock = join(dir, 'network.lock');
    const killed = JSON.stringify({ pid: process.pid, mark: 'an earlier process of that number' });
    writeFileSync(lock, killed);
    const taken = StateDir.open(dir, consortium);
    expect(readFileSync(lock, 'utf8')).not.toBe(killed);
    expect(() => StateDir.open(dir, consortium)).toThrow(`another network is running on ${dir}`);
    taken.release();
    expect(existsSync(lock)).toBe(false);
  });
});
