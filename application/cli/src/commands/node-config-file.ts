import { resolve } from 'node:path';
import { loadNodeConfig, type NodeConfig } from '@lianyi/member-node';
import { CliProblem } from '../cli-problem';
import { type Terminal } from '../terminal';

/**
 * Reads a `node.json` named on the command line.
 * @throws CliProblem `FILE_UNREADABLE`; `CONFIG_INVALID` — with file, field and what was expected
 */
export async function readNodeConfig(config: string, { cwd }: Pick<Terminal, 'cwd'>): Promise<NodeConfig> {
  const file = resolve(cwd, config);
  try {
    return await loadNodeConfig(file);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new CliProblem('CONFIG_INVALID', `${file}: JSON`, { cause });
    if (hasIssues(cause))
      throw new CliProblem(
        'CONFIG_INVALID',
        [file, ...cause.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)].join('; '),
        {
          cause,
        },
      );
    throw cause;
  }
}

interface Issues {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

function hasIssues(error: unknown): error is Issues {
  return error instanceof Error && error.name.endsWith('ZodError') && 'issues' in error && Array.isArray(error.issues);
}
