import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type Hl7Config, hl7ConfigSchema, type Journal, loadHl7Config, openJournal } from '@lianyi/hl7v2';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { type Flag } from '../command-spec';
import { misfitsOf, misfitText } from '../misfits';
import { type CommandOutcome } from '../outcome';
import { type Terminal } from '../terminal';

export const configFlag: Flag = { flags: '--config <file>', text: { en: 'hl7.json', zh: 'hl7.json' }, required: true };

/** Runs on the journal of an interface, which may be running. @throws CliProblem `CONFIG_INVALID` */
export async function withJournal(
  { terminal }: CommandCall,
  config: string,
  run: (journal: Journal, loaded: Hl7Config) => CommandOutcome | Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const loaded = await readHl7Config(config, terminal);
  const journal = openJournal(loaded);
  try {
    return await run(journal, loaded);
  } finally {
    journal.close();
  }
}

/** @throws CliProblem `CONFIG_INVALID` — with file, field and what was expected; the operating system's error if it cannot be read */
export async function readHl7Config(config: string, { cwd }: Pick<Terminal, 'cwd'>): Promise<Hl7Config> {
  const file = resolve(cwd, config);
  try {
    return await loadHl7Config(file);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new CliProblem('CONFIG_INVALID', `${file}: JSON`, { cause });
    if (!(cause instanceof z.ZodError)) throw cause;
    const misfits = misfitsOf(hl7ConfigSchema, JSON.parse(await readFile(file, 'utf8')));
    const { en, zh } = misfitText(misfits.map(({ path, why }) => [path.join('.'), why]));
    throw new CliProblem('CONFIG_INVALID', { en: `${file}; ${en}`, zh: `${file}；${zh}` }, { cause });
  }
}
