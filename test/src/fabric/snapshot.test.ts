import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { common } from '@lianyi/fabric-protocol';
import { Party } from '../conformance/party';
import { describeOnFabric, fabric, fabricAsync, FabricUp } from './fabric-command';
import { waitUntil } from '../wait-until';

const A = 'HospitalAMSP';
const C = 'HospitalCMSP';
const COMMIT_HASH = common.BlockMetadataIndex.COMMIT_HASH;

interface Answer {
  readonly folder: string;
  readonly height: number;
  readonly currentBlockHash: string;
  readonly formerData: string;
  readonly warning: string;
}

describeOnFabric('a peer rebuilt from a snapshot', () => {
  const dir = join(mkdtempSync(join(tmpdir(), 'lianyi-snapshot-')), 'network');
  let network: FabricUp;
  let parties: Party[] = [];
  let snapshot: Answer;

  const at = (mspId: string): Party => {
    const party = Party.open({ mspId, user: 'User1', peerMspId: mspId }, network.ready.profiles[mspId] ?? '', {
      channel: 'emr',
      chaincode: 'emr',
    });
    parties.push(party);
    return party;
  };

  /** Commit hash of a block as the peer of that organisation has computed it: a chain over the peer's whole state. */
  const commitHash = async (mspId: string, block: bigint): Promise<string> => {
    const events = await at(mspId).channel.getBlockEvents({ startBlock: block });
    try {
      for await (const event of events) return Buffer.from(event.getMetadata()?.getMetadataList_asU8()[COMMIT_HASH] ?? []).toString('hex');
    } finally {
      events.close();
    }
    return '';
  };

  beforeAll(async () => {
    network = await FabricUp.start(dir);
    const a = at(A);
    for (let number = 0; number < 20; number++) await a.submit('Put', [`early-${String(number)}`, `value-${String(number)}`]);
    await at(C).submit('PutPrivate', ['own'], { organizations: [C], transient: { value: 'only at C' } });
  });

  afterAll(async () => {
    for (const party of parties) party.close();
    await network.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(join(dir, '..'), { recursive: true, force: true });
  });

  it('is written as of the newest block, and again without a second copy', () => {
    const take = (): Answer => {
      const { status, stdout, stderr } = fabric(['snapshot', '--organization', 'hospital-a', '--dir', dir, '--json']);
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      return JSON.parse(stdout) as Answer;
    };
    snapshot = take();
    expect(snapshot.height).toBeGreaterThan(20);
    expect(existsSync(join(snapshot.folder, 'public_state.data'))).toBe(true);
    expect(take()).toEqual(snapshot);
  });

  it.each([
    ['a folder without a snapshot', tmpdir, /holds no snapshot of a peer/],
    ['a folder that is not there', () => '/nonexistent', /holds no snapshot of a peer/],
  ])('refuses %s before it touches the peer', (_what, folder, sentence) => {
    const before = network.node('peer0.hospital-c.example');
    const { status, stderr } = fabric(['restore', '--organization', C, '--snapshot', folder(), '--dir', dir]);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(sentence);
    expect(network.node('peer0.hospital-c.example').pid).toBe(before.pid);
  });

  const damagedCopy = (name: string): string => {
    const folder = join(dir, '..', name);
    cpSync(snapshot.folder, folder, { recursive: true });
    const file = join(folder, 'public_state.data');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
    return folder;
  };

  it('refuses a damaged snapshot before it touches the peer', async () => {
    const before = network.node('peer0.hospital-c.example');
    const { status, stderr } = await fabricAsync(['restore', '--organization', C, '--snapshot', damagedCopy('damaged'), '--dir', dir]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/the snapshot is damaged: .*public_state\.data is not what was written/);
    expect(network.node('peer0.hospital-c.example').pid).toBe(before.pid);
  });

  it('gives the peer back what it held when it cannot use the snapshot', async () => {
    const folder = damagedCopy('forged');
    const metadataFile = join(folder, '_snapshot_signable_metadata.json');
    const was = JSON.parse(readFileSync(metadataFile, 'utf8')) as { snapshot_files_raw_hashes: Record<string, string> };
    was.snapshot_files_raw_hashes['public_state.data'] = createHash('sha256')
      .update(readFileSync(join(folder, 'public_state.data')))
      .digest('hex');
    writeFileSync(metadataFile, JSON.stringify(was)); // whose own hash stands in the other metadata file
    const { status, stderr } = await fabricAsync(['restore', '--organization', C, '--snapshot', folder, '--dir', dir]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/could not use the snapshot|refused/);
    await waitUntil(
      'C endorses as before',
      async () =>
        (await at(C)
          .evaluate('Get', ['early-3'], { organizations: [C] })
          .catch(() => '')) === 'value-3',
    );
    await expect(at(C).evaluate('GetPrivate', ['own'], { organizations: [C] })).resolves.toBe('only at C');
  });

  it('reaches the same height and state as the others, and endorses', async () => {
    const a = at(A);
    for (let number = 0; number < 5; number++) await a.submit('Put', [`late-${String(number)}`, `value-${String(number)}`]);
    for (const party of parties) party.close();
    parties = [];
    const begun = Date.now();
    const { status, stdout, stderr } = await fabricAsync([
      'restore',
      '--organization',
      C,
      '--snapshot',
      snapshot.folder,
      '--dir',
      dir,
      '--json',
    ]);
    process.stderr.write(`restore: ${Date.now() - begun} ms\n${stderr}`);
    expect(status).toBe(0);
    const restored = JSON.parse(stdout) as Answer;
    expect(restored.height).toBeGreaterThanOrEqual(snapshot.height + 5);
    expect(existsSync(restored.formerData)).toBe(true);
    const c = at(C);
    for (const key of ['early-0', 'early-19', 'late-4'])
      await expect(c.evaluate('Get', [key], { organizations: [C] })).resolves.toBe(key.replace(/.*-/, 'value-'));
    await c.submit('Put', ['by-c', 'restored'], { organizations: [C, A] });
    await expect(at(A).evaluate('Get', ['by-c'])).resolves.toBe('restored');
    const newest = BigInt(network.node('orderer0.hospital-a.example').height ?? 0) - 1n;
    const hashes = [await commitHash(A, newest), await commitHash(C, newest)];
    expect(hashes[0]).toMatch(/^0a20[0-9a-f]{64}$/); // common.Metadata of 32 bytes
    expect(hashes[1]).toBe(hashes[0]);
  });

  it('holds no private value of its own any more, only the hash, and says so', async () => {
    const c = at(C);
    const digest = createHash('sha256').update('only at C').digest('hex');
    await expect(c.evaluate('GetPrivateHashOf', [C, 'own'], { organizations: [C] })).resolves.toBe(digest);
    await expect(c.evaluate('GetPrivate', ['own'], { organizations: [C] })).rejects.toThrow(
      /private data matching public hash version is not available/,
    );
  });

  const restart = async (): Promise<void> => {
    for (const party of parties) party.close();
    parties = [];
    await network.end();
    network = await FabricUp.start(dir);
  };

  /** Just after a start Raft may have no leader yet. */
  const submitted = (party: Party, value: string): Promise<number> =>
    waitUntil('it commits', () =>
      party.submit('Put', ['after', value], { organizations: [A, C] }).then(
        () => true,
        () => false,
      ),
    );

  it('takes part in the next start, and in the next upgrade', async () => {
    await restart();
    await submitted(at(C), 'start');
    const next = join(__dirname, '../../fixtures/chaincode-fabric-smoke-next');
    const { status, stderr } = await fabricAsync(['deployCC', '--name', 'emr', '--chaincode', next, '--version', '2.0', '--dir', dir]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    await expect(at(C).evaluate('Version', [], { organizations: [C] })).resolves.toBe('2.0');
  });

  it('may be the peer that a start asks first', async () => {
    const taken = JSON.parse(fabric(['snapshot', '--organization', C, '--dir', dir, '--json']).stdout) as Answer;
    expect((await fabricAsync(['restore', '--organization', A, '--snapshot', taken.folder, '--dir', dir])).status).toBe(0);
    await restart();
    await submitted(at(A), 'second start');
  });
});
