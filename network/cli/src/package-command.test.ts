import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ServerCredentials } from '@grpc/grpc-js';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { CCID, ChaincodeListener, freePort, StandInPeer } from '@lianyi/test/support/stand-in-peer';
import { runNetworkCli } from './program';
import { waitUntil } from '@lianyi/test/wait-until';

const ROOT = join(__dirname, '../../..');
const CHAINCODE = join(ROOT, 'chaincode');
const FILES = ['.npmrc', 'Dockerfile', 'chaincode.cjs', 'package.json'];
const scratch = temporaryDir();
afterAll(() => {
  scratch.remove();
});

interface Run {
  readonly exitCode: number;
  readonly out: string[];
  readonly err: string[];
}

async function pack(...args: string[]): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []];
  const exitCode = await runNetworkCli(['node', 'lianyi-network', 'package', '--name', 'emr', ...args], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  return { exitCode, out, err };
}

/** Names and SHA-256 of the files of a folder. */
function contentOf(folder: string): Record<string, string> {
  const digest = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(readdirSync(folder).map((name) => [name, digest(name)]));
}

/** The files of a gzipped tar, in its order. */
function unpack(archive: Buffer): [name: string, content: Buffer][] {
  const tar = gunzipSync(archive);
  const files: [string, Buffer][] = [];
  for (let at = 0; tar[at] !== 0 && at < tar.length;) {
    const name = tar.toString('utf8', at, tar.indexOf(0, at));
    const size = parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    files.push([name, tar.subarray(at + 512, at + 512 + size)]);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

describe('the folder for deployCC', () => {
  it('holds the bundle as built, and nothing to install', async () => {
    const out = join(scratch.dir, 'a', 'chaincode');
    expect(await pack('--chaincode', CHAINCODE, '--out', out)).toEqual({ exitCode: 0, out: [out], err: [] });
    expect(readdirSync(out)).toEqual(FILES);
    expect(readFileSync(join(out, 'chaincode.cjs')).equals(readFileSync(join(CHAINCODE, 'dist/chaincode.cjs')))).toBe(true);
    const description = JSON.parse(readFileSync(join(out, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(description).filter((key) => /dependencies|bundle|workspaces/i.test(key))).toEqual([]);
    expect(description).toMatchObject({ private: true, engines: { node: '>=20' }, scripts: { start: 'node chaincode.cjs' } });
  });

  it('has the same bytes wherever and whenever it is made, also over what an earlier npm left', async () => {
    const [one, two] = [join(scratch.dir, 'one'), join(scratch.dir, 'two')];
    await pack('--chaincode', CHAINCODE, '--out', one, '--ccaas');
    mkdirSync(join(two, 'node_modules'), { recursive: true });
    writeFileSync(join(two, 'package-lock.json'), '{}');
    writeFileSync(join(two, 'chaincode.cjs'), 'an older build');
    await pack('--chaincode', CHAINCODE, '--out', two, '--ccaas');
    utimesSync(join(two, 'chaincode.cjs'), 0, 0);
    expect(contentOf(two)).toEqual(contentOf(one));
    expect(readFileSync(`${two}.ccaas.tgz`).equals(readFileSync(`${one}.ccaas.tgz`))).toBe(true);
  });

  it.each([
    ['a folder with other files in it', CHAINCODE, 'foreign', /holds something else than a packaged chaincode \(diary.txt\)/],
    ['a file', CHAINCODE, 'foreign/diary.txt', /cannot be read as a folder/],
    ['a place that something else takes', CHAINCODE, 'taken', /the package could not be written: .*EISDIR/],
    ['a chaincode that was not built', 'unbuilt', 'never', /is not there; build the chaincode first/],
    ['a chaincode of many files', 'loose', 'never', /only a chaincode bundled into one .cjs file needs no install/],
    ['a package.json without a name', 'nameless', 'never', /gives no name and version/],
    ['no chaincode at all', '.', 'never', /is not a chaincode directory: it has no package.json/],
  ])('is refused for %s, in one sentence and with nothing of others touched', async (_what, chaincode, out, sentence) => {
    const make = (name: string, file: string, text: string): void => {
      mkdirSync(join(scratch.dir, name), { recursive: true });
      writeFileSync(join(scratch.dir, name, file), text);
    };
    make('foreign', 'diary.txt', 'mine');
    make('taken.ccaas.tgz', 'diary.txt', 'mine');
    const description = { name: 'x', version: '1', scripts: { 'start:server': 'node x.cjs server' } };
    make('unbuilt', 'package.json', JSON.stringify(description));
    make('loose', 'package.json', JSON.stringify({ ...description, scripts: { 'start:server': 'node index.js server' } }));
    make('loose', 'index.js', '');
    make('nameless', 'package.json', JSON.stringify({ scripts: description.scripts }));
    make('nameless', 'x.cjs', '');
    const at = (path: string): string => (path.startsWith('/') ? path : join(scratch.dir, path));
    const { exitCode, out: lines, err } = await pack('--chaincode', at(chaincode), '--out', at(out), '--ccaas');
    expect(exitCode).not.toBe(0);
    expect(lines).toEqual([]);
    expect(err).toHaveLength(1);
    expect(err[0]).toMatch(sentence);
    expect(existsSync(join(scratch.dir, 'never'))).toBe(false);
    expect(readdirSync(join(scratch.dir, 'foreign'))).toEqual(['diary.txt']);
  });
});

describe('the package for chaincode as a service', () => {
  it('says where each peer finds it, and which code was meant', async () => {
    const out = join(scratch.dir, 'service');
    const { out: lines } = await pack('--chaincode', CHAINCODE, '--out', out, '--ccaas', '--cc-version', '2.0');
    const bytes = readFileSync(`${out}.ccaas.tgz`);
    const id = `emr_2.0:${createHash('sha256').update(bytes).digest('hex')}`;
    expect(lines).toEqual([
      out,
      `${out}.ccaas.tgz`,
      `CORE_CHAINCODE_ID=${id} CORE_CHAINCODE_ADDRESS=0.0.0.0:9999 node chaincode.cjs server`,
    ]);
    const [metadata, code] = unpack(bytes);
    expect(metadata?.[0]).toBe('metadata.json');
    expect(JSON.parse(String(metadata?.[1]))).toEqual({ type: 'ccaas', label: 'emr_2.0' });
    expect(code?.[0]).toBe('code.tar.gz');
    expect(unpack(code?.[1] ?? Buffer.alloc(0)).map(([name, content]) => [name, JSON.parse(content.toString()) as unknown])).toEqual([
      ['connection.json', { address: '{{.peername}}_emr_ccaas:9999', dial_timeout: '10s', tls_required: false }],
      ['code.json', { sha256: contentOf(out)['chaincode.cjs'] }],
    ]);
  });

  it('takes another address, and refuses a name that Fabric would refuse before it writes anything', async () => {
    const out = join(scratch.dir, 'elsewhere');
    const { out: lines } = await pack('--chaincode', CHAINCODE, '--out', out, '--ccaas', '--address', 'host.example:7999');
    expect(lines[2]).toContain('CORE_CHAINCODE_ADDRESS=0.0.0.0:7999 ');
    const never = join(scratch.dir, 'never');
    const { exitCode, err } = await pack('--chaincode', CHAINCODE, '--out', never, '--ccaas', '--cc-version', '1/2');
    expect([exitCode, err]).toEqual([
      2,
      ["lianyi-network: '1/2' cannot be the version of a chaincode: letters, digits and the signs _ . + - are allowed"],
    ]);
    expect(existsSync(never)).toBe(false);
  });

  it.each([
    ['--name', 'my cc', "'my cc' cannot be the name of a chaincode"],
    ['--name', '-emr', "'-emr' cannot be the name of a chaincode"],
    ['--name', 'emr__two', "'emr__two' cannot be the name of a chaincode"],
    ['--name', 'emr.two', "'emr.two' cannot be the name of a chaincode"],
    ['--name', '病历', "'病历' cannot be the name of a chaincode"],
    ['--name', '', "'' cannot be the name of a chaincode"],
    ['--name', 'peer0', 'are names of nodes'],
    ['--cc-version', '1:0', "'1:0' cannot be the version of a chaincode"],
    ['--cc-version', '1 0', "'1 0' cannot be the version of a chaincode"],
    ['--cc-version', '', "'' cannot be the version of a chaincode"],
  ])('refuses %s %j, which Fabric would refuse after everybody had installed it', async (option, value, sentence) => {
    const never = join(scratch.dir, 'never');
    for (const more of [[], ['--ccaas']]) {
      const { exitCode, err } = await pack('--chaincode', CHAINCODE, '--out', never, option, value, ...more);
      expect([exitCode, err.join()]).toEqual([2, expect.stringContaining(sentence)]);
    }
    expect(existsSync(never)).toBe(false);
  });

  it('refuses the same of "cc package"', async () => {
    const args = [
      'embedded',
      'cc',
      'package',
      '--name',
      'my cc',
      '--version',
      '1',
      '--chaincode',
      CHAINCODE,
      '--out',
      join(scratch.dir, 'no.tgz'),
    ];
    const err: string[] = [];
    expect(await runNetworkCli(['node', 'lianyi-network', ...args], { out: () => undefined, err: (line) => err.push(line) })).toBe(2);
    expect(err.join()).toContain("'my cc' cannot be the name of a chaincode");
  });
});

const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
const candidates = [process.execPath, join(ROOT, 'node_modules/.bin/node'), ...onPath].filter((node) => existsSync(node));
/** The build image of Fabric 2.5 and 3.1 brings a Node of 20 to 24: each version found here once. */
const nodes = [...new Map(candidates.map((node) => [execFileSync(node, ['--version']).toString().trim(), node]))];

describe.each(nodes)('the folder in the hands of deployCC and the peer, on Node %s', (version, node) => {
  const folder = join(scratch.dir, `on-${version}`);
  const children: ChildProcess[] = [];
  let registry: Server;
  let asked = 0;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    await pack('--chaincode', CHAINCODE, '--out', folder);
    registry = createServer((socket) => {
      asked += 1;
      socket.destroy();
    });
    await once(registry.listen(0, '127.0.0.1'), 'listening');
    const address = registry.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const home = join(scratch.dir, `home-${version}`);
    const bin = join(home, 'bin');
    mkdirSync(bin, { recursive: true });
    // npm takes the first `node` of the PATH
    writeFileSync(join(bin, 'node'), `#!/bin/sh\nexec '${node}' "$@"\n`);
    chmodSync(join(bin, 'node'), 0o755);
    env = {
      PATH: [bin, process.env['PATH']].join(delimiter),
      HOME: home,
      npm_config_cache: join(home, 'cache'),
      npm_config_registry: `http://127.0.0.1:${port}`,
    };
  });
  afterEach(() => {
    for (const child of children.splice(0)) {
      // the group: npm starts a shell, which starts node
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    }
  });
  afterAll(() => {
    registry.close();
  });

  const npm = (...args: string[]): { status: number | null; said: string } => {
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, env, encoding: 'utf8', timeout: 30_000 });
    return { status, said: stdout + stderr };
  };
  const start = (program: string, args: readonly string[], more: NodeJS.ProcessEnv): ChildProcess => {
    const child = spawn(program, args, { cwd: folder, env: { ...env, ...more }, detached: true, stdio: 'ignore' });
    children.push(child);
    return child;
  };

  it('is installed and built without asking a registry, and stays as it was', () => {
    const before = contentOf(folder);
    expect(npm('install')).toMatchObject({ status: 0 });
    expect(npm('run', 'build')).toMatchObject({ status: 0 });
    expect(npm('install', '--omit=dev')).toMatchObject({ status: 0 });
    expect(contentOf(folder)).toEqual(before);
    expect(asked).toBe(0);
  });

  it('starts up to the point where it asks for its peer', () => {
    const { status, said } = npm('start');
    expect(status).not.toBe(0);
    expect(said).toContain('Missing required argument peer.address');
  });

  it('registers with the peer that starts it by npm start', async () => {
    const { listener, port } = await ChaincodeListener.listen(ServerCredentials.createInsecure());
    try {
      // as core/container/dockercontroller of Fabric starts it
      start('npm', ['start', '--', '--peer.address', `localhost:${port}`], {
        CORE_CHAINCODE_ID_NAME: CCID,
        CORE_PEER_TLS_ENABLED: 'false',
        CORE_PEER_LOCALMSPID: 'Org1MSP',
        CORE_CHAINCODE_LOGGING_LEVEL: 'info',
      });
      await expect(listener.chaincode()).resolves.toBeInstanceOf(StandInPeer);
    } finally {
      listener.close();
    }
  });

  it('listens with the command of its Dockerfile under the variables of deployCCAAS', async () => {
    const command = /^CMD (\[.*\])$/m.exec(readFileSync(join(folder, 'Dockerfile'), 'utf8'))?.[1] ?? '[]';
    const [program, ...args] = JSON.parse(command) as string[];
    const address = `127.0.0.1:${await freePort()}`;
    start(program ?? '', args, { CHAINCODE_SERVER_ADDRESS: address, CHAINCODE_ID: CCID, CORE_CHAINCODE_ID_NAME: CCID });
    const peer = await untilConnected(address);
    expect((await peer.invoke(['DirectoryContract:Nothing', '{}'], 'Org1MSP', '')).status).toBe(500);
    peer.close();
  });
});

async function untilConnected(address: string): Promise<StandInPeer> {
  let connected: StandInPeer | undefined;
  await waitUntil(`chaincode answers at ${address}`, async () => {
    connected = await StandInPeer.connect(address, true).catch(() => undefined);
    return connected !== undefined;
  });
  if (connected === undefined) throw new Error('waitUntil returns when it is connected');
  return connected;
}

it('finds more than one Node to try on, or says that it did not', () => {
  if (nodes.length < 2) process.stdout.write(`only ${nodes.map(([version]) => version).join()} is here: the other was not tried\n`);
  expect(nodes.map(([, node]) => dirname(node))).not.toEqual([]);
});
