import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consortiumFile, fabric, fabricCommand, folderOf, isRunning, smokeChaincode } from './fabric-command';
import { describeOnFabricCa } from './on-fabric-ca';
import { waitUntil } from '../wait-until';

describeOnFabricCa('a first start with certificates by fabric-ca', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-ca-start-'));
  const up = (dir: string): string[] => [
    ...['up', '--consortium', consortiumFile, '--chaincode', smokeChaincode, '--dir', dir],
    ...['--certificates', 'fabric-ca', '--json', '--exit-with-parent'],
  ];

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Fabric's programs without its CA server; where they lie in one folder of PATH, that is left out. */
  function withoutServer(): Record<string, string> {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const program of ['peer', 'orderer', 'configtxgen']) symlinkSync(join(folderOf(program) ?? '', program), join(bin, program));
    const path = (process.env['PATH'] ?? '').split(':').filter((entry) => !existsSync(join(entry, 'fabric-ca-server')));
    return { FABRIC_BIN: bin, PATH: path.join(':') };
  }

  it('says which program is missing, where its own people say how it is installed, and leaves nothing', () => {
    const env = withoutServer();
    const dir = join(folder, 'missing');
    const { status, stdout } = fabric(up(dir), env);
    expect(status).toBe(1);
    const { code, message } = JSON.parse(stdout) as { code: string; message: string };
    expect(code).toBe('FABRIC_MISSING');
    expect(message).toMatch(
      /'fabric-ca-server' is not in FABRIC_BIN .* install Fabric CA 1\.5: https:\/\/hyperledger-fabric-ca\.readthedocs\.io\//,
    );
    expect(existsSync(dir)).toBe(false);
    const doctor = fabric(['doctor', '--dir', dir, '--certificates', 'fabric-ca', '--json'], env);
    expect(doctor.status).toBe(1);
    const { findings } = JSON.parse(doctor.stdout.split('\n')[0] ?? '') as { findings: { subject: string; verdict: string }[] };
    expect(findings).toContainEqual(expect.objectContaining({ subject: 'fabric-ca-server', verdict: 'bad' }));
    const inProcess = fabric(['doctor', '--dir', dir, '--consortium', consortiumFile, '--json'], env);
    expect(inProcess.stdout).not.toMatch(/fabric-ca-server/);
  });

  it('whose CA is killed half-way ends with one sentence and leaves nothing half-made', async () => {
    const dir = join(folder, 'killed');
    const child = spawn(process.execPath, [fabricCommand, 'fabric', ...up(dir)], { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    const ended = new Promise<number | null>((done) => child.once('exit', done));
    const run = join(dir, 'fabric/run');
    const pidFile = join(run, 'ca.hospital-b.example.json');
    const made = join(dir, 'unfinished/organizations/peerOrganizations/hospital-b.example/users');
    await waitUntil('B has its first certificates', () => existsSync(made) && existsSync(pidFile));
    const pids = readdirSync(run)
      .filter((name) => name.endsWith('.json') && name !== 'supervisor.json')
      .map((name) => (JSON.parse(readFileSync(join(run, name), 'utf8')) as { pid: number }).pid);
    process.kill((JSON.parse(readFileSync(pidFile, 'utf8')) as { pid: number }).pid, 'SIGKILL');
    await expect(ended).resolves.toBe(1);
    expect(output).toMatch(/ca\.hospital-b\.example does not answer on port \d+/);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(readdirSync(dir)).toEqual(['fabric']);
    expect(readdirSync(join(dir, 'fabric'))).toEqual(['logs']);
    fabric(['down', '--yes', '--dir', dir]);
  });
});
