import { spawn } from 'node:child_process';

/** What a command came to. */
export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const TIMEOUT_MILLIS = 120_000;

/** Runs a Node program to its end while this process goes on. */
export async function runCommand(argv: readonly string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MILLIS });
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (text: Buffer) => {
      texts[stream] += text.toString();
    });
  }
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => {
      done({ status, ...texts });
    });
  });
}
