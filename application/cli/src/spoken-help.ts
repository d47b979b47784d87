import { type Argument, Help, type Option } from 'commander';
import { displayWidth, wrapToWidth } from './columns';
import { type SpokenLanguage } from './language';

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Options:': '选项：',
  'Arguments:': '参数：',
  'Commands:': '命令：',
  'Global Options:': '全局选项：',
};

/** Help in the reader's language, in lines measured by columns of a terminal and broken between words. */
export class SpokenHelp extends Help {
  constructor(private readonly language: SpokenLanguage) {
    super();
    this.showGlobalOptions = true;
  }

  override styleTitle(title: string): string {
    return this.language === 'zh' ? (titles[title] ?? title) : title;
  }

  override displayWidth(text: string): number {
    return displayWidth(text);
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
    return wrapToWidth(text, columns);
  }
}

/** Help is for people, whoever carries it to them: a pager has a terminal behind it. */
export function helpColumns(columns: number): number {
  return Number.isFinite(columns) ? Math.min(columns, 120) : 80;
}
