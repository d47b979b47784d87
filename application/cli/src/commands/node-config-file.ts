import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadNodeConfig, type NodeConfig, nodeConfigSchema, parseNodeConfig } from '@lianyi/member-node';
import { CliProblem } from '../cli-problem';
import { misfitsOf, misfitText } from '../misfits';
import { type Terminal } from '../terminal';

/**
 * Reads a `node.json` named on the command line.
 * @throws CliProblem `CONFIG_INVALID` — with file, field and what was expected; the operating system's error if it cannot be read
 */
export function readNodeConfig(config: string, { cwd }: Pick<Terminal, 'cwd'>): Promise<NodeConfig> {
  const file = resolve(cwd, config);
  return told(file, () => loadNodeConfig(file));
}

/** The same with its paths as they are written. @throws as {@link readNodeConfig} */
export function readNodeConfigAsWritten(file: string): Promise<NodeConfig> {
  return told(file, async () => parseNodeConfig(JSON.parse(await readFile(file, 'utf8'))));
}

async function told(file: string, load: () => Promise<NodeConfig>): Promise<NodeConfig> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new CliProblem('CONFIG_INVALID', `${file}: JSON`, { cause });
    if (!isMisfit(cause)) throw cause;
    const misfits = misfitsOf(nodeConfigSchema, JSON.parse(await readFile(file, 'utf8')));
    const { en, zh } = misfitText(misfits.map(({ path, why }) => [path.join('.'), why]));
    throw new CliProblem('CONFIG_INVALID', { en: `${file}; ${en}`, zh: `${file}；${zh}` }, { cause });
  }
}

function isMisfit(error: unknown): boolean {
  return error instanceof Error && error.name.endsWith('ZodError');
}
