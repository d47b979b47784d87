import { Argument, Command, Help, Option } from 'commander';
import { columnsOf, wrapColumns } from './columns';
import { type AreaSpec, type CommandSpec, optionKey } from './command-spec';
import { type SpokenLanguage, type Text } from './language';
import { type Terminal } from './terminal';

/** What the chosen command was given; the runner executes it after commander is done. */
export interface Chosen {
  readonly command: CommandSpec;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly global: Readonly<Record<string, unknown>>;
}

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Options:': '选项：',
  'Arguments:': '参数：',
  'Commands:': '命令：',
  'Global Options:': '全局选项：',
};

/** Help in the reader's language, in lines measured by columns of a terminal and broken between words. */
class SpokenHelp extends Help {
  constructor(private readonly language: SpokenLanguage) {
    super();
    this.showGlobalOptions = true;
  }

  override styleTitle(title: string): string {
    return this.language === 'zh' ? (titles[title] ?? title) : title;
  }

  override displayWidth(text: string): number {
    return columnsOf(text);
  }

  override optionDescription(option: Option): string {
    if (this.language === 'en') return super.optionDescription(option);
    // where the description says what each means, their names stand in it
    const choices = (option.argChoices ?? []).filter((choice) => !option.description.includes(choice));
    return choices.length === 0 ? option.description : `${option.description}（可选：${choices.join('、')}）`;
  }

  override argumentDescription(argument: Argument): string {
    return argument.description;
  }

  override boxWrap(text: string, columns: number): string {
    return wrapColumns(text, columns);
  }
}

const globalOptions: readonly { readonly flags: string; readonly text: Text; readonly choices?: readonly string[] }[] = [
  {
    flags: '--as <profile>',
    text: {
      en: 'who acts: a profile’s name in the data directory, or its path (LIANYI_PROFILE)',
      zh: '以谁的身份操作：数据目录中的配置名，或文件路径（LIANYI_PROFILE）',
    },
  },
  {
    flags: '--data-dir <dir>',
    text: { en: 'data directory (LIANYI_DATA_DIR, else .lianyi/demo)', zh: '数据目录（LIANYI_DATA_DIR，否则 .lianyi/demo）' },
  },
  { flags: '--json', text: { en: 'print one JSON value', zh: '输出一个 JSON 值' } },
  {
    flags: '--lang <language>',
    text: { en: 'language of texts (default from LANG)', zh: '文字语言（默认取自 LANG）' },
    choices: ['en', 'zh'],
  },
  {
    flags: '--dry-run',
    text: {
      en: 'print the request and what staff would sign; sign and send nothing',
      zh: '只显示请求及工作人员将签署的内容；不签名，不发送',
    },
  },
];

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
  return program;
}

function describe(command: Command, spec: CommandSpec, language: SpokenLanguage, terminal: Terminal): void {
  command.description(spec.summary[language]);
  if (spec.detail !== undefined) command.addHelpText('after', `\n${wrapColumns(spec.detail[language], helpColumns(terminal.columns))}`);
  for (const { term, text, choices } of spec.arguments) {
    const argument = new Argument(term, text[language]);
    command.addArgument(choices === undefined ? argument : argument.choices([...choices]));
  }
  for (const { flags, text, choices, required } of spec.flags) {
    const mark = required === true ? { en: ' (required)', zh: '（必填）' }[language] : '';
    command.addOption(newOption(flags, `${text[language]}${mark}`, choices));
  }
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

/** Help is for people, whoever carries it to them: a pager has a terminal behind it. */
function helpColumns(columns: number): number {
  return Number.isFinite(columns) ? Math.min(columns, 120) : 80;
}
