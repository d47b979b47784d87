import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DemoRun, isListening, keptFolder } from './demo-run';
import { repositoryRoot } from './scenario';

/** @param demo - a demo that was told to keep what it made, and has said how to go on; it is ended here */
export function keptDemoCases(demo: () => DemoRun): void {
  /** As a shell in the checkout runs what is pasted, without what npm takes to begin. */
  const paste = (commands: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
    const lianyi = join(repositoryRoot, 'application/cli/bin/lianyi.cjs');
    const npm = `npm() { shift 4; '${process.execPath}' '${lianyi}' "$@"; }`;
    return spawnSync('sh', ['-c', `${npm}\n${commands}`], { cwd: repositoryRoot, encoding: 'utf8' });
  };

  it('goes on by the lines that it prints, each pasted by hand', () => {
    const [note = ''] = demo().lines.flatMap((line) => (line.note === undefined ? [] : [line.note]));
    const exported = (note.match(/^ {2}export .*$/gm) ?? []).join('\n');
    const commands = note.split(/^ {2}(?=npm )/m).slice(1);
    const [, publish = '', list = '', grant = '', request = '', read = '', revoke = '', readAgain = '', audit = '', chain = ''] =
      commands.map((command) => (command.match(/^(?:.*\\\n)*.*$/m) ?? [''])[0]);
    const done = (command: string, told: unknown = ''): string => {
      const { status, stdout, stderr } = paste(`${exported}\n${command}`);
      expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: told });
      return stdout;
    };
    done(publish);
    expect(done(list)).toMatch(/imaging-report/);
    // the text that is agreed to
    done(grant, expect.stringMatching(/^Consent to the reading of medical records\n[\s\S]*department cardiology of HospitalBMSP/));
    const ticket = /"ticketId":\s*"([^"]+)"/.exec(done(`${request} --json`))?.[1] ?? '';
    expect(done(read.replace('TICKET', ticket))).toContain('"resourceType"');
    done(revoke);
    expect(paste(`${exported}\n${readAgain.replace('TICKET', ticket)}`)).toMatchObject({ stdout: '' });
    expect(paste(`${exported}\n${readAgain.replace('TICKET', ticket)}`).status).toBeGreaterThan(0);
    expect(done(audit).split('\n').length).toBeGreaterThan(10);
    done(chain);
  });

  it('keeps all of it on Ctrl-C, and says how it is started again', async () => {
    const ports = demo().peerPorts();
    demo().kill('SIGINT');
    expect(await demo().ended).toEqual({ code: 0, signal: null });
    expect(demo().processes()).toEqual([]);
    expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false));
    for (const kept of ['network', 'nodes/HospitalAMSP/node.json', 'wallets/patient.wallet', 'profiles/patient.json'])
      expect([kept, existsSync(join(keptFolder, kept))]).toEqual([kept, true]);
    expect(demo().lines.at(-1)?.note).toContain(keptFolder);
  });

  it('never takes the place of what is kept', async () => {
    const next = new DemoRun({}, ['--keep']);
    expect(await next.ended).toEqual({ code: 1, signal: null });
    expect(existsSync(join(keptFolder, 'wallets/patient.wallet'))).toBe(true);
  });
}
