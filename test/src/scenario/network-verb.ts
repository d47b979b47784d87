import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { networkKind, repositoryRoot } from './scenario';

const command = join(repositoryRoot, 'network/dist/cli/main.js');
const TIMEOUT_MILLIS = 120_000;

/** What one verb of `lianyi-network` came to. */
export interface VerbResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one verb on the network the scenarios run on, while this process goes on. */
export async function networkVerb(args: readonly string[]): Promise<VerbResult> {
  const child = spawn(process.execPath, [command, networkKind, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MILLIS });
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

/** `describe` where the network has the verb; else the suite is skipped and the reason printed. */
export function describeWithVerb(verb: string, title: string, suite: () => void): void {
  const { stdout } = spawnSync(process.execPath, [command, networkKind, '--help'], { encoding: 'utf8' });
  if (new RegExp(`^ +${verb}\\b`, 'm').test(stdout)) {
    describe(title, suite);
    return;
  }
  process.stderr.write(`skipped: ${title}: the ${networkKind} network has no verb ${verb}\n`);
  describe.skip(title, suite);
}
