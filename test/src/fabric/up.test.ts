import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Party } from '../conformance/party';
import { describeOnFabric, fabric, FabricUp, isRunning } from './fabric-command';
import { waitUntil } from '../wait-until';

const A = 'HospitalAMSP';
const B = 'HospitalBMSP';
const C = 'HospitalCMSP';

function open(network: FabricUp, mspId: string, user = 'User1'): Party {
  return Party.open({ mspId, user, peerMspId: mspId }, network.ready.profiles[mspId] ?? '', { channel: 'emr', chaincode: 'emr' });
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => {
      done(false);
    });
  });
}

describeOnFabric('lianyi-network fabric up', () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'lianyi-fabric-')), 'network');
  let network: FabricUp;
  let hospitals: Party[] = [];
  const connectAll = (): void => {
    hospitals = [A, B, C].map((mspId) => open(network, mspId));
  };
  const closeAll = (): void => {
    for (const hospital of hospitals) hospital.close();
    hospitals = [];
  };
  const hospital = (index: 0 | 1 | 2): Party => {
    const party = hospitals[index];
    if (party === undefined) throw new Error('not connected');
    return party;
  };

  beforeAll(async () => {
    network = await FabricUp.start(dir);
    connectAll();
  });

  afterAll(async () => {
    closeAll();
    await network.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(join(dir, '..'), { recursive: true, force: true });
  });

  it('brings a consortium of real nodes up and prints how long each stage took', () => {
    process.stderr.write(`fabric up: ${network.ready.elapsedMillis} ms\n${network.progress.join('')}`);
    const kinds = network.nodes().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'orderer')).toHaveLength(4);
    expect(kinds.filter((kind) => kind === 'peer')).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'chaincode')).toHaveLength(3);
  });

  it('commits what the unmodified client submits at any hospital, and every hospital reads it', async () => {
    for (const [index, writer] of hospitals.entries()) {
      await writer.submit('Put', [`key-${index}`, `value-${index}`]);
      for (const reader of hospitals) {
        await waitUntil(
          'every peer has the block',
          async () => (await reader.evaluate('Get', [`key-${index}`]).catch(() => '')) === `value-${index}`,
          5_000,
        );
      }
    }
  });

  it('runs each organisation its own chaincode process, of another time zone and language', async () => {
    const environments = await Promise.all(
      [A, B, C].map(
        async (mspId) => JSON.parse(await hospital(0).evaluate('Environment', [], { organizations: [mspId] })) as Record<string, string>,
      ),
    );
    expect(environments.map(({ mspId }) => mspId)).toEqual([A, B, C]);
    expect(new Set(environments.map(({ timeZone }) => timeZone)).size).toBe(3);
    expect(new Set(environments.map(({ language }) => language)).size).toBe(3);
    expect(new Set(environments.map(({ pid }) => pid)).size).toBe(3);
  });

  it('keeps private data of one organisation at its own peer', async () => {
    await hospital(0).submit('PutPrivate', ['secret'], { organizations: [A], transient: { value: 'only at A' } });
    await expect(hospital(0).evaluate('GetPrivate', ['secret'], { organizations: [A] })).resolves.toBe('only at A');
    await expect(hospital(1).evaluate('GetPrivate', ['secret'], { organizations: [B] })).resolves.toBe('');
  });

  it('speaks TLS only and keeps every private key to its owner', () => {
    const profile = JSON.parse(readFileSync(network.ready.profiles[A] ?? '', 'utf8')) as { peers: Record<string, { url: string }> };
    for (const { url } of Object.values(profile.peers)) expect(url).toMatch(/^grpcs:/);
    const keys = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /priv_sk$|\.key$/.test(name));
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((name) => (statSync(join(dir, name)).mode & 0o077) !== 0)).toEqual([]);
  });

  it('lets nobody administer an orderer who has only some TLS pair of its organisation', async () => {
    const root = join(dir, 'organizations/peerOrganizations/hospital-a.example');
    const orderer = 'orderer0.hospital-a.example';
    const { Admin } = JSON.parse(readFileSync(join(dir, 'fabric/nodes', orderer, 'orderer.yaml'), 'utf8')) as {
      Admin: { ListenAddress: string };
    };
    const port = Number(Admin.ListenAddress.split(':')[1]);
    const asks = (folder: string, name: string): Promise<number | undefined> =>
      new Promise((done, fail) => {
        const [cert, key] = ['crt', 'key'].map((end) => readFileSync(join(root, folder, 'tls', `${name}.${end}`)));
        const ca = readFileSync(join(root, 'orderers', orderer, 'tls/ca.crt'));
        const options = { host: 'localhost', port, path: '/participation/v1/channels', agent: false, ca, cert, key };
        get(options, (answer) => {
          answer.resume();
          done(answer.statusCode);
        }).once('error', fail);
      });
    await expect(asks(`orderers/${orderer}`, 'server')).resolves.toBe(200);
    for (const user of ['Admin', 'User1'])
      await expect(asks(`users/${user}@hospital-a.example`, 'client')).rejects.toThrow(/alert|ECONNRESET/);
    await expect(asks('peers/peer0.hospital-a.example', 'server')).rejects.toThrow(/alert|ECONNRESET/);
  });

  it('starts a chaincode process that was killed again; the hospital endorses as before', async () => {
    const before = network.node('emr.hospital-a.example');
    process.kill(before.pid ?? 0, 'SIGKILL');
    await waitUntil('the supervisor started it again', () => network.node('emr.hospital-a.example').restarts === before.restarts + 1);
    await waitUntil(
      'A endorses',
      async () =>
        (await hospital(0)
          .evaluate('Get', ['key-0'], { organizations: [A] })
          .catch(() => '')) === 'value-0',
    );
  });

  it('goes on while one orderer is down, and takes it back', async () => {
    const name = 'orderer0.hospital-a.example'; // consenter 1: the leader of view 0
    expect(fabric(['node', 'kill', name, '--dir', dir]).status).toBe(0);
    const begun = Date.now();
    await waitUntil('the next commit', () =>
      hospital(1)
        .submit('Put', ['after-leader', 'x'])
        .then(
          () => true,
          () => false,
        ),
    );
    process.stderr.write(`commit after the leader was killed: ${Date.now() - begun} ms (LeaderHeartbeatTimeout 2000 ms)\n`);
    expect(fabric(['node', 'start', name, '--dir', dir]).status).toBe(0);
    await waitUntil('it has caught up', () => {
      const heights = network.ordererHeights();
      return heights.length === 4 && new Set(heights).size === 1;
    });
  });

  it('starts a peer that was killed again, with its ledger', async () => {
    const before = network.node('peer0.hospital-c.example');
    process.kill(before.pid ?? 0, 'SIGKILL');
    await waitUntil('the supervisor started it again', () => network.node('peer0.hospital-c.example').restarts === before.restarts + 1);
    await waitUntil(
      'C reads',
      async () =>
        (await hospital(2)
          .evaluate('Get', ['after-leader'], { organizations: [C] })
          .catch(() => '')) === 'x',
    );
  });

  it('refuses a second start on the same directory', () => {
    const { status, stderr } = fabric(['up', '--dir', dir]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/already runs \(process \d+\)/);
  });

  it('leaves no process and no open port when it is stopped, and continues on the next start', async () => {
    const nodes = network.nodes();
    const port = Number(/localhost:(\d+)/.exec(readFileSync(network.ready.profiles[A] ?? '', 'utf8'))?.[1]);
    closeAll();
    await network.end();
    expect(nodes.filter(({ pid }) => pid !== undefined && isRunning(pid))).toEqual([]);
    expect(await isListening(port)).toBe(false);
    network = await FabricUp.start(dir);
    process.stderr.write(`fabric up again: ${network.ready.elapsedMillis} ms\n`);
    connectAll();
    await expect(hospital(2).evaluate('Get', ['key-1'])).resolves.toBe('value-1');
    await hospital(0).submit('Put', ['second', 'start']);
  });

  it('leaves no process behind even when the supervisor is killed', async () => {
    const nodes = network.nodes();
    closeAll();
    await network.end('SIGKILL');
    await waitUntil('all nodes are gone', () => nodes.every(({ pid }) => pid === undefined || !isRunning(pid)), 10_000);
    network = await FabricUp.start(dir);
    connectAll();
    await expect(hospital(0).evaluate('Get', ['second'])).resolves.toBe('start');
  });

  it('removes everything on down', async () => {
    const nodes = network.nodes();
    closeAll();
    expect(fabric(['down', '--yes', '--dir', dir]).status).toBe(0);
    expect(existsSync(dir)).toBe(false);
    expect(nodes.filter(({ pid }) => pid !== undefined && isRunning(pid))).toEqual([]);
    await network.end();
  });
});
