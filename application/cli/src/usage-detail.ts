import { type CommanderError } from 'commander';
import { type Text } from './language';

/** commander speaks English only; these are the sentences it has for a wrong command line (commander lib/command.js). */
const translations: readonly (readonly [RegExp, string])[] = [
  [/unknown option '([^']*)'/, '未知选项 “$1”'],
  [/unknown command '([^']*)'/, '未知命令 “$1”'],
  [/missing required argument '([^']*)'/, '缺少参数 “$1”'],
  [/option '([^']*)' argument missing/, '选项 “$1” 缺少取值'],
  [/too many arguments(?: for '([^']*)')?\. Expected (\d+) arguments? but got (\d+).*/, '参数过多：应有 $2 个，实有 $3 个'],
  [/(?:option|command-argument) '?([^']*)'? (?:argument|value) ?.*is invalid\. Allowed choices are (.*)\./, '“$1” 的取值无效，可选：$2'],
  [/option '([^']*)' (?:argument|value) '([^']*)' is invalid\./, '选项 “$1” 的取值 “$2” 无效。'],
  [/\(Did you mean one of (.*)\?\)/, '（是否想用其中之一：$1？）'],
  [/\(Did you mean (.*)\?\)/, '（是否想用 $1？）'],
];

/** commander's sentence without its prefix; a value given to a misspelt option is not repeated, it might be a secret. */
export function usageDetail(error: CommanderError): Text {
  const en = error.message.replace(/^error: /, '').replace(/(unknown option '--?[^'=]*)=[^']*'/, "$1'");
  const zh = translations.reduce((text, [pattern, translation]) => text.replace(pattern, translation), en);
  return { en, zh };
}
