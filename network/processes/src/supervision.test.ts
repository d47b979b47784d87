import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { endProcesses, isSameProcess, markOfProcess } from '@lianyi/network-model';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { choosePorts, refuseUsedPorts } from './choose-ports';
import { portNames } from './plan';
import { parseVersion } from './tools';
import { LagDetector } from './watchdog';

describe('the watchdog', () => {
  const heights = (...values: (number | undefined)[]): { name: string; height: number | undefined }[] =>
    values.map((height, index) => ({ name: `o${index}`, height }));

  it('has an orderer restarted that stands still while others go on', () => {
    const detector = new LagDetector(10_000);
    expect(detector.look(heights(5, 5, 5, 5), 0)).toEqual([]);
    expect(detector.look(heights(9, 9, 5, 9), 2_000)).toEqual([]);
    expect(detector.look(heights(12, 12, 5, 12), 9_999)).toEqual([]);
    expect(detector.look(heights(15, 15, 5, 15), 12_000)).toEqual(['o2']);
  });

  it('is patient anew after a restart', () => {
    const detector = new LagDetector(10_000);
    detector.look(heights(9, 5), 0);
    expect(detector.look(heights(9, 5), 10_000)).toEqual(['o1']);
    expect(detector.look(heights(9, 5), 12_000)).toEqual([]);
  });

  it('leaves alone who stands still with everybody', () => {
    const detector = new LagDetector(10_000);
    for (const at of [0, 20_000, 40_000]) expect(detector.look(heights(5, 5, 5, 5), at)).toEqual([]);
  });

  it('leaves alone who is behind and catches up', () => {
    const detector = new LagDetector(10_000);
    for (const [at, height] of [
      [0, 1],
      [9_000, 2],
      [18_000, 3],
      [27_000, 4],
    ] as const)
      expect(detector.look(heights(100, height), at)).toEqual([]);
  });

  it('has an orderer restarted that answers nothing for as long', () => {
    const detector = new LagDetector(10_000);
    expect(detector.look(heights(5, 5, 5), 0)).toEqual([]);
    expect(detector.look(heights(5, undefined, 5), 2_000)).toEqual([]);
    expect(detector.look(heights(5, undefined, 5), 11_000)).toEqual([]);
    expect(detector.look(heights(5, undefined, 5), 12_000)).toEqual(['o1']);
  });

  it('restarts nobody when nobody answers', () => {
    const detector = new LagDetector(10_000);
    for (const at of [0, 20_000, 40_000]) expect(detector.look(heights(undefined, undefined), at)).toEqual([]);
    expect(detector.look([], 60_000)).toEqual([]);
  });
});

describe('a process that was started', () => {
  it('is told from a later one of the same number', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await new Promise((done) => child.once('spawn', done));
    const pid = child.pid ?? 0;
    const mark = markOfProcess(pid) ?? '';
    expect(isSameProcess({ pid, mark })).toBe(true);
    await endProcesses([{ pid, mark: 'of another life' }], 100);
    expect(isSameProcess({ pid, mark })).toBe(true);
    await endProcesses([{ pid, mark }], 5_000);
    expect(markOfProcess(pid)).toBeUndefined();
  });

  it('is ended even when it does not listen', async () => {
    const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); console.log("deaf"); setInterval(() => {}, 1000)']);
    await new Promise((done) => child.stdout.once('data', done));
    const pid = child.pid ?? 0;
    await endProcesses([{ pid, mark: markOfProcess(pid) ?? '' }], 100);
    expect(markOfProcess(pid)).toBeUndefined();
  });
});

describe('ports', () => {
  it('stay what they were, follow the file, and are chosen for the rest', async () => {
    const consortium = consortiumOf({ ports: { 'peer0.b.example': 30_001 } });
    const ports = await choosePorts(consortium, new Map([['peer0.a.example', 30_000]]));
    expect(ports.get('peer0.a.example')).toBe(30_000);
    expect(ports.get('peer0.b.example')).toBe(30_001);
    expect([...ports.keys()].sort()).toEqual([...portNames(consortium)].sort());
    expect(new Set(ports.values()).size).toBe(ports.size);
  });

  it('cannot be moved once they stand in the channel', async () => {
    const consortium = consortiumOf({ ports: { 'peer0.a.example': 30_001 } });
    await expect(choosePorts(consortium, new Map([['peer0.a.example', 30_000]]))).rejects.toThrow(
      /was made with port 30000, the consortium file now says 30001/,
    );
  });

  it('cannot be given twice, nor be another program’s', async () => {
    await expect(
      refuseUsedPorts(
        new Map([
          ['a', 30_000],
          ['b', 30_000],
        ]),
      ),
    ).rejects.toThrow('port 30000 is given to both a and b');
    const server = createServer();
    await new Promise<void>((done) => server.listen({ host: '127.0.0.1', port: 0 }, done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(refuseUsedPorts(new Map([['peer0.a.example', port]]))).rejects.toThrow(
      `port ${port}, which peer0.a.example needs, is in use by another program`,
    );
    await new Promise((done) => server.close(done));
  });
});

describe('the version a program prints', () => {
  it.each([
    ['peer:\n Version: 3.1.5\n Commit SHA: 86c1172be\n', '3.1.5'],
    ['orderer:\n Version: v2.5.16\n', '2.5.16'],
    ['Version: 3.2.0-rc1\n', '3.2.0-rc1'],
    ['hello', undefined],
    ['Version: unknown', undefined],
  ])('of %j is %s', (output, version) => {
    expect(parseVersion(output)).toBe(version);
  });
});
