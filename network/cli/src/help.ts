import { type Argument, type Command, Help, type Option } from 'commander';
import { columnsOf, TERMINAL_COLUMNS, wrapColumns } from './columns';
import { type HelpLanguage } from './language';

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Options:': '选项：',
  'Arguments:': '参数：',
  'Commands:': '命令：',
  'Global Options:': '全局选项：',
};

/** Help in the reader's language, measured in columns of a terminal. */
export class BilingualHelp extends Help {
  constructor(private readonly language: HelpLanguage) {
    super();
    this.showGlobalOptions = true;
    // descriptions stay wrapped beside the longest terms, too
    this.minWidthToWrap = 20;
  }

  override prepareContext(context: Parameters<Help['prepareContext']>[0]): void {
    super.prepareContext({ ...context, helpWidth: TERMINAL_COLUMNS });
  }

  override styleTitle(title: string): string {
    return this.language === 'zh' ? (titles[title] ?? title) : title;
  }

  override commandUsage(command: Command): string {
    const indented = '\n  ';
    return wrapColumns(super.commandUsage(command), TERMINAL_COLUMNS - columnsOf('Usage: ')).replaceAll('\n', indented);
  }

  override displayWidth(text: string): number {
    return columnsOf(text);
  }

  override boxWrap(text: string, columns: number): string {
    return wrapColumns(text, columns);
  }

  override optionDescription(option: Option): string {
    if (this.language === 'en') return super.optionDescription(option);
    const choices = option.argChoices ? `（可选：${option.argChoices.join('、')}）` : '';
    const value: unknown = option.defaultValue;
    return `${option.description}${choices}${typeof value === 'string' ? `（默认：${value}）` : ''}`;
  }

  override argumentDescription(argument: Argument): string {
    return argument.description;
  }
}
