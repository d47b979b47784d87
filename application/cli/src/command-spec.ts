import type { z } from 'zod';
import { type CommandCall } from './call';
import { CliProblem } from './cli-problem';
import { type Text } from './language';
import { type CommandOutcome } from './outcome';

/** An option as commander spells it (`--pseudonym <id>`). Required-ness is said by the command's schema, and shown in the help. */
export interface Flag {
  readonly flags: string;
  readonly text: Text;
  readonly required?: boolean;
  readonly choices?: readonly string[];
}

export interface CommandArgument {
  /** `<card>` or `[file]` */
  readonly term: string;
  readonly text: Text;
  readonly choices?: readonly string[];
}

/** A command as data: help, arguments and options for commander, and what to run on the parsed input. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: Text;
  readonly detail?: Text;
  /** What follows the command's words in one line that can be copied; capitals stand for an id that an earlier command has printed. */
  readonly example: string;
  /** It is no request that could be shown unsent: `--dry-run` is refused before anything is read, written or sent. */
  readonly hasNoDryRun?: true;
  readonly arguments: readonly CommandArgument[];
  readonly flags: readonly Flag[];
  /** Starts something that runs until it is stopped; prints by itself. */
  run(call: CommandCall, raw: Readonly<Record<string, unknown>>): Promise<CommandOutcome>;
}

/** An area with its commands; of one that the command line does not name, none is loaded. */
export interface AreaSpec {
  readonly name: string;
  readonly summary: Text;
  readonly commands: readonly CommandSpec[];
}

/** Ties a command's options to the schema that parses them: inside `run`, input is typed and true. */
export function command<Schema extends z.ZodObject>(spec: {
  readonly name: string;
  readonly summary: Text;
  readonly detail?: Text;
  readonly example: string;
  readonly hasNoDryRun?: true;
  readonly arguments?: readonly CommandArgument[];
  readonly flags?: readonly Flag[];
  readonly input: Schema;
  readonly run: (call: CommandCall, input: z.output<Schema>) => Promise<CommandOutcome>;
}): CommandSpec {
  const commandArguments = spec.arguments ?? [];
  const flags = spec.flags ?? [];
  return {
    name: spec.name,
    summary: spec.summary,
    ...(spec.detail === undefined ? {} : { detail: spec.detail }),
    example: spec.example,
    ...(spec.hasNoDryRun === undefined ? {} : { hasNoDryRun: spec.hasNoDryRun }),
    arguments: commandArguments,
    flags,
    run: async (call, raw) => spec.run(call, await parse(spec.input, raw, (key) => termOf(key, commandArguments, flags))),
  };
}

/** The key under which commander and {@link command} know `--previous-version <n>` or `<card>`. */
export function optionKey(term: string): string {
  const name = /^--([a-z][a-z0-9-]*)/.exec(term)?.[1] ?? /^[<[]([a-z][a-z0-9-]*)/.exec(term)?.[1] ?? term;
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function termOf(key: string, commandArguments: readonly CommandArgument[], flags: readonly Flag[]): string {
  const flag = flags.find((candidate) => optionKey(candidate.flags) === key);
  return flag?.flags ?? commandArguments.find((candidate) => optionKey(candidate.term) === key)?.term ?? key;
}

async function parse<Schema extends z.ZodObject>(
  schema: Schema,
  raw: Readonly<Record<string, unknown>>,
  term: (key: string) => string,
): Promise<z.output<Schema>> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const { misfitsOf, misfitText, REQUIRED } = await import('./misfits.js');
  const placed = misfitsOf(schema, raw).map(({ path: [first = ''], why }) => {
    const key = String(first);
    return [term(key), raw[key] === undefined ? REQUIRED : why] as const;
  });
  throw new CliProblem('USAGE', misfitText(placed));
}
