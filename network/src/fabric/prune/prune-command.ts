import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { addVerb, type VerbGroup, type VerbOptions } from '../../administration/verb-group';
import { type Output } from '../../cli/output';
import { OperatorError, reasonOf } from '../../machine/operator-error';
import { fabricFolders } from '../plan';
import { findPrunable, type Prunable } from './find-prunable';
import { lookAtUse } from './in-use';

interface PruneOptions extends VerbOptions {
  readonly dryRun?: boolean;
}

/** Registers `prune`. */
export function addPruneVerb(verbs: VerbGroup, output: Output): void {
  addVerb(verbs, 'prune', 'remove what nobody needs any more; never a ledger or a key in use. Running or stopped')
    .option('--dry-run', 'only list it')
    .addHelpText(
      'after',
      `
Removed are: folders of chaincode services of superseded definitions, their packages and what peers that are stopped keep of
them; all of organisations that left, their ledgers and keys, too; logs that are full or whose node is no more; what killed
verbs left. Not touched: snapshots, and what restore put aside, which may hold the only private values.`,
    )
    .action((options: PruneOptions) => {
      prune(options, output);
    });
}

function remove({ path }: Prunable): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw new OperatorError('DISK', `${path} cannot be removed: ${reasonOf(error)}; what was listed before it is gone`, { cause: error });
  }
}

function prune({ dir, json, dryRun = false }: PruneOptions, output: Output): void {
  const folders = fabricFolders(resolve(dir));
  const found = findPrunable(folders, lookAtUse(folders));
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
