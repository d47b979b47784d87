import { type CommanderError } from 'commander';
import { TERMINAL_COLUMNS, wrapColumns } from './columns';
import { type HelpText, type HelpLanguage } from './language';

/** A command line whose values do not fit the verb's options. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem';

  private constructor(readonly sentences: HelpText) {
    super(sentences.en);
  }

  static missing(flags: string): UsageProblem {
    return new UsageProblem({ en: `required option '${flags}' not specified`, zh: `缺少必填选项 “${flags}”` });
  }

  static refused(flags: string, value: string, needs: HelpText = { en: '', zh: '' }): UsageProblem {
    return new UsageProblem({
      en: `option '${flags}' argument '${value}' is invalid${needs.en === '' ? '' : `: ${needs.en}`}`,
      zh: `选项 “${flags}” 的值 “${value}” 无效${needs.zh === '' ? '' : `：${needs.zh}`}`,
    });
  }
}

/** commander speaks English only; these are its sentences for a wrong command line (commander lib/command.js). */
const translations: readonly (readonly [RegExp, string])[] = [
  [/unknown option '([^']*)'/, '未知选项 “$1”'],
  [/unknown command '([^']*)'/, '未知命令 “$1”'],
  [/missing required argument '([^']*)'/, '缺少参数 “$1”'],
  [/option '([^']*)' argument missing/, '选项 “$1” 缺少取值'],
  [/too many arguments(?: for '[^']*')?\. Expected (\d+) arguments? but got (\d+).*/, '参数过多：应有 $1 个，实有 $2 个'],
  [/option '([^']*)' argument '[^']*' is invalid\. Allowed choices are (.*)\./, '选项 “$1” 的取值无效，可选：$2'],
  [/\(Did you mean one of (.*)\?\)/, '（是否想用其中之一：$1？）'],
  [/\(Did you mean (.*)\?\)/, '（是否想用 $1？）'],
];

const HINT: HelpText = { en: '(--help shows all options)', zh: '（--help 列出所有选项）' };

/** What is printed about a wrong command line, one entry a line. */
export function usageLines(problem: CommanderError | UsageProblem, language: HelpLanguage): readonly string[] {
  const en = problem.message.replace(/^error: /, '');
  const translated = translations.reduce((text, [pattern, translation]) => text.replace(pattern, translation), en);
  const zh = 'sentences' in problem ? problem.sentences.zh : translated;
  const sentence = { en: `error: ${en}`, zh: `错误：${zh}` }[language];
  return [...wrapColumns(sentence, TERMINAL_COLUMNS).split('\n'), HINT[language]];
}
