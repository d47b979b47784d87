import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Party } from '../conformance/party';
import { consortiumFile, describeOnFabric, fabric, fabricCommand, FabricUp, smokeChaincode } from './fabric-command';
import { SmallDisk } from './small-disk';

const folder = mkdtempSync(join(tmpdir(), 'lianyi-refusals-'));
const dir = join(folder, 'network');

function consortium(change: (text: string) => string): string {
  const file = join(folder, 'consortium.yaml');
  writeFileSync(file, change(readFileSync(consortiumFile, 'utf8')));
  return file;
}

/** Everything an operator sees of a refused start. */
function refused(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly status: number | null; readonly lines: readonly string[] } {
  const { status, stderr } = fabric(['up', '--dir', dir, '--chaincode', smokeChaincode, ...args], env);
  return {
    status,
    lines: stderr
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('lianyi-network:')),
  };
}

/** Programs of Fabric's names that do something else. */
function programs(line: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const program of ['peer', 'orderer', 'configtxgen']) {
    writeFileSync(join(bin, program), `#!/bin/sh\n${line}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  return bin;
}

const withDefault = ['--consortium', consortiumFile];

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describeOnFabric('a start that cannot work', () => {
  it('names the missing program and where Fabric says how to install it', () => {
    const { status, lines } = refused(withDefault, { FABRIC_BIN: folder, PATH: '/nonexistent' });
    expect(status).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`Fabric's program 'peer' is not in FABRIC_BIN (${folder}) or on PATH`);
    expect(lines[0]).toContain('https://hyperledger-fabric.readthedocs.io/');
    expect(existsSync(join(dir, 'organizations'))).toBe(false);
  });

  it('names the version that does not fit the consortium', () => {
    const { status, lines } = refused(['--consortium', consortium((text) => `${text}\nfabricLine: '2.5'\n`)], { FABRIC_LINE: '' });
    expect(status).toBe(1);
    expect(lines[0]).toMatch(/is Fabric 3\.1\.\d+, but the consortium's fabricLine is 2\.5/);
  });

  it('names the version of a program that is another line’s', () => {
    const { status, lines } = refused(withDefault, { FABRIC_BIN: programs("printf 'peer:\\n Version: v2.2.13\\n'"), FABRIC_LINE: '' });
    expect(status).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/is Fabric 2\.2\.13, but the consortium's fabricLine is 3\.1/);
    expect(existsSync(dir)).toBe(false);
  });

  it('tells a program of the same name from Fabric’s', () => {
    const { status, lines } = refused(withDefault, { FABRIC_BIN: programs('echo hello') });
    expect(status).toBe(1);
    expect(lines[0]).toMatch(/bin\/\w+ does not answer like Fabric's '\w+'/);
  });

  it('names the port another program uses and what of ours wants it', async () => {
    const server = createServer();
    const port = await new Promise<number>((done) => {
      server.listen({ host: '127.0.0.1', port: 0 }, () => {
        const address = server.address();
        done(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const { status, lines } = refused([
      '--consortium',
      consortium((text) => text.replace('ports: auto', `ports: { peer0.hospital-b.example: ${port} }`)),
    ]);
    await new Promise((done) => server.close(done));
    expect(status).toBe(1);
    expect(lines).toEqual([`lianyi-network: port ${port}, which peer0.hospital-b.example needs, is in use by another program`]);
    expect(existsSync(join(dir, 'organizations'))).toBe(false);
  });

  it('names the fault of a definition that is not YAML', () => {
    const { status, lines } = refused(['--consortium', consortium(() => 'name: [')]);
    expect(status).toBe(2);
    expect(lines[0]).toMatch(/consortium\.yaml cannot be read as YAML/);
  });

  it.each([
    ['a key nobody knows', (text: string) => `${text}\ntimeout: 3\n`, /Unrecognized key: "timeout"/],
    ['a role nobody knows', (text: string) => text.replace('[orderer, client]', '[orderer, boss]'), /organizations\.3\.roles/],
    [
      'a collection of an organisation that is none',
      (text: string) => text.replace('sequence: 1 }', 'sequence: 1, collections: [{ name: c, members: [ElsewhereMSP] }] }'),
      /ElsewhereMSP/,
    ],
    ['two organisations of one name', (text: string) => text.replace('HospitalBMSP', 'HospitalAMSP'), /HospitalAMSP/],
  ])('names %s in a definition', (_what, change, fault) => {
    const { status, stderr } = fabric(['up', '--dir', dir, '--chaincode', smokeChaincode, '--consortium', consortium(change)]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^lianyi-network: the consortium definition is not usable:/);
    expect(stderr).toMatch(fault);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(existsSync(dir)).toBe(false);
  });

  it('names the folder that is no chaincode', () => {
    const { status, stderr } = fabric(['up', '--dir', dir, ...withDefault, '--chaincode', folder]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/is not a chaincode directory: it has no package\.json/);
  });

  it('does not touch a folder that holds something else', () => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'diary.txt'), 'mine');
    const { status, lines } = refused(withDefault);
    expect(status).toBe(1);
    expect(lines[0]).toMatch(/holds something else than a network of real Fabric \(diary\.txt\)/);
    expect(readdirSync(dir)).toEqual(['diary.txt']);
    expect(fabric(['down', '--yes', '--dir', dir]).status).toBe(1);
    expect(readdirSync(dir)).toEqual(['diary.txt']);
  });

  it('does not touch a folder of the embedded network', () => {
    mkdirSync(join(dir, 'organizations'), { recursive: true });
    writeFileSync(join(dir, 'network.json'), 'the embedded network’s');
    const before = readdirSync(dir, { recursive: true });
    const { status, lines } = refused(withDefault);
    expect(status).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/holds something else than a network of real Fabric/);
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
  });

  it('says that it may not write into a read-only folder', () => {
    const disk = SmallDisk.mount(dir, 1_000, 'ro');
    if (disk === undefined) return;
    try {
      const { status, lines } = refused(withDefault);
      expect(status).toBe(1);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/the directory .* cannot be made/);
    } finally {
      disk.unmount();
    }
  });

  it.each([64, 400, 1_500])('says that the disk of %i kB is full, and leaves nothing of a first start but its logs', (kibibytes) => {
    const disk = SmallDisk.mount(join(folder, 'small'), kibibytes);
    if (disk === undefined) return;
    const small = join(disk.folder, 'network');
    try {
      const { status, stderr } = fabric(['up', '--dir', small, '--chaincode', smokeChaincode, ...withDefault]);
      const lines = stderr.split('\n').filter((line) => line.startsWith('lianyi-network:'));
      expect(status).toBe(1);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/no space left on device/);
      const left = existsSync(small) ? readdirSync(small, { recursive: true, encoding: 'utf8' }) : [];
      expect(left.filter((name) => !/^fabric(\/logs.*)?$/.test(name))).toEqual([]);
      expect(spawnSync('pgrep', ['-f', small], { encoding: 'utf8' }).stdout).toBe('');
    } finally {
      disk.unmount();
    }
  });

  it('says the same of a limit on the size of files, which needs no disk', () => {
    // EFBIG: what a quota looks like; the shell's ulimit counts blocks of 512 or 1024 bytes
    const args = [process.execPath, fabricCommand, 'fabric', 'up', '--dir', dir, '--chaincode', smokeChaincode, ...withDefault];
    const { status, stderr } = spawnSync('sh', ['-c', 'ulimit -f 2 && exec "$0" "$@"', ...args], { encoding: 'utf8', timeout: 60_000 });
    expect(status).toBe(1);
    const lines = stderr.split('\n').filter((line) => line.startsWith('lianyi-network:'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/EFBIG: file too large/);
    expect(existsSync(join(dir, 'organizations'))).toBe(false);
  });

  it('lets one of two starts on one folder go on, and tells the other', async () => {
    const starts = await Promise.allSettled([FabricUp.start(dir), FabricUp.start(dir)]);
    const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const told = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
    for (const network of running) await network.end();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/ended with 1:\n.*already runs \(process \d+\)/s);
    const again = await FabricUp.start(dir);
    await again.end();
    expect(fabric(['down', '--yes', '--dir', dir]).status).toBe(0);
  });

  it.each([
    ["OR('HospitalAMSP.member', 'HospitalBMSP.peer')", /must name \.peer, never \.member/],
    ["OutOf(0, 'HospitalAMSP.peer')", /needs no endorsement at all/],
    ["AND('HospitalAMSP.peer', 'ElsewhereMSP.peer')", /no set of the consortium's peers can fulfil/],
    ["OR('HospitalAMSP.boss')", /is not understood/],
  ])('refuses the endorsement policy %s', (policy, reason) => {
    const file = consortium((text) => text.replace('sequence: 1 }', `sequence: 1, endorsementPolicy: "${policy}" }`));
    const { status, stderr } = fabric(['up', '--dir', dir, '--chaincode', smokeChaincode, '--consortium', file]);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(reason);
    expect(existsSync(dir)).toBe(false);
  });

  it('refuses a chain with a key that anybody may write, unless told to put it right', async () => {
    const network = await FabricUp.start(dir);
    const hospital = Party.open(
      { mspId: 'HospitalAMSP', user: 'User1', peerMspId: 'HospitalAMSP' },
      network.ready.profiles['HospitalAMSP'] ?? '',
      { channel: 'emr', chaincode: 'emr' },
    );
    await hospital.submit('Put', ['consent', 'x']);
    await hospital.submit('Unprotect', ['consent']);
    hospital.close();
    await network.end();
    const { status, lines } = refused(withDefault);
    expect(status).toBe(1);
    expect(lines[0]).toMatch(/the policy of key "emr\/consent", set in block \d+, needs no endorsement: anybody could write it/);
    const tolerant = await FabricUp.start(dir, ['--chaincode', smokeChaincode, '--despite-unsafe-keys']);
    await tolerant.end();
    expect(fabric(['down', '--yes', '--dir', dir]).status).toBe(0);
  });

  it('refuses a weaker definition that others committed meanwhile, and a change without a new sequence', async () => {
    const strong = consortium((text) => text);
    const network = await FabricUp.start(dir, ['--chaincode', smokeChaincode], strong);
    await network.end();
    const changed = refused([
      '--consortium',
      consortium((text) =>
        text.replace('sequence: 1 }', `sequence: 1, endorsementPolicy: "AND('HospitalAMSP.peer', 'HospitalBMSP.peer')" }`),
      ),
    ]);
    expect(changed.lines[0]).toMatch(/differs from the committed one; raise its sequence to 2/);
    // a majority lowers its guard: any one hospital may write alone
    const weak = consortium((text) =>
      text.replace(
        'sequence: 1 }',
        `sequence: 2, endorsementPolicy: "OR('HospitalAMSP.peer', 'HospitalBMSP.peer', 'HospitalCMSP.peer')" }`,
      ),
    );
    const lowered = await FabricUp.start(dir, ['--chaincode', smokeChaincode], weak);
    await lowered.end();
    const { status, lines } = refused(['--consortium', consortium((text) => text.replace('sequence: 1 }', 'sequence: 2 }'))]);
    expect(status).toBe(1);
    expect(lines[0]).toMatch(
      /the committed definition of emr \(sequence 2\): it needs 1 endorsing organisation, the consortium file asks for 2/,
    );
    expect(fabric(['down', '--yes', '--dir', dir]).status).toBe(0);
  });
});
