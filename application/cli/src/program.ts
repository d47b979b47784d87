import { Argument, Command, Option } from 'commander';
import { wrapToWidth } from './columns';
import { type AreaSpec, type CommandSpec, optionKey } from './command-spec';
import { globalOptions } from './global-options';
import { type SpokenLanguage } from './language';
import { helpColumns, SpokenHelp } from './spoken-help';
import { type Terminal } from './terminal';

/** What the chosen command was given; the runner executes it after commander is done. */
export interface Chosen {
  readonly command: CommandSpec;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly global: Readonly<Record<string, unknown>>;
}

/** Builds the commander tree from the specifications; `choose` is called with the command the user named. */
export function buildProgram(
  areas: readonly AreaSpec[],
  language: SpokenLanguage,
  terminal: Terminal,
  choose: (chosen: Chosen) => void,
): Command {
  const program = prepare(new Command('lianyi'), language, terminal)
    .description({ en: 'Share medical records between hospitals, as the patient decides.', zh: '由患者决定的跨院病历共享。' }[language])
    .version('0.1.0', '--version', { en: 'print the version', zh: '显示版本' }[language]);
  for (const { flags, text, choices } of globalOptions) program.addOption(newOption(flags, text[language], choices));
  for (const area of areas) {
    const parent = prepare(program.command(area.name).description(area.summary[language]), language, terminal);
    for (const spec of area.commands) {
      const own = spec.name === '' ? parent : prepare(parent.command(spec.name), language, terminal);
      describe(own, spec, language, terminal);
      own.action(() => {
        const named = spec.arguments.map(({ term }, index) => [optionKey(term), own.processedArgs[index]] as const);
        choose({ command: spec, raw: { ...own.opts(), ...Object.fromEntries(named) }, global: program.opts() });
      });
    }
  }
  addHelp(program, language, terminal);
  return program;
}

/** `help consent grant` as other programs have it: the help of the words that follow; of a word that is none, the refusal with a suggestion. */
function addHelp(program: Command, language: SpokenLanguage, terminal: Terminal): void {
  prepare(program.command('help'), language, terminal)
    .description({ en: 'show the help of a command', zh: '显示某个命令的帮助' }[language])
    .argument('[command...]', { en: 'its words, e.g. consent grant', zh: '命令的各个词，例如 consent grant' }[language])
    .action((words: readonly string[]) => {
      let named = program;
      for (const [index, word] of words.entries()) {
        if (named.commands.length === 0) break;
        const next = named.commands.find((command) => command.name() === word);
        if (next === undefined) program.parse(words.slice(0, index + 1), { from: 'user' });
        named = next ?? named;
      }
      named.help();
    });
}

function describe(command: Command, spec: CommandSpec, language: SpokenLanguage, terminal: Terminal): void {
  command.description(spec.summary[language]);
  const { detail, example } = spec;
  // wrapped when help is asked for: few command lines ask, and measuring text takes longer than all else that is told here
  if (detail !== undefined) command.addHelpText('after', () => `\n${wrapToWidth(detail[language], helpColumns(terminal.columns))}`);
  command.addHelpText('after', () => exampleText(command, example, language, helpColumns(terminal.columns)));
  for (const { term, text, choices } of spec.arguments) {
    const argument = new Argument(term, text[language]);
    command.addArgument(choices === undefined ? argument : argument.choices([...choices]));
  }
  for (const { flags, text, choices, required } of spec.flags) {
    const mark = required === true ? { en: ' (required)', zh: '（必填）' }[language] : '';
    command.addOption(newOption(flags, `${text[language]}${mark}`, choices));
  }
}

/** The command's example, over several lines as a shell takes them. */
function exampleText(command: Command, example: string, language: SpokenLanguage, columns: number): string {
  const words = (command.parent?.parent === null ? [command.parent, command] : [command.parent?.parent, command.parent, command]).flatMap(
    (level) => level?.name() ?? [],
  );
  const text = wrapToWidth([...words, example].join(' ').trim(), columns - 6).replaceAll('\n', ' \\\n    ');
  return `\n${{ en: 'Example:', zh: '示例：' }[language]}\n  ${text}`;
}

function newOption(flags: string, text: string, choices: readonly string[] | undefined): Option {
  const option = new Option(flags, text);
  return choices === undefined ? option : option.choices([...choices]);
}

/** Every level refuses by exception, and leaves printing to the runner. */
function prepare(command: Command, language: SpokenLanguage, terminal: Terminal): Command {
  command.createHelp = () => new SpokenHelp(language);
  return command
    .exitOverride()
    .helpOption('-h, --help', language === 'zh' ? '显示帮助' : 'show this help')
    .helpCommand(false)
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text);
      },
      writeErr: (text) => {
        terminal.err(text);
      },
      getOutHelpWidth: () => helpColumns(terminal.columns),
      getErrHelpWidth: () => helpColumns(terminal.errColumns),
      outputError: () => undefined,
    });
}
