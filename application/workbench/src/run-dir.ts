import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a folder of a run is called; the number is the process it belongs to. */
const RUN_DIR = /^(?:demo|bench|test)-(\d+)(?:-|$)/;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // somebody else's process
  }
}

/** A number given again to another process only delays this: the folder then goes when that one has ended. */
function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = RUN_DIR.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // another run sweeps at this moment, or a process of the dead run still writes: the next start removes it
    }
  }
}

/**
 * Makes the folder of this process's run below `.lianyi/` of the checkout, so that two runs do not meet.
 * Folders of runs whose process has ended go first: a killed run could not remove its own (with keys in it), and one that
 * failed kept its logs until now.
 */
export function newRunDir(repositoryRoot: string, purpose: 'demo' | 'bench'): string {
  const parent = join(repositoryRoot, '.lianyi');
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  sweep(parent);
  const folder = join(parent, `${purpose}-${process.pid}`);
  rmSync(folder, { recursive: true, force: true }); // of an earlier process with our number
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** There is a kept demo already. */
export class DemoKept extends Error {
  override readonly name = 'DemoKept';

  constructor(readonly folder: string) {
    super(`a demo was kept in ${folder}`);
  }
}

/**
 * Makes the folder of a demo that is kept: the one that `lianyi` looks into without `--data-dir`. Nothing ever sweeps it.
 * @throws {@link DemoKept} — there is one already; what it holds (ledger, keys, wallets) cannot be had again, so it is never replaced
 */
export function newKeptDir(repositoryRoot: string): string {
  const folder = join(repositoryRoot, '.lianyi', 'demo');
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new DemoKept(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * Makes room for the next kept demo after one that never came as far as to be gone on with: its folder stays for its logs as that of any
 * other run, until the next demo sweeps it.
 * @returns where it is now
 */
export function setAsideKeptDir(repositoryRoot: string): string {
  const parent = join(repositoryRoot, '.lianyi');
  const folder = join(parent, `demo-${process.pid}`);
  rmSync(folder, { recursive: true, force: true }); // of an earlier process with our number
  renameSync(join(parent, 'demo'), folder);
  return folder;
}
