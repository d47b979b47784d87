import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Party } from '../conformance/party';
import { consortiumFile, describeOnFabric, fabric, fabricCommand, FabricUp, smokeChaincode } from './fabric-command';
import { SmallDisk } from './small-disk';
import { waitUntil } from '../wait-until';

const [A, C] = ['HospitalAMSP', 'HospitalCMSP'] as const;
const withDefault = ['--chaincode', smokeChaincode, '--consortium', consortiumFile];

/** Issue 4: a network of which something is gone, broken or full says so in one sentence, changes nothing, and goes on once it is put right. */
describeOnFabric('a network that is not whole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-damaged-'));
  const dir = join(folder, 'network');
  const own = (...parts: string[]): string => join(dir, 'fabric', ...parts);
  const organisation = (...parts: string[]): string => join(dir, 'organizations/peerOrganizations/hospital-b.example', ...parts);
  const peerOfC = own('nodes', 'peer0.hospital-c.example');
  let network: FabricUp | undefined;
  let disk: SmallDisk | undefined;
  let parties: Party[] = [];

  const running = (): FabricUp => {
    if (network === undefined) throw new Error('the network does not run');
    return network;
  };
  const at = (mspId: string): Party => {
    const party = Party.open({ mspId, user: 'User1', peerMspId: mspId }, running().ready.profiles[mspId] ?? '', {
      channel: 'emr',
      chaincode: 'emr',
    });
    parties.push(party);
    return party;
  };
  const start = async (): Promise<void> => {
    network = await FabricUp.start(dir);
  };
  const stop = async (): Promise<void> => {
    for (const party of parties) party.close();
    parties = [];
    await network?.end();
    network = undefined;
  };
  /** The one sentence with which a verb gives up. */
  const sentenceOf = (args: readonly string[]): string => {
    const { status, stderr } = fabric([...args, '--dir', dir]);
    const sentences = stderr.split('\n').filter((line) => line.startsWith('lianyi-network:'));
    expect({ status, sentences: sentences.length, stack: /^ +at /m.test(stderr) }).toEqual({ status: 1, sentences: 1, stack: false });
    return sentences[0] ?? '';
  };
  const written = (file: string): string => readFileSync(file, 'utf8');

  beforeAll(async () => {
    await start();
    await at(A).submit('Put', ['early', 'x']);
    await stop();
  });
  afterAll(async () => {
    await stop();
    fabric(['down', '--yes', '--dir', dir]);
    disk?.unmount();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('stopped', () => {
    it.each([
      ['the first block', () => own('genesis.block'), /is not whole: .*genesis\.block is gone; put it back/],
      ['a node’s folder', () => own('nodes', 'orderer0.hospital-b.example'), /is not whole: .*orderer0\.hospital-b\.example\/data is gone/],
      [
        'a peer’s ledger',
        () => own('nodes', 'peer0.hospital-b.example', 'data'),
        /is not whole: .*peer0\.hospital-b\.example\/data is gone/,
      ],
      ['an organisation’s certificates', () => organisation(), /is not whole: .*hospital-b\.example is gone/],
      ['a node’s TLS certificate', () => organisation('peers', 'peer0.hospital-b.example', 'tls'), /peer0\.hospital-b\.example.*tls/],
      ['a node’s identity', () => organisation('peers', 'peer0.hospital-b.example', 'msp', 'signcerts'), /signcerts/],
      ['what the folder is', () => own('state.json'), /holds something else than a network of real Fabric/],
    ])('without %s it does not start, and nothing is made in its place', (_what, path, sentence) => {
      const aside = join(folder, 'aside');
      renameSync(path(), aside);
      try {
        expect(sentenceOf(['up', ...withDefault])).toMatch(sentence);
        expect(existsSync(join(path(), 'server.key'))).toBe(false);
      } finally {
        rmSync(path(), { recursive: true, force: true });
        renameSync(aside, path());
      }
    });

    it.each([
      ['state.json', '{', /state\.json cannot be read \(.*JSON/],
      ['state.json', '{}', /state\.json cannot be read \(format: /],
      ['amendments.json', '{', /amendments\.json cannot be read \(.*JSON.*restore it/],
      ['amendments.json', '[]', /amendments\.json cannot be read \(.*restore it/],
    ])('with a broken %s (%s) it does not start, and leaves the file as it is', (name, content, sentence) => {
      const before = existsSync(own(name)) ? written(own(name)) : undefined;
      writeFileSync(own(name), content);
      expect(sentenceOf(['up', ...withDefault])).toMatch(sentence);
      expect(written(own(name))).toBe(content);
      if (before === undefined) rmSync(own(name));
      else writeFileSync(own(name), before);
    });

    it('starts as if nothing had been, once everything is back', async () => {
      await start();
      await expect(at(A).evaluate('Get', ['early'])).resolves.toBe('x');
    });
  });

  describe('running', () => {
    let snapshot = '';
    const take = (...args: string[]): string => {
      const { status, stdout, stderr } = fabric(['snapshot', ...args, '--dir', dir, '--json']);
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      return (JSON.parse(stdout) as { folder: string }).folder;
    };
    const restore = ['restore', '--organization', C, '--snapshot'];
    const answersAtC = (key: string): Promise<boolean> =>
      at(C)
        .evaluate('Get', [key], { organizations: [C] })
        .then(
          (value) => value !== '',
          () => false,
        );
    /** Puts that peer's folder on a disk of its own, as long as this test needs it. */
    async function onDiskOfItsOwn(kibibytes: number, work: (disk: SmallDisk) => Promise<void>): Promise<void> {
      await stop();
      renameSync(peerOfC, `${peerOfC}.aside`);
      disk = SmallDisk.mount(peerOfC, kibibytes);
      cpSync(`${peerOfC}.aside`, peerOfC, { recursive: true });
      rmSync(`${peerOfC}.aside`, { recursive: true });
      await start();
      if (disk === undefined) return;
      try {
        await work(disk);
      } finally {
        await stop();
        cpSync(peerOfC, `${peerOfC}.aside`, { recursive: true });
        disk.unmount();
        disk = undefined;
        rmSync(peerOfC, { recursive: true });
        renameSync(`${peerOfC}.aside`, peerOfC);
        await start();
      }
    }

    it('takes no snapshot of a peer that is stopped, and says how it is started', () => {
      expect(fabric(['node', 'stop', 'peer0.hospital-b.example', '--dir', dir]).status).toBe(0);
      expect(sentenceOf(['snapshot', '--organization', 'hospital-b'])).toMatch(
        /peer0\.hospital-b\.example does not answer; .*'node start peer0\.hospital-b\.example' starts it/,
      );
      expect(fabric(['node', 'start', 'peer0.hospital-b.example', '--dir', dir]).status).toBe(0);
      expect(existsSync(own('snapshots'))).toBe(false);
    });

    it('leaves no half of a snapshot where the disk is full', () => {
      const full = SmallDisk.mount(own('snapshots'), 16);
      if (full !== undefined) {
        expect(sentenceOf(['snapshot', '--organization', 'hospital-a'])).toMatch(/the snapshot could not be copied to .*, no room perhaps/);
        expect(readdirSync(own('snapshots', 'peer0.hospital-a.example'))).toEqual([]);
        full.unmount();
      }
      snapshot = take('--organization', 'hospital-a');
      expect(existsSync(join(snapshot, 'public_state.data'))).toBe(true);
    });

    it('gives a peer back what it held when its disk is too full for a restore', async () => {
      await onDiskOfItsOwn(4_000, async (small) => {
        const free = small.fill(200_000);
        expect(sentenceOf([...restore, snapshot])).toMatch(
          /peer0\.hospital-c\.example .*(could not use the snapshot|no space left|refused)/,
        );
        free();
        await waitUntil('C endorses as before', () => answersAtC('early'), 60_000);
        expect(readdirSync(peerOfC).filter((name) => name.includes('before'))).toEqual([]);
      });
    });

    it('goes on while one peer’s disk is full, and that peer comes back when there is room', async () => {
      await onDiskOfItsOwn(4_000, async (small) => {
        const free = small.fill();
        const hospital = at(A);
        const until = Date.now() + 60_000;
        let count = 0;
        // its ledger fills whole blocks of the disk first
        while (running().node('peer0.hospital-c.example').pid !== undefined && Date.now() < until)
          for (let more = 0; more < 10; more++) await hospital.submit('Put', [`full-${count++}`, 'x'.repeat(30_000)]);
        expect(running().node('peer0.hospital-c.example').pid).toBeUndefined();
        await hospital.submit('Put', ['meanwhile', 'x']);
        await expect(at(A).evaluate('Get', ['meanwhile'])).resolves.toBe('x');
        expect(fabric(['logs', 'peer0.hospital-c.example', '--dir', dir]).stdout).toMatch(/no space left on device/);
        free();
        await waitUntil('C has what it missed', () => answersAtC('meanwhile'), 60_000);
        process.stderr.write(`the others committed ${count + 1} transactions while one peer had no room\n`);
      });
    });

    it('restores a peer after a restore was killed half-way, and keeps what it held', async () => {
      const child = spawn(process.execPath, [fabricCommand, 'fabric', ...restore, snapshot, '--dir', dir], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      await new Promise<void>((halfWay, fail) => {
        child.stderr.on('data', (text: Buffer) => {
          if (text.includes('started with nothing')) halfWay();
        });
        child.once('exit', () => {
          fail(new Error('the restore ended before it could be killed'));
        });
      });
      child.kill('SIGKILL');
      const held = readdirSync(peerOfC).filter((name) => name.includes('before'));
      expect(held).toHaveLength(1);
      const { status, stderr } = fabric([...restore, snapshot, '--dir', dir]);
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      expect(readdirSync(peerOfC)).toEqual(expect.arrayContaining(held));
      expect(existsSync(join(peerOfC, held[0] ?? '', 'ledgersData'))).toBe(true);
      await at(C).submit('Put', ['restored', 'x'], { organizations: [C, A] });
      await expect(at(A).evaluate('Get', ['restored'])).resolves.toBe('x');
    });
  });
});
