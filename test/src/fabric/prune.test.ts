import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describeOnFabric, fabric, fabricAsync, FabricUp, smokeChaincode } from './fabric-command';

const nextChaincode = resolve(__dirname, '../../fixtures/chaincode-fabric-smoke-next');

interface Pruned {
  readonly dryRun: boolean;
  readonly bytes: number;
  readonly entries: readonly { readonly kind: string; readonly path: string; readonly bytes: number }[];
  readonly waiting: readonly { readonly path: string; readonly removableAt: string }[];
}

describeOnFabric('prune', () => {
  const root = mkdtempSync(join(tmpdir(), 'lianyi-prune-'));
  const dir = join(root, 'network');
  let network: FabricUp;

  const prune = (...options: readonly string[]): Pruned => {
    const { status, stdout, stderr } = fabric(['prune', '--yes', '--dir', dir, '--json', ...options]);
    expect([status, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Pruned;
  };
  const kinds = ({ entries }: Pruned): readonly string[] => [...new Set(entries.map(({ kind }) => kind))].sort();
  const query = (): string => fabric(['cc', 'query', 'emr', 'Get', 'k', '--dir', dir]).stdout;
  const installed = (): readonly string[] =>
    readdirSync(join(dir, 'fabric/nodes/peer0.hospital-a.example/data/lifecycle/chaincodes')).map((name) => name.split('.', 2).join('.'));

  beforeAll(async () => {
    network = await FabricUp.start(dir);
    fabric(['cc', 'invoke', 'emr', 'Put', 'k', 'kept', '--dir', dir]);
  });

  afterAll(async () => {
    await network.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(root, { recursive: true, force: true });
  });

  it('has nothing to remove of a new network', () => {
    expect(prune()).toEqual({ dryRun: false, entries: [], bytes: 0, waiting: [] });
    expect(fabric(['prune', '--dir', join(root, 'elsewhere')]).stderr).toContain('holds no network of real Fabric');
  });

  it('leaves alone what is in the making while the network runs, and what a running peer may want again', async () => {
    await fabricAsync(['deployCC', '--dir', dir, '--name', 'emr', '--version', '2.0', '--chaincode', nextChaincode]);
    await fabricAsync(['addOrg', '--dir', dir, '--msp-id', 'HospitalDMSP', '--name', 'hospital-d', '--domain', 'hospital-d.example']);
    await fabricAsync(['removeOrg', '--dir', dir, '--organization', 'HospitalDMSP']);
    const left = join(dir, 'organizations/peerOrganizations/hospital-d.example');
    expect(prune().waiting.find(({ path }) => path === left)?.removableAt).toMatch(/Z$/);
    expect(kinds(prune('--dry-run'))).not.toContain('installed');
    expect(existsSync(join(dir, 'organizations/peerOrganizations/hospital-d.example'))).toBe(true);
    expect(query()).toContain('kept');
  });

  it('removes services, packages and logs of what was superseded, all of who left, and what killed verbs left', async () => {
    await network.end();
    mkdirSync(join(dir, 'unfinished'));
    writeFileSync(join(dir, 'fabric', 'state.json.new'), '{');
    const listed = prune('--dry-run');
    expect(kinds(listed)).toEqual(['installed', 'left', 'leftover', 'log', 'package', 'service']);
    expect(listed.entries.every(({ path, bytes }) => existsSync(path) && bytes >= 0)).toBe(true);
    const ofLeft = listed.entries.filter(({ kind }) => kind === 'left').map(({ path }) => path.slice(dir.length + 1));
    expect(ofLeft).toEqual([
      'fabric/nodes/emr-2.0.hospital-d.example',
      'fabric/nodes/peer0.hospital-d.example',
      'organizations/peerOrganizations/hospital-d.example',
    ]);
    const removed = prune();
    expect(removed).toEqual({ ...listed, dryRun: false });
    expect(removed.entries.filter(({ path }) => existsSync(path))).toEqual([]);
    expect(installed()).toEqual(['emr_2.0']);
    expect(prune().entries).toEqual([]);
  });

  it('leaves a network that starts, answers, and takes an earlier version back', async () => {
    network = await FabricUp.start(dir);
    expect(query()).toContain('kept');
    const back = await fabricAsync([
      'deployCC',
      '--dir',
      dir,
      '--json',
      '--name',
      'emr',
      '--version',
      '1.0',
      '--chaincode',
      smokeChaincode,
    ]);
    expect(JSON.parse(back.stdout)).toMatchObject({ version: '1.0', sequence: 3, result: 'committed' });
    expect(query()).toContain('kept');
    expect(installed()).toEqual(['emr_1.0', 'emr_2.0']);
  });
});
