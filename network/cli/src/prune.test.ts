import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fabricFolders, findPrunable, lookAtUse, releaseNetwork, tryTakeNetwork } from '@lianyi/fabric-processes';
import { markOfProcess } from '@lianyi/network-model';
import { runNetworkCli } from './program';

const HASH = 'a'.repeat(64);
const OTHER_HASH = 'b'.repeat(64);

/** A stopped network on disk: one peer and its service of emr 2, what is left of emr 1, an organisation that left. */
function makeNetwork(dir: string): void {
  const write = (path: string, content: unknown = ''): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const ports = { 'peer0.a.example': 1, 'operations.peer0.a.example': 2, 'emr-2.a.example': 3, 'peer0.b.d.example': 4 };
  const state = { format: 1, stage: 'ready', fabricLine: '3.1', fabricVersion: '3.1.5', certificates: 'in-process', channel: 'emr', ports };
  write('fabric/state.json', state);
  write('fabric/amendments.json', { format: 1, joined: [], left: ['DMSP'], chaincodes: [] });
  const peer = 'fabric/nodes/peer0.a.example';
  write(`${peer}/chaincode-connections.json`, { emr_2: {} });
  write(`${peer}/data/ledgersData/chains`, 'ledger');
  for (const [label, hash] of [
    ['emr_1', HASH],
    ['emr_2', HASH],
    ['emr_2', OTHER_HASH],
  ] as const) {
    write(`${peer}/data/lifecycle/chaincodes/${label}.${hash}.tar.gz`, 'package');
    write(`${peer}/data/externalbuilder/builds/${label}-${hash}/bld/metadata.json`, '{}');
  }
  for (const name of ['emr-2.a.example', 'emr.a.example']) write(`fabric/nodes/${name}/server.crt`, 'certificate');
  write('fabric/nodes/peer0.d.example/data/ledgersData/chains', 'ledger');
  write('fabric/nodes/peer0.b.d.example/data/ledgersData/chains', 'ledger');
  write('fabric/nodes/peer0.unknown.example/data/ledgersData/chains', 'ledger');
  for (const [domain, mspid] of [
    ['a.example', 'AMSP'],
    ['d.example', 'DMSP'],
    ['b.d.example', 'BMSP'],
  ] as const) {
    const profile = { client: { organization: 'x' }, organizations: { x: { mspid } } };
    write(`organizations/peerOrganizations/${domain}/connection-x.json`, profile);
    write(`organizations/peerOrganizations/${domain}/ca/priv_sk`, 'key');
  }
  for (const name of ['peer0.a.example.log', 'peer0.a.example.log.1', 'emr.a.example.log', 'peer0.d.example.log'])
    write(`fabric/logs/${name}`);
  for (const name of ['emr_1.tgz', 'emr_2.tgz']) write(`fabric/packages/${name}`, 'package');
  write('unfinished/half');
  write('fabric/state.json.new', '{');
}

