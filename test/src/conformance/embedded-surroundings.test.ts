import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { startEmbeddedNetwork } from '@lianyi/embedded-network';
import { parseConsortium, type RunningNetwork, serveControl } from '@lianyi/network-model';
import { waitUntil } from '../wait-until';
import { verbsIn } from './embedded-verb';
import { Party } from './party';

const root = resolve(__dirname, '../../..');
const fixture = (name: string): string => join(root, 'test/fixtures', name);
const audit = { name: 'audit', members: ['AMSP'], maxPeerCount: 0 };

// what a newcomer's machine brings along: a proxy in the environment, chaincode as Fabric's samples start it, names of their own
describe('the embedded network in its surroundings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-surroundings-'));
  const dir = join(folder, 'n');
  mkdirSync(join(root, 'test/dist'), { recursive: true });
  const code = mkdtempSync(join(root, 'test/dist/surroundings-'));
  const proxies = ['http_proxy', 'https_proxy', 'grpc_proxy', 'HTTPS_PROXY'];
  const before = proxies.map((name) => [name, process.env[name]] as const);
  const consortium = (chaincode: object): ReturnType<typeof parseConsortium> =>
    parseConsortium({
      name: 'one',
      channel: { name: 'emr' },
      organizations: [
        { mspId: 'OMSP', name: 'o', domain: 'example.com', roles: ['orderer'], hosts: { orderer0: 'orderer' } },
        { mspId: 'AMSP', name: 'a', domain: 'a.example', roles: ['peer'], hosts: { peer0: 'main' } },
      ],
      addresses: 'names',
      chaincodes: [{ name: 'basic', version: '1.0', ...chaincode }],
    });
  let network: RunningNetwork;
  let control: Server;

  const up = async (chaincode: object = {}): Promise<void> => {
    const chaincodes = new Map([['basic', fixture('chaincode-npm-script')]]);
    network = await startEmbeddedNetwork({ consortium: consortium(chaincode), chaincodes, dir });
    control = await serveControl(network);
  };
  const stop = async (): Promise<void> => {
    control.close();
    control.closeAllConnections();
    await network.stop();
  };
  const verb = verbsIn(dir);
  /** A chaincode folder of its own, below what is installed for the tests. */
  const folderOf = (name: string, script: string, source: string): string => {
    const path = join(code, name);
    mkdirSync(path);
    writeFileSync(join(path, 'package.json'), JSON.stringify({ name, main: 'index.js', scripts: { 'start:server': script } }));
    writeFileSync(join(path, 'index.js'), source);
    return path;
  };
  const basicCode = readFileSync(join(fixture('chaincode-basic'), 'index.js'), 'utf8');

  beforeAll(async () => {
    for (const name of proxies) process.env[name] = 'http://127.0.0.1:9';
    await up();
  });
  afterAll(async () => {
    await stop();
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    for (const made of [folder, code]) rmSync(made, { recursive: true, force: true });
  });

  it('starts, invokes, queries and edits the channel while the environment names a dead proxy', async () => {
    expect((await verb('cc', 'invoke', 'basic', 'put', 'k', 'v')).exitCode).toBe(0);
    expect((await verb('cc', 'query', 'basic', 'get', 'k')).result).toEqual({ result: 'v' });
    expect((await verb('certs', 'revoke', '--organization', 'AMSP', '--user', 'node')).result).toMatchObject({ result: 'revoked' });
    expect((await verb('status')).result['chaincodes']).toEqual([{ channel: 'emr', name: 'basic', version: '1.0', sequence: 1 }]);
  });

  it('tells the names that the consortium file gives its nodes', async () => {
    expect(network.definition().layout.peers.map(({ name }) => name)).toEqual(['main.a.example']);
    expect(network.definition().layout.orderers.map(({ name }) => name)).toEqual(['orderer.example.com']);
    const profile = join(dir, 'organizations/peerOrganizations/a.example/connection-a.json');
    const text = readFileSync(profile, 'utf8');
    expect(text).toMatch(/"url": "grpcs:\/\/main\.a\.example:\d+"/);
    // no name server of this machine knows them
    const here = join(profile, '../here.json');
    writeFileSync(here, text.replaceAll('grpcs://main.a.example', 'grpcs://localhost'));
    process.env['no_grpc_proxy'] = 'localhost'; // the test's own client asks the proxy, as gRPC has it
    const party = Party.open({ mspId: 'AMSP', user: 'User1', peerMspId: 'AMSP' }, here, { channel: 'emr', chaincode: 'basic' });
    try {
      const refused = await party.evaluate('nothing').catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(GatewayError);
      expect((refused as GatewayError).details.map(({ address }) => address)).toEqual([expect.stringMatching(/^main\.a\.example:\d+$/)]);
    } finally {
      party.close();
      Reflect.deleteProperty(process.env, 'no_grpc_proxy');
    }
  });

  it.each([
    ['list', 'set -x && fabric-chaincode-node server'],
    ['variable', 'GREETING=hello fabric-chaincode-node server'],
    ['shell', `sh -c "exec fabric-chaincode-node server"`],
    ['pipe', 'fabric-chaincode-node server --chaincode-id=${CHAINCODE_ID:-none} 2>&1 | cat'],
  ])('runs a script as npm does: %s', async (what, script) => {
    const name = `script-${what}`;
    const deployed = await verb('deployCC', '--name', name, '--version', '1', '--chaincode', folderOf(name, script, basicCode));
    expect([deployed.exitCode, deployed.result]).toEqual([0, expect.objectContaining({ name, result: 'committed' })]);
    expect((await verb('cc', 'invoke', name, 'put', 'k', what)).exitCode).toBe(0);
    expect((await verb('node', 'restart', `${name}.a.example`)).exitCode).toBe(0);
    await waitUntil(
      'the restarted chaincode did not answer',
      async () => (await verb('cc', 'query', name, 'get', 'k')).result['result'] === what,
    );
  });

  it.each([
    ['cannot find a module', "require('./nowhere');", /did not start: Error: Cannot find module '\.\/nowhere'/],
    ['cannot be parsed', 'exports.contracts = [;', /did not start: SyntaxError: Unexpected token/],
    ['exports no contract', 'exports.nothing = 1;', /did not start: .*[Ee]rror/],
    ['throws what it has', "throw new RangeError('out of beds');", /did not start: RangeError: out of beds/],
  ])('says first why a chaincode does not start that %s', async (what, code, sentence) => {
    const name = `broken${what.length}`;
    const refused = await verb(
      'deployCC',
      '--name',
      name,
      '--version',
      '1',
      '--chaincode',
      folderOf(name, 'fabric-chaincode-node server', code),
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.result['message']).toMatch(sentence);
  });

  it('refuses a definition that no start may change so, in one sentence, and starts again with the one it has', async () => {
    const portsOf = (): readonly number[] => network.definition().layout.peers.map(({ port }) => port);
    const profileOf = (): string => readFileSync(join(dir, 'organizations/peerOrganizations/a.example/connection-a.json'), 'utf8');
    const before = [portsOf(), profileOf()];
    await stop();
    const first = { name: 'kept', members: ['AMSP'], maxPeerCount: 0 };
    // definition-step.test.ts has the other changes
    for (const [change, words] of [
      [{ sequence: 3 }, 'is committed with sequence 1; the consortium file may say that or 2, not 3'],
      [{ collections: [{ ...first, blockToLive: 10 }] }, 'differs from the committed one; raise its sequence to 2'],
    ] as const) {
      const refused = await up(change).catch((error: unknown) => error);
      expect(refused).toMatchObject({ name: 'OperatorError', code: 'STATE_MISMATCH', message: expect.stringContaining(words) as string });
      expect((refused as Error).message).not.toContain('\n');
    }
    await up();
    expect([portsOf(), profileOf()]).toEqual(before);
    expect((await verb('cc', 'query', 'basic', 'get', 'k')).result).toEqual({ result: 'v' });
  });

  it('takes collections with deployCC, and refuses or applies what the file says of them later', async () => {
    const first = [
      { name: 'first', members: ['AMSP'], requiredPeerCount: 0, maxPeerCount: 1, memberOnlyRead: false, memberOnlyWrite: false },
    ];
    const file = join(folder, 'collections_config.json');
    writeFileSync(file, JSON.stringify([{ name: 'first', policy: "OR('AMSP.member')", requiredPeerCount: 0, maxPeerCount: 1 }]));
    const deploy = ['deployCC', '--name', 'basic', '--chaincode', fixture('chaincode-npm-script')];
    const deployed = await verb(...deploy, '--collections-config', file);
    expect(deployed.result).toMatchObject({ sequence: 2, collections: ['first'], result: 'committed' });
    expect((await verb(...deploy)).result).toMatchObject({ sequence: 2, collections: ['first'], result: 'unchanged' });
    await stop();
    const both = [...first, audit];
    await expect(up({ collections: both })).rejects.toThrow(
      /the consortium file now says something else of chaincode basic \(collection first, collection audit\), which would be passed over/,
    );
    await up({ sequence: 3, collections: both });
    expect((await verb('status')).result['chaincodes']).toContainEqual({ channel: 'emr', name: 'basic', version: '1.0', sequence: 3 });
    expect((await verb(...deploy)).result).toMatchObject({ collections: ['first', 'audit'], result: 'unchanged' });
    expect((await verb('cc', 'query', 'basic', 'get', 'k')).result).toEqual({ result: 'v' });
  });
});
