import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addStaff } from '@lianyi/workbench';
import { scratchDirectory } from '../support/scratch-directory';
import { repositoryRoot, Scenario } from './scenario';

jest.setTimeout(180_000);

const packed = ['domain', 'application/documents', 'application/client'];
const passphrase = 'four words of hers';

/** What `npm install` of the tarballs makes, without a registry: what they depend on is linked. */
function install(project: string): void {
  const workspaces = packed.flatMap((folder) => ['-w', folder]);
  const { status, stdout, stderr } = spawnSync('npm', ['pack', ...workspaces, '--pack-destination', project, '--json'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const modules = join(project, 'node_modules');
  // npm's own form
  for (const { name, filename } of Object.values(JSON.parse(stdout) as Record<string, { name: string; filename: string }>)) {
    const folder = join(modules, name);
    mkdirSync(folder, { recursive: true });
    const tar = spawnSync('tar', ['-xzf', join(project, filename), '-C', folder, '--strip-components=1'], { encoding: 'utf8' });
    if (tar.status !== 0) throw new Error(tar.stderr);
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    for (const outside of Object.keys(dependencies).filter((each) => !each.startsWith('@lianyi/'))) link(modules, outside);
  }
}

function link(modules: string, name: string): void {
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  if (!existsSync(join(modules, name))) symlinkSync(join(repositoryRoot, 'node_modules', name), join(modules, name));
}

/** The Node.js programs of this machine that load the packages: the newest of each version that is found. */
function runtimes(): readonly (readonly [version: string, program: string])[] {
  const found = [process.execPath, '/usr/bin/node', '/usr/local/bin/node'].filter((program) => existsSync(program));
  const versions = found.map((program) => [spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim(), program] as const);
  return [...new Map(versions.filter(([version]) => /^v2[0-4]\./.test(version)))];
}

/** Whether a wallet in a file can be locked: by the SQLite of Node.js. */
const hasSqlite = (version: string): boolean => !/^v(20|21|22\.([0-9]|1[0-2]))\./.test(version);

const withSqlite = runtimes().filter(([version]) => hasSqlite(version));
/** Those without it, and this one as if it were one of them. */
const withoutSqlite: readonly (readonly [version: string, ...run: string[]])[] = [
  ...runtimes().filter(([version]) => !hasSqlite(version)),
  [`${process.version} without it`, process.execPath, '--no-experimental-sqlite'],
];

describe('the packed client', () => {
  const project = scratchDirectory();
  const example = readFileSync(join(repositoryRoot, 'application/examples/share.mjs'), 'utf8');
  let scenario: Scenario | undefined;
  const started = (): Scenario => {
    if (scenario === undefined) throw new Error('the consortium did not start');
    return scenario;
  };

  beforeAll(async () => {
    install(project);
    writeFileSync(join(project, 'share.mjs'), example);
    scenario = await Scenario.start('packages');
    const { a, b } = scenario;
    const { context } = scenario.consortium;
    await addStaff(context, b, b.administrator, { profile: 'hr-b', roles: 'hrAdmin' });
    await addStaff(context, a, a.administrator, { profile: 'registrar-a', roles: 'registrar' });
    await addStaff(context, a, a.administrator, { profile: 'records-a', roles: 'recordAdmin' });
    await addStaff(context, b, 'hr-b', {
      profile: 'cardiologist-b',
      roles: 'clinician',
      department: 'cardiology',
      confirmedBy: b.administrator,
    });
  });
  afterAll(() => scenario?.stop());

  /** The profiles with a patient's own, whose wallet is not there yet. */
  function profilesWithPatient(name: string): string {
    const profiles = join(started().consortium.data.root, 'profiles');
    const staff = JSON.parse(readFileSync(join(profiles, 'registrar-a.json'), 'utf8')) as Record<string, string>; // as saveProfile wrote it
    const place = Object.fromEntries(Object.entries(staff).filter(([key]) => !['keyFile', 'actorTag', 'department'].includes(key)));
    writeFileSync(
      join(profiles, 'patient.json'),
      JSON.stringify({ ...place, name: 'patient', kind: 'patient', walletFile: `../wallets/${name}.wallet` }),
      { mode: 0o600 },
    );
    return profiles;
  }

  async function run(...[program = '', ...args]: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(program, args, { cwd: project, env: { PATH: process.env['PATH'] ?? '', PASSPHRASE: passphrase } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, stdout, stderr };
  }

  it('has an example of 40 lines at most', () => {
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(40);
  });

  it.each(withSqlite)('on Node %s registers, publishes, is permitted, reads at B, and hears of it at A', async (version, program) => {
    const document = join(repositoryRoot, 'application/examples/laboratory-report-zh.json');
    const size = readFileSync(document).length;
    const [care, reading] = [
      ['PatientRegistered', 'RelationshipProposed', 'RelationshipAccepted'],
      ['AccessPermitted', 'KeyReleased'],
    ];
    const told = [...care, 'RecordAnchored', 'PolicyGranted', ...reading];
    expect(await run(program, 'share.mjs', profilesWithPatient(version), document)).toEqual({
      code: 0,
      stdout: `${size} the same bytes ${told.join(' ')}\n`,
      stderr: '',
    });
  });

  it.each([...withSqlite, ...withoutSqlite])(
    'on Node %s is loaded by require, entry by entry, and says no word',
    async (_version, ...program) => {
      for (const entry of [
        '@lianyi/domain',
        '@lianyi/domain/errors',
        '@lianyi/domain/deciding',
        '@lianyi/documents',
        '@lianyi/client',
        '@lianyi/client/node',
      ])
        expect(await run(...program, '-e', `require('${entry}')`)).toEqual({ code: 0, stdout: '', stderr: '' });
    },
  );

  it.each(withoutSqlite)(
    'on Node %s, which has no SQLite, acts for staff and refuses a wallet, of which it writes nothing',
    async (_version, ...program) => {
      const profiles = join(started().consortium.data.root, 'profiles');
      const wallet = join(project, 'refused.wallet');
      const act = `
      const { createWallet, loadProfile, openStaff } = require('@lianyi/client/node');
      const { newRequest, transactions } = require('@lianyi/domain');
      (async () => {
        const { profile } = loadProfile('${profiles}/cardiologist-b.json');
        const { ledger, close } = await openStaff(profile);
        const { mspId, actorTag } = profile;
        const { state } = await ledger.evaluate(newRequest(transactions.GetStaff, { mspId, actorTag }));
        const { code, details } = await createWallet('${wallet}', process.env.PASSPHRASE).catch((error) => error);
        console.log(state, code, details.needs);
        close();
      })();`;
      expect(await run(...program, '-e', act)).toEqual({
        code: 0,
        stdout: 'active RUNTIME_TOO_OLD 22.13\n',
        stderr: '',
      });
      expect(readdirSync(project).filter((name) => name.startsWith('refused'))).toEqual([]);
    },
  );

  it('holds what runs and its types, and no source, test or key', async () => {
    const { stdout } = await run('tar', '-tzf', join(project, 'lianyi-client-0.1.0.tgz'));
    const files = stdout.trim().split('\n');
    expect(files).toEqual(
      expect.arrayContaining(['package/README.md', 'package/package.json', 'package/dist/index.js', 'package/dist/node/index.js']),
    );
    expect(
      files.filter(
        (file) => !/^package\/(package\.json|README\.md|LICENSE|dist\/.*\.(js|d\.ts))$/.test(file) || /\.(test|fixture)\./.test(file),
      ),
    ).toEqual([]);
  });
});
