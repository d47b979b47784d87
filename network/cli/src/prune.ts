import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { type FindPrunable, type HoldNetwork, OperatorError, type Prunable, reasonOf } from '@lianyi/network-model';
import { type HelpText } from './language';
import { networkOptions } from './on-network';
import { switchOption } from './option';
import { type LineOutput } from './output';
import { verb, type VerbSpec } from './verb-spec';

interface PruneInput {
  readonly json: boolean;
  readonly dryRun: boolean;
}

interface PruneKind {
  readonly defaultDir: string;
  readonly find: FindPrunable;
  /** Absent: only a running network is pruned. */
  readonly hold?: HoldNetwork;
  /** Says what of this kind of network is removed. */
  readonly explanation: HelpText;
}

/** `prune`. */
export const pruneVerb = ({ defaultDir, find, hold, explanation }: PruneKind): VerbSpec =>
  verb({
    name: 'prune',
    summary: {
      en: 'remove what nobody needs any more; never a ledger or a key in use',
      zh: '删除不再需要的内容；绝不删除使用中的账本或密钥',
    },
    detail: explanation,
    options: { dryRun: switchOption('--dry-run', { en: 'only list it', zh: '只列出，不删除' }), ...networkOptions(defaultDir) },
    action: async (input, { output }) => {
      const dataDir = resolve(input.dir);
      if (input.dryRun) {
        prune(input, await find(dataDir, false), output);
        return;
      }
      const release = hold?.(dataDir);
      try {
        prune(input, await find(dataDir, release !== undefined), output);
      } finally {
        release?.();
      }
    },
  });

function remove({ path }: Prunable): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw new OperatorError('DISK', `${path} cannot be removed: ${reasonOf(error)}; what was listed before it is gone`, { cause: error });
  }
}

function prune({ json, dryRun }: PruneInput, found: readonly Prunable[], output: LineOutput): void {
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
