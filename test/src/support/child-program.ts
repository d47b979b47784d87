import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { scratchDirectory } from './scratch-directory';

const root = join(__dirname, '../../..');

/**
 * Builds a program of these tests from the sources, to be run by other processes: what one process does to another's files,
 * and what a kill leaves behind, cannot be tried inside one.
 */
export function buildProgram(entry: string): string {
  const outfile = join(scratchDirectory(), 'program.cjs');
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: ['lianyi-source'],
    nodePaths: [join(root, 'node_modules')],
    // native, not built here: fabric-gateway asks for it when a key lies in an HSM
    external: ['pkcs11js'],
    logLevel: 'error',
  });
  return outfile;
}

/** A running program: its lines as they come, and how it ended. */
export type RunningProgram = { child: ChildProcess; lines: AsyncIterator<string>; ended: Promise<NodeJS.Signals | number | null> };

export function startProgram(program: string, ...args: string[]): RunningProgram {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) =>
    child.once('exit', (code, signal) => {
      resolve(signal ?? code);
    }),
  );
  return { child, lines: linesOf(child.stdout), ended };
}

async function* linesOf(output: AsyncIterable<Buffer>): AsyncGenerator<string, undefined> {
  let text = '';
  for await (const piece of output) {
    text += piece.toString('utf8');
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
  return undefined;
}
