import { CommanderError } from 'commander';
import { resolve } from 'node:path';
import { type CommandArea, commandAreas } from './areas';
import { CommandCall, type GlobalOptions } from './call';
import { CliProblem } from './cli-problem';
import { type AreaSpec } from './command-spec';
import { exitCode, type ExitCode } from './exit-code';
import { type SpokenLanguage, languageOfArguments } from './language';
import { problemJson, problemOf, renderProblem } from './problem';
import { buildProgram, type Chosen } from './program';
import { readerOf, renderJson, renderView } from './render';
import { type Terminal } from './terminal';

/**
 * Runs one command line: parse, act, print, answer the exit code.
 * The only place that prints outcomes and problems; nothing here ends the process.
 */
export async function runLianyi(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const language = languageOfArguments(argv, terminal.env);
  const json = argv.includes('--json');
  try {
    const chosen = parse(argv, language, terminal, await Promise.all(commandAreas.map((area) => load(area, argv))));
    if (typeof chosen === 'number') return chosen;
    const call = await newCall(globalOptions(chosen, language, terminal), terminal);
    assertDryRun(chosen, call);
    const outcome = await chosen.command.run(call, chosen.raw);
    if (outcome.silent !== true) terminal.out(json ? renderJson(outcome) : renderView(outcome, readerOf(terminal, language)));
    return outcome.exitCode ?? exitCode.ok;
  } catch (error) {
    const problem = problemOf(error);
    terminal.err(json ? problemJson(problem, language) : renderProblem(problem, language, terminal.errColumns));
    // A stack names files of this program only, but a message of a library may quote what it was given: only on request.
    if (terminal.env['LIANYI_DEBUG'] === '1' && error instanceof Error) terminal.err(`${error.stack ?? error.message}\n`);
    return problem.exitCode;
  }
}

/** @throws {@link CliProblem} `USAGE` — a dry run is asked of what has none. */
function assertDryRun({ command }: Chosen, { options }: CommandCall): void {
  if (options.dryRun && command.hasNoDryRun === true) throw new CliProblem('USAGE', '--dry-run');
}

/** Profiles are read by a schema, which is loaded only when somebody acts. */
async function newCall(options: GlobalOptions, terminal: Terminal): Promise<CommandCall> {
  const { as: name, dataDir } = options;
  if (name === undefined) return new CommandCall(options, terminal);
  const { loadProfile, profileFile } = await import('@lianyi/client/node');
  return new CommandCall(options, terminal, () => loadProfile(profileFile(name, dataDir)));
}

/** An area with its commands if one of the arguments is its name; the others are there for the help and for suggestions. */
async function load({ name, summary, commands }: CommandArea, argv: readonly string[]): Promise<AreaSpec> {
  return { name, summary, commands: argv.includes(name) ? await commands() : [] };
}

/** A number when commander has already answered: help asked for, or help because no command was named. */
function parse(argv: readonly string[], language: SpokenLanguage, terminal: Terminal, tree: readonly AreaSpec[]): Chosen | ExitCode {
  let chosen: Chosen | undefined;
  const program = buildProgram(tree, language, terminal, (choice) => {
    chosen = choice;
  });
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.ok;
    if (error instanceof CommanderError && error.code === 'commander.help') return exitCode.usage;
    throw error;
  }
  return chosen ?? exitCode.usage;
}

function globalOptions({ global }: Chosen, language: SpokenLanguage, { env, cwd }: Terminal): GlobalOptions {
  const as = text(global['as']) ?? text(env['LIANYI_PROFILE']);
  const dataDir = text(global['dataDir']) ?? text(env['LIANYI_DATA_DIR']) ?? '.lianyi/demo';
  return {
    ...(as === undefined ? {} : { as }),
    dataDir: resolve(cwd, dataDir),
    json: global['json'] === true,
    dryRun: global['dryRun'] === true,
    language,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
