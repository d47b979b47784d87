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

/** Looks for what may go, and changes nothing. `isHeld`: this process keeps the network from being started. */
export type FindPrunable = (dataDir: string, isHeld: boolean) => readonly Prunable[] | Promise<readonly Prunable[]>;

/** Keeps a stopped network from being started, until what it answers is called; `undefined`: it runs. */
export type HoldNetwork = (dataDir: string) => (() => void) | undefined;

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
