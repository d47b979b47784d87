import { readFile } from 'node:fs/promises';
import { type z } from 'zod';
import { CliProblem } from './cli-problem';
import { misfitsOf, misfitText } from './misfits';

/**
 * Loads a configuration that its schema parses.
 * @throws CliProblem `CONFIG_INVALID` — with file, field and what was expected; the operating system's error if it cannot be read
 */
export async function loadedConfig<Config>(file: string, schema: z.ZodType, load: () => Promise<Config>): Promise<Config> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new CliProblem('CONFIG_INVALID', `${file}: JSON`, { cause });
    if (!isMisfit(cause)) throw cause;
    const misfits = misfitsOf(schema, JSON.parse(await readFile(file, 'utf8')));
    const { en, zh } = misfitText(misfits.map(({ path, why }) => [path.join('.'), why]));
    throw new CliProblem('CONFIG_INVALID', { en: `${file}; ${en}`, zh: `${file}；${zh}` }, { cause });
  }
}

function isMisfit(error: unknown): boolean {
  return error instanceof Error && error.name.endsWith('ZodError');
}
