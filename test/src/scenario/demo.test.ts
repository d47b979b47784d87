import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoDocumentCases, documentsFolder } from './demo-documents';
import { keptDemoCases } from './demo-kept';
import { DemoRun, isListening, keptFolder } from './demo-run';
import { waitUntil } from '../wait-until';

jest.setTimeout(300_000);

/** A process that was starting when its parent was killed may first finish that. */
const GONE_WITHIN_MILLIS = 60_000;
/** A run to the end costs as much as a whole story: `LIANYI_DEEP=1` ends one at every moment, else one at the first, a middle and the last. */
const isDeep = process.env['LIANYI_DEEP'] === '1';
const runs: DemoRun[] = [];

function startDemo(env?: Readonly<Record<string, string>>, args?: readonly string[]): DemoRun {
  const run = new DemoRun(env, args);
  runs.push(run);
  return run;
}

async function expectNothingLeft(run: DemoRun, ports: readonly number[]): Promise<void> {
  await waitUntil('no process of the run is alive', () => run.processes().length === 0, GONE_WITHIN_MILLIS);
  expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false));
}

const linuxOnly = process.platform === 'linux' ? describe : describe.skip;
if (process.platform !== 'linux') process.stderr.write('skipped: killed runs, since their processes are found in /proc\n');

afterAll(() => {
  for (const run of runs) {
    for (const pid of run.processes()) process.kill(pid, 'SIGKILL');
    rmSync(run.dataDir, { recursive: true, force: true });
  }
});

linuxOnly('a demo that is ended from outside', () => {
  const signals = [
    { signal: 'SIGINT', code: 130, moment: 1 },
    { signal: 'SIGTERM', code: 143, moment: 2 },
  ] as const;

  it.each(signals.slice(0, isDeep ? undefined : 1))(
    'ends everything and removes its folder on $signal',
    async ({ signal, code, moment }) => {
      const run = startDemo();
      await run.finished(moment);
      const ports = run.peerPorts();
      expect(ports.length).toBeGreaterThan(0);
      run.kill(signal);
      expect(await run.ended).toEqual({ code, signal: null });
      expect(run.processes()).toEqual([]);
      await expectNothingLeft(run, ports);
      expect(existsSync(run.dataDir)).toBe(false);
    },
  );

  const moments: readonly { readonly when: string; readonly isSampled?: true; readonly reached: (run: DemoRun) => Promise<void> }[] = [
    { when: 'before it has written anything', isSampled: true, reached: (run) => run.until('it runs', () => run.processes().length > 0) },
    { when: 'while the network starts', reached: (run) => run.until('chaincode starts', () => run.processes('chaincode.cjs').length > 0) },
    {
      when: 'while the member nodes start',
      isSampled: true,
      reached: (run) => run.until('nodes start', () => run.processes('node.json').length > 0),
    },
    { when: 'while a report is published', reached: (run) => run.finished(11) },
    { when: 'while a document is read', isSampled: true, reached: (run) => run.finished(16) },
  ];

  it.each(moments.filter(({ isSampled }) => isDeep || isSampled))(
    'leaves no process and no open port behind when killed $when',
    async ({ reached }) => {
      const run = startDemo();
      await reached(run);
      const ports = run.peerPorts();
      run.kill('SIGKILL');
      expect(await run.ended).toEqual({ code: null, signal: 'SIGKILL' });
      await expectNothingLeft(run, ports);
    },
  );
});

/** What somebody has kept in this checkout is theirs. */
const isKept = !existsSync(keptFolder);
if (!isKept) process.stderr.write(`skipped: going on with a kept demo, since there is one in ${keptFolder}\n`);

/** After those that were killed; one of the two is given documents, and keeps what it made. */
describe('two demos side by side', () => {
  let left: readonly string[];
  let outside: readonly [home: string, temporary: string];
  let both: readonly [plain: DemoRun, withDocuments: DemoRun];

  beforeAll(async () => {
    left = runs.map((run) => run.dataDir).filter((folder) => existsSync(folder));
    outside = [mkdtempSync(join(tmpdir(), 'lianyi-home-')), mkdtempSync(join(tmpdir(), 'lianyi-tmp-'))];
    const [HOME, TMPDIR] = outside;
    const args = ['--documents', documentsFolder(), '--lang', 'en', ...(isKept ? ['--keep'] : [])];
    both = [startDemo({ HOME, TMPDIR }), startDemo({ HOME, TMPDIR }, args)];
    const [plain, { lines, ended }] = both;
    const told = isKept ? both[1].until('it says how to go on', () => lines.some(({ note }) => note !== undefined)) : ended;
    await Promise.all([plain.ended, told]);
  });
  afterAll(() => {
    for (const folder of outside) rmSync(folder, { recursive: true });
  });

  it('pass', async () => {
    expect(both.map((run) => run.verdict?.reason ?? run.verdict?.verdict)).toEqual(['PASS', 'PASS']);
    expect(await both[0].ended).toEqual({ code: 0, signal: null });
  });

  describe('with a folder of documents', () => {
    demoDocumentCases(() => both[1]);
  });

  (isKept ? describe : describe.skip)('with --keep', () => {
    keptDemoCases(() => both[1]);
  });

  (process.platform === 'linux' ? it : it.skip)('leave no process, and sweep the folders of those killed', () => {
    expect(left).not.toEqual([]);
    expect(both.flatMap((run) => run.processes())).toEqual([]);
    expect(runs.map((run) => run.dataDir).filter((folder) => existsSync(folder) && folder !== keptFolder)).toEqual([]);
  });

  it('write to neither HOME nor TMPDIR', () => {
    expect(outside.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }))).toEqual([]);
  });
});