describe('prune', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-prune-'));
  const folders = fabricFolders(dir);

  beforeAll(() => {
    makeNetwork(dir);
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('finds what nobody needs, and nothing of a ledger or key in use or of somebody unknown', () => {
    const found = findPrunable(folders, lookAtUse(folders)).map(({ kind, path }) => `${kind} ${path.slice(dir.length + 1)}`);
    const data = 'fabric/nodes/peer0.a.example/data';
    expect([...found].sort()).toEqual([
      `installed ${data}/externalbuilder/builds/emr_1-${HASH}`,
      `installed ${data}/externalbuilder/builds/emr_2-${HASH}`,
      `installed ${data}/externalbuilder/builds/emr_2-${OTHER_HASH}`,
      `installed ${data}/lifecycle/chaincodes/emr_1.${HASH}.tar.gz`,
      `installed ${data}/lifecycle/chaincodes/emr_2.${HASH}.tar.gz`,
      `installed ${data}/lifecycle/chaincodes/emr_2.${OTHER_HASH}.tar.gz`,
      'left fabric/nodes/peer0.d.example',
      'left organizations/peerOrganizations/d.example',
      'leftover fabric/state.json.new',
      'leftover unfinished',
      'log fabric/logs/emr.a.example.log',
      'log fabric/logs/peer0.a.example.log.1',
      'log fabric/logs/peer0.d.example.log',
      'package fabric/packages/emr_1.tgz',
      'service fabric/nodes/emr.a.example',
    ]);
  });

  it('keeps every package of a label whose own is not known, and all that a running peer has', () => {
    const inUse = lookAtUse(folders);
    const paths = (use: typeof inUse): string => JSON.stringify(findPrunable(folders, use));
    const unknown = paths({ ...inUse, packageIds: new Map() });
    expect(unknown).not.toContain('emr_2');
    expect(unknown).toContain(`emr_1-${HASH}`);
    expect(paths({ ...inUse, running: new Set(['peer0.a.example']) })).not.toContain('externalbuilder');
  });

  it('leaves alone what is young while the network runs', () => {
    const inUse = { ...lookAtUse(folders), isRunning: true };
    const at = Date.now();
    const found = findPrunable(folders, inUse, at);
    expect(found.map(({ path }) => path)).toEqual(findPrunable(folders, lookAtUse(folders)).map(({ path }) => path));
    expect(found.every(({ notBefore = 0 }) => notBefore > at && notBefore <= Date.now() + 60_000)).toBe(true);
    const paths = (): readonly string[] =>
      findPrunable(folders, inUse).flatMap(({ path, notBefore }) => (notBefore === undefined ? [path] : []));
    const service = join(folders.nodes, 'emr.a.example');
    utimesSync(service, 0, 0);
    expect(paths()).toEqual([service]);
  });

  it('keeps a stopped network from being started meanwhile, and lets go of it', async () => {
    const stopped = join(dir, 'pruned');
    makeNetwork(stopped);
    const held = fabricFolders(stopped);
    const run = async (): Promise<void> => {
      const argv = ['node', 'lianyi-network', 'fabric', 'prune', '--yes', '--dir', stopped];
      const isTaken: boolean[] = [];
      const out = (): number => isTaken.push(tryTakeNetwork(held));
      expect(await runNetworkCli(argv, { out, err: () => undefined })).toBe(0);
      expect(isTaken).toContain(false);
      expect(isTaken).not.toContain(true);
    };
    await run();
    expect(existsSync(join(held.packages, 'emr_1.tgz'))).toBe(false);
    expect(tryTakeNetwork(held)).toBe(true);
    releaseNetwork(held);
  });

  describe('of a network that runs, from which an organisation has just gone', () => {
    const running = join(dir, 'running');
    const left = join(running, 'organizations/peerOrganizations/d.example');
    const call = async (args: readonly string[], answer?: string): Promise<{ code: number; out: string[]; err: string[] }> => {
      const [out, err]: [string[], string[]] = [[], []];
      const asked = answer === undefined ? {} : { ask: () => Promise.resolve(answer) };
      const output = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), ...asked };
      return { code: await runNetworkCli(['node', 'lianyi-network', 'fabric', 'prune', '--dir', running, ...args], output, {}), out, err };
    };
    beforeAll(() => {
      makeNetwork(running);
      tryTakeNetwork(fabricFolders(running)); // this process is its supervisor
    });
    afterAll(() => {
      releaseNetwork(fabricFolders(running));
    });

    it('says what may go, and from when on', async () => {
      const { code, out } = await call([]);
      expect([code, out[0]]).toEqual([0, 'nothing to remove yet']);
      expect(out[1]).toMatch(/^\d+ more may go, the last from \d{4}-\d\d-\d\d \d\d:\d\d UTC\S* on: run prune again, or with --wait$/);
      expect(out).toContain(left);
      const json = JSON.parse((await call(['--json'])).out[0] ?? '') as {
        entries: object[];
        waiting: { path: string; removableAt: string }[];
      };
      const soon = Date.parse(json.waiting.find(({ path }) => path === left)?.removableAt ?? '') - Date.now();
      expect([json.entries, soon > 0 && soon <= 60_000]).toEqual([[], true]);
      expect((await call(['--lang', 'zh'])).out[0]).toBe('暂无可删除的内容');
    });

    it('removes keys and ledgers of who left only when that is confirmed', async () => {
      for (const path of findPrunable(fabricFolders(running), lookAtUse(fabricFolders(running))).map((found) => found.path))
        utimesSync(path, 0, 0);
      const refused = await call([]);
      expect([refused.code, refused.out]).toEqual([2, []]);
      expect(refused.err.at(-1)).toMatch(/nothing was removed.*keys and ledgers, would be removed for good: .*d\.example.*Say --yes/);
      for (const answer of ['', 'no', 'y', 'YES']) expect((await call([], answer)).code).toBe(2);
      expect(existsSync(left)).toBe(true);
      expect((await call(['--dry-run'])).code).toBe(0);
      expect((await call([], 'yes')).code).toBe(0);
      expect(existsSync(left)).toBe(false);
    });

    it('waits for what is too young, where that is asked for', async () => {
      const service = join(fabricFolders(running).nodes, 'emr.a.example');
      mkdirSync(service, { recursive: true });
      writeFileSync(join(service, 'server.crt'), 'certificate');
      const almost = new Date(Date.now() - 59_000);
      utimesSync(service, almost, almost);
      const { out, err } = await call(['--wait']);
      expect(err[0]).toMatch(/^ {2}waiting until /);
      expect(out.at(-1)).toMatch(/^removed 1 entries/);
      expect(existsSync(service)).toBe(false);
    });
  });

  it('keeps the pid file of a node that outlived its supervisor, and removes the others', () => {
    mkdirSync(folders.run, { recursive: true });
    const file = (name: string): string => join(folders.run, `${name}.json`);
    for (const [name, mark] of [
      ['peer0.a.example', markOfProcess(process.pid)],
      ['emr-2.a.example', 'long gone'],
    ] as const)
      writeFileSync(file(name), JSON.stringify({ name, pid: process.pid, mark }));
    const leftovers = findPrunable(folders, lookAtUse(folders)).map(({ path }) => path);
    expect(leftovers).toContain(file('emr-2.a.example'));
    expect(leftovers).not.toContain(file('peer0.a.example'));
    expect(leftovers).not.toContain(folders.run);
    rmSync(folders.run, { recursive: true });
  });

  it('is refused where there is no network, or one that never was ready', () => {
    expect(() => lookAtUse(fabricFolders(join(dir, 'nowhere')))).toThrow(/holds no network of real Fabric/);
  });
});
