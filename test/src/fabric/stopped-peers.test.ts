import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { attempt } from '../conformance/outcome';
import { type CallOptions, Party } from '../conformance/party';
import { describeVerbs, fabric, FabricUp } from './fabric-command';
import { waitUntil } from '../wait-until';

const chaincode = resolve(__dirname, '../../fixtures/chaincode-conformance');
const [A, B, C] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'] as const;
const organization = (letter: string, peers: number): object => ({
  mspId: `Hospital${letter}MSP`,
  name: `hospital-${letter.toLowerCase()}`,
  domain: `hospital-${letter.toLowerCase()}.example`,
  roles: ['peer', 'orderer'],
  peers,
});
const consortium = {
  name: 'stopped-peers',
  channel: { name: 'emr' },
  organizations: [organization('A', 2), organization('B', 1), organization('C', 1)],
  ordering: 'raft',
  fabricLine: process.env['FABRIC_LINE'] ?? '3.1',
  chaincodes: [
    {
      name: 't',
      version: '1.0',
      endorsementPolicy: `OR('${A}.peer','${B}.peer','${C}.peer')`,
      collections: [
        { name: 'c12', members: [A, B] },
        { name: 'kept', members: [A, B], maxPeerCount: 0 },
        { name: 'req1', members: [B, C], requiredPeerCount: 1 },
        { name: 'req2', members: [A, B], requiredPeerCount: 2 },
      ],
    },
  ],
};

const peers = {
  a0: { name: 'peer0.hospital-a.example', mspId: A },
  a1: { name: 'peer1.hospital-a.example', mspId: A },
  b0: { name: 'peer0.hospital-b.example', mspId: B },
  c0: { name: 'peer0.hospital-c.example', mspId: C },
} as const;
type Peer = keyof typeof peers;

/** Real peers learn by gossip who is gone (25 s), and look for missing private data every minute. */
const patienceMillis = 100_000;

describeVerbs('peers that are stopped and started', () => {
  const root = mkdtempSync(join(tmpdir(), 'lianyi-stopped-'));
  const dir = join(root, 'network');
  let network: FabricUp;
  let parties = new Map<Peer, Party>();
  let keys = 0;

  beforeAll(async () => {
    const file = join(root, 'consortium.json');
    writeFileSync(file, JSON.stringify(consortium));
    network = await FabricUp.start(dir, ['--chaincode', `t=${chaincode}`], file);
  });
  afterAll(async () => {
    for (const party of parties.values()) party.close();
    await network.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(root, { recursive: true, force: true });
  });

  const key = (): string => `k${(keys += 1)}`;
  const node = (action: 'stop' | 'start', peer: Peer): void => {
    const { status, stderr } = fabric(['node', action, peers[peer].name, '--dir', dir]);
    expect([stderr, status]).toEqual(['', 0]);
    // a client that has seen its peer go waits longer and longer before it dials again
    parties.get(peer)?.close();
    parties = new Map([...parties].filter(([name]) => name !== peer));
  };
  const at = (peer: Peer): Party => {
    const { mspId, name } = peers[peer];
    const profile = network.ready.profiles[mspId] ?? '';
    const found =
      parties.get(peer) ?? Party.open({ mspId, user: 'User1', peerMspId: mspId, peer: name }, profile, { channel: 'emr', chaincode: 't' });
    parties.set(peer, found);
    return found;
  };
  /** The result, or what the first endorser said against it. */
  const said = async (work: () => Promise<unknown>): Promise<unknown> => {
    const { result, details, message } = await attempt(work);
    return result ?? details?.[0]?.message ?? message;
  };
  const becomes = async (work: () => Promise<unknown>, expected: string): Promise<void> => {
    let last: unknown;
    const isThere = async (): Promise<boolean> => (last = await said(work)) === expected;
    await waitUntil(expected, isThere, patienceMillis).catch((error: unknown) => {
      throw new Error(`it stayed at ${String(last)}`, { cause: error });
    });
  };
  const privately = (value: string, ...organizations: readonly string[]): CallOptions => ({ transient: { value }, organizations });
  const read = (peer: Peer, collection: string, name: string) => (): Promise<string> =>
    at(peer).evaluate('pget', [collection, name], { organizations: [peers[peer].mspId] });
  const missing =
    'chaincode response 500, GET_STATE failed: transaction ID: <txid>: private data matching public hash version is not available. Public hash version = {BlockNum: <n>, TxNum: <n>}, Private data version = <nil>';

  it('are replaced by the other peer of their organisation', async () => {
    const name = key();
    node('stop', 'a0');
    await becomes(() => at('a1').submit('put', [name, 'second'], { organizations: [A] }), 'second');
    await becomes(() => at('b0').submit('put', [name, 'pinned'], { organizations: [A, B] }), 'pinned');
    node('start', 'a0');
    await becomes(() => at('a0').evaluate('get', [name], { organizations: [A] }), 'pinned');
  });

  it("take private data of their own organisation's endorsements, too", async () => {
    const name = key();
    await becomes(async () => at('a0').submit('pput', ['req2', name], privately('for two', A)), '');
    await becomes(read('a1', 'req2', name), 'for two');
  });

  it('do not count where a collection requires peers', async () => {
    node('stop', 'c0');
    await becomes(
      () => at('b0').submit('pput', ['req1', key()], privately('v', B)),
      'error in simulation: failed to distribute private collection, txID <txid>, channel emr: could not build private data dissemination plan for chaincode t and collection req1: required to disseminate to at least 1 peers, but know of only 0 eligible peers',
    );
    node('start', 'c0');
    await becomes(() => at('b0').submit('pput', ['req1', key()], privately('v', B)), '');
  });

  it('get the private data they missed when they come up', async () => {
    const name = key();
    node('stop', 'b0');
    await becomes(() => at('a0').submit('pput', ['c12', name], privately('missed', A)), '');
    node('start', 'b0');
    await becomes(read('b0', 'c12', name), 'missed');
  });

  it('do not have what nobody who is up has, until he is', async () => {
    const name = key();
    for (const peer of ['b0', 'a1'] as const) node('stop', peer);
    await becomes(() => at('a0').submit('pput', ['kept', name], privately('only here', A)), '');
    await becomes(read('a0', 'kept', name), 'only here');
    node('stop', 'a0');
    node('start', 'b0');
    await becomes(read('b0', 'kept', name), missing);
    node('start', 'a0');
    await becomes(read('b0', 'kept', name), 'only here');
    node('start', 'a1');
    await becomes(read('a1', 'kept', name), 'only here');
  });
});
