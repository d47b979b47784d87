import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { type FindPrunable, type HoldNetwork, OperatorError, type Prunable, reasonOf } from '@lianyi/network-model';
import { type Output } from './output';
import { addVerb, type VerbGroup, type VerbOptions } from './verb-group';

interface PruneOptions extends VerbOptions {
  readonly dryRun?: boolean;
}

export interface PruneKind {
  readonly find: FindPrunable;
  /** Absent: only a running network is pruned. */
  readonly hold?: HoldNetwork;
  /** Says what of this kind of network is removed. */
  readonly explanation: string;
}

/** Registers `prune`. */
export function addPruneVerb(verbs: VerbGroup, output: Output, { find, hold, explanation }: PruneKind): void {
  addVerb(verbs, 'prune', 'remove what nobody needs any more; never a ledger or a key in use')
    .option('--dry-run', 'only list it')
    .addHelpText('after', `\n${explanation}`)
    .action(async (options: PruneOptions) => {
      const dataDir = resolve(options.dir);
      if (options.dryRun === true) {
        prune(options, await find(dataDir, false), output);
        return;
      }
      const release = hold?.(dataDir);
      try {
        prune(options, await find(dataDir, release !== undefined), output);
      } finally {
        release?.();
      }
    });
}

function remove({ path }: Prunable): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw new OperatorError('DISK', `${path} cannot be removed: ${reasonOf(error)}; what was listed before it is gone`, { cause: error });
  }
}

function prune({ json, dryRun = false }: PruneOptions, found: readonly Prunable[], output: Output): void {
  for (const entry of found) {
    if (!dryRun) remove(entry);
    if (!json) output.out(`${entry.kind.padEnd(9)}  ${kilobytes(entry.bytes).padStart(10)}  ${entry.path}`);
  }
  const bytes = found.reduce((total, entry) => total + entry.bytes, 0);
  if (json) output.out(JSON.stringify({ dryRun, entries: found, bytes }));
  else if (found.length === 0) output.out('nothing to remove');
  else output.out(`${dryRun ? 'would remove' : 'removed'} ${found.length} entries, ${kilobytes(bytes)}`);
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} kB`;
}
