import { Argument, Command, Option } from 'commander';
import { TERMINAL_COLUMNS, wrapColumns } from './columns';
import { exampleOf } from './examples';
import { describeFailure } from './exit-codes';
import { BilingualHelp } from './help';
import { type HelpLanguage, languageOfCommandLine } from './language';
import { declared } from './option';
import { type LineOutput, terminal } from './output';
import { type VerbCall, type VerbGroup, type VerbSpec } from './verb-spec';
import { lianyiNetwork } from './verb-table';

/** Runs one command line; answers the exit code. */
export async function runNetworkCli(
  argv: readonly string[],
  output: LineOutput = terminal,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const language = languageOfCommandLine(argv, env);
  try {
    await buildProgram({ output, language }).parseAsync([...argv]);
    return 0;
  } catch (error) {
    const { exitCode, code, sentence, lines } = describeFailure(error, language);
    // a program that reads neither a terminal nor Chinese knows the codes
    if (!sentence || language === 'zh' || output.isRead === true) for (const line of lines) output.err(line);
    if (!sentence) return exitCode;
    const told = `lianyi-network: ${sentence[language]}`;
    output.err(output.isRead === true ? wrapColumns(told, TERMINAL_COLUMNS) : told);
    if (argv.includes('--json')) output.out(JSON.stringify({ event: 'error', code, message: sentence.en }));
    return exitCode;
  }
}

function buildProgram(call: VerbCall): Command {
  const { language } = call;
  const languageText = { en: 'language of help and errors (default from LANG)', zh: '帮助与错误信息的语言（默认取自 LANG）' };
  const program = prepare(new Command(lianyiNetwork.name), call).addOption(
    new Option('--lang <language>', languageText[language]).choices(['en', 'zh']),
  );
  addGroup(program, lianyiNetwork, [], call);
  return program;
}

function addGroup(command: Command, { summary, verbs, groups = [] }: VerbGroup, path: readonly string[], call: VerbCall): void {
  command
    .description(summary[call.language])
    .helpCommand('help [command]', { en: 'show the help of a command', zh: '显示某个命令的帮助' }[call.language]);
  for (const spec of verbs) addVerb(command, spec, [...path, spec.name], call);
  for (const group of groups) addGroup(prepare(command.command(group.name), call), group, [...path, group.name], call);
}

function addVerb(parent: Command, spec: VerbSpec, path: readonly string[], call: VerbCall): void {
  const { language } = call;
  const command = prepare(parent.command(spec.name), call).description(spec.summary[language]);
  for (const { term, text } of Object.values(spec.arguments)) command.addArgument(new Argument(term, text[language]));
  for (const option of Object.values(spec.options)) command.addOption(declared(option, language));
  const { detail } = spec;
  // wrapped when help is asked for: few command lines ask
  if (detail) command.addHelpText('after', () => `\n${wrapColumns(detail[language], TERMINAL_COLUMNS)}`);
  const example = exampleOf(path);
  if (example !== undefined)
    command.addHelpText('after', () => exampleText(['lianyi-network', ...path, example].join(' ').trim(), language));
  if (spec.isLenient) command.allowUnknownOption().allowExcessArguments();
  command.action(async () => {
    const named = Object.keys(spec.arguments).map((key, index) => [key, command.processedArgs[index] as unknown] as const);
    await spec.run({ ...command.opts(), ...Object.fromEntries(named) }, call);
  });
}

/** A command line to copy; where it is wider than a terminal, a shell goes on behind the backslash. */
function exampleText(line: string, language: HelpLanguage): string {
  const folded = wrapColumns(line, TERMINAL_COLUMNS - 6).replaceAll('\n', ' \\\n    ');
  return `\n${{ en: 'Example:', zh: '示例：' }[language]}\n  ${folded}`;
}

/** Every level refuses by an exception, and leaves it to the runner to print that. */
function prepare(command: Command, { language, output }: { language: HelpLanguage; output: LineOutput }): Command {
  command.createHelp = () => new BilingualHelp(language);
  return command
    .exitOverride()
    .helpOption('-h, --help', { en: 'show this help', zh: '显示帮助' }[language])
    .configureOutput({
      writeOut: (text) => {
        output.out(text.trimEnd());
      },
      writeErr: (text) => {
        output.err(text.trimEnd());
      },
      outputError: () => undefined,
    });
}
