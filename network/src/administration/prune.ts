import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Output } from '../cli/output';
import { OperatorError, reasonOf } from '../machine/operator-error';
import { addVerb, type VerbGroup, type VerbOptions } from './verb-group';

export const PRUNABLE_KINDS = ['service', 'package', 'installed', 'left', 'log', 'leftover'] as const;

/** One file or folder that nobody needs any more. */
export interface Prunable {
  /**
   * `service`: a chaincode service of a superseded definition; `package`: the package of one; `installed`: the same at a peer;
   * `left`: of an organisation that left; `log`: a log that is full or whose node is no more; `leftover`: of a killed verb.
   */
  readonly kind: (typeof PRUNABLE_KINDS)[number];
  readonly path: string;
  readonly bytes: number;
}

/** Bytes of a file, or of all below a folder. */
export function sizeOf(path: string): number {
  const stat = lstatSync(path);
  return stat.isDirectory() ? readdirSync(path).reduce((total, name) => total + sizeOf(join(path, name)), 0) : stat.size;
}

interface PruneOptions extends VerbOptions {
  readonly dryRun?: boolean;
}

/** Looks for what may go, and changes nothing. */
export type FindPrunable = (dataDir: string) => readonly Prunable[] | Promise<readonly Prunable[]>;

/** Registers `prune`; `explanation` says what of this kind of network is removed. */
export function addPruneVerb(verbs: VerbGroup, output: Output, find: FindPrunable, explanation: string): void {
  addVerb(verbs, 'prune', 'remove what nobody needs any more; never a ledger or a key in use')
    .option('--dry-run', 'only list it')
    .addHelpText('after', `\n${explanation}`)
    .action(async (options: PruneOptions) => {
      prune(options, await find(resolve(options.dir)), output);
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
