import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '../support/scratch-directory';
import { DemoRun, isListening, keptFolder } from './demo-run';
import { repositoryRoot } from './scenario';

jest.setTimeout(300_000);

const report = JSON.parse(readFileSync(join(repositoryRoot, 'application/examples/laboratory-report-zh.json'), 'utf8')) as object;
const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const labelled = (system: string, code: string): string => JSON.stringify({ ...report, meta: { security: [{ system, code }] } });

/** What lies in the folder, and what the story must tell of it. */
const files: Readonly<Record<string, string>> = {
  'ordinary.json': JSON.stringify(report),
  'CAPITALS.JSON': JSON.stringify(report),
  'below/deep.json': JSON.stringify(report),
  'restricted.json': labelled(confidentiality, 'R'),
  'very-restricted.json': labelled(confidentiality, 'V'),
  'hiv.json': labelled(actCode, 'HIV'),
  'unknown-label.json': labelled('https://labels.example', 'X1'),
  'no-fhir.json': '{"name":"nobody"}',
  'cut-off.json': JSON.stringify(report).slice(0, -9),
  'empty.json': '',
  'twice.json': '{"resourceType":"Observation","status":"final","status":"amended","code":{"text":"x"}}',
  'many.ndjson': JSON.stringify(report),
  'packed.json.gz': 'not looked at',
  'scan.pdf': 'not looked at',
};

describe('the demo with a folder of documents', () => {
  let run: DemoRun;
  const told = (text: string, title?: RegExp): boolean =>
    run.lines.some((line) => line.detail?.includes(text) === true && (title === undefined || title.test(line.title ?? '')));

  /** What somebody has kept in this checkout is theirs. */
  const isKept = !existsSync(keptFolder);
  if (!isKept) process.stderr.write(`skipped: going on with a kept demo, since there is one in ${keptFolder}\n`);

  beforeAll(async () => {
    const folder = scratchDirectory();
    mkdirSync(join(folder, 'below'));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    run = new DemoRun({}, ['--documents', folder, '--lang', 'en', ...(isKept ? ['--keep'] : [])]);
    if (isKept) await run.until('it says how to go on', () => run.lines.some(({ note }) => note !== undefined));
    else await run.ended;
  });
  afterAll(() => {
    for (const pid of run.processes()) process.kill(pid, 'SIGKILL');
    if (isKept) rmSync(keptFolder, { recursive: true, force: true });
  });

  it('passes', () => {
    expect(run.verdict).toMatchObject({ verdict: 'PASS' });
  });

  it.each(['ordinary.json', 'CAPITALS.JSON', 'deep.json'])('publishes %s under an ordinary consent', (name) => {
    expect(run.lines.some(({ detail }) => detail?.startsWith(`${name} →`) === true && !detail.includes('needs a consent'))).toBe(true);
  });

  it.each([
    ['restricted.json', 'label R'],
    ['very-restricted.json', 'label V'],
    ['hiv.json', 'level 5'],
    ['unknown-label.json', 'label R and level 5'],
  ])('says of %s what a consent must name, and that the ordinary one does not open it', (name, needs) => {
    expect(told(`${name} needs a consent that names`)).toBe(true);
    const denied = run.lines.find(({ detail }) => detail?.includes(`: ${name} needs`) === true);
    expect(denied).toMatchObject({ outcome: 'denied' });
    expect(denied?.detail).toContain(needs);
  });

  it.each([
    ['no-fhir.json', 'DOCUMENT_NOT_FHIR'],
    ['cut-off.json', 'DOCUMENT_NOT_JSON'],
    ['empty.json', 'DOCUMENT_EMPTY'],
    ['twice.json', 'DOCUMENT_DUPLICATE_KEY'],
  ])('goes on after %s, which is refused by name', (name, code) => {
    expect(run.lines).toContainEqual(expect.objectContaining({ outcome: 'refused', detail: `${name}: ${code}` }));
  });

  it('counts what it leaves out, by name', () => {
    for (const name of ['3: ', 'many.ndjson', 'packed.json.gz', 'scan.pdf']) expect(told(name, /left out/)).toBe(true);
  });

  (isKept ? describe : describe.skip)('with --keep', () => {
    /** As a shell in the checkout runs what is pasted, without what npm takes to begin. */
    const paste = (commands: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
      const lianyi = join(repositoryRoot, 'application/cli/bin/lianyi.cjs');
      const npm = `npm() { shift 4; '${process.execPath}' '${lianyi}' "$@"; }`;
      return spawnSync('sh', ['-c', `${npm}\n${commands}`], { cwd: repositoryRoot, encoding: 'utf8' });
    };

    it('goes on by the lines that it prints, each pasted by hand', () => {
      const [note = ''] = run.lines.flatMap((line) => (line.note === undefined ? [] : [line.note]));
      const exported = (note.match(/^ {2}export .*$/gm) ?? []).join('\n');
      const commands = note.split(/^ {2}(?=npm )/m).slice(1);
      const [, publish = '', list = '', grant = '', request = '', read = '', revoke = '', readAgain = '', audit = '', chain = ''] =
        commands.map((command) => (command.match(/^(?:.*\\\n)*.*$/m) ?? [''])[0]);
      const done = (command: string): string => {
        const { status, stdout, stderr } = paste(`${exported}\n${command}`);
        expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: '' });
        return stdout;
      };
      done(publish);
      expect(done(list)).toMatch(/imaging-report/);
      done(grant);
      const ticket = /"ticketId":\s*"([^"]+)"/.exec(done(`${request} --json`))?.[1] ?? '';
      expect(done(read.replace('TICKET', ticket))).toContain('"resourceType"');
      done(revoke);
      expect(paste(`${exported}\n${readAgain.replace('TICKET', ticket)}`)).toMatchObject({ stdout: '' });
      expect(paste(`${exported}\n${readAgain.replace('TICKET', ticket)}`).status).toBeGreaterThan(0);
      expect(done(audit).split('\n').length).toBeGreaterThan(10);
      done(chain);
    });

    it('keeps all of it on Ctrl-C, and says how it is started again', async () => {
      const ports = run.peerPorts();
      run.kill('SIGINT');
      expect(await run.ended).toEqual({ code: 0, signal: null });
      expect(run.processes()).toEqual([]);
      expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false));
      for (const kept of ['network', 'nodes/HospitalAMSP/node.json', 'wallets/patient.wallet', 'profiles/patient.json'])
        expect([kept, existsSync(join(keptFolder, kept))]).toEqual([kept, true]);
      expect(run.lines.at(-1)?.note).toContain(keptFolder);
    });

    it('never takes the place of what is kept', async () => {
      const next = new DemoRun({}, ['--keep']);
      expect(await next.ended).toEqual({ code: 1, signal: null });
      expect(existsSync(join(keptFolder, 'wallets/patient.wallet'))).toBe(true);
    });
  });
});
