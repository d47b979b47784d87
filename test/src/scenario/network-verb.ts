import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describeUnless } from '../describe-unless';
import { type CommandResult, runCommand } from '../run-command';
import { networkKind, repositoryRoot } from './scenario';

const command = join(repositoryRoot, 'network/cli/dist/main.js');

/** Runs one verb on the network the scenarios run on, while this process goes on. */
export function networkVerb(args: readonly string[]): Promise<CommandResult> {
  return runCommand([command, networkKind, ...args]);
}

/** `describe` where the network has the verb; else the suite is skipped and the reason printed. */
export function describeWithVerb(verb: string, title: string, suite: () => void): void {
  const { stdout } = spawnSync(process.execPath, [command, networkKind, '--help'], { encoding: 'utf8' });
  const isThere = new RegExp(`^ +${verb}\\b`, 'm').test(stdout);
  describeUnless(isThere ? undefined : `the ${networkKind} network has no verb ${verb}`, title, suite);
}
