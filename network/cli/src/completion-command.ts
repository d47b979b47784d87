import { type OptionSpec } from './option';
import { verb, type VerbGroup, type VerbSpec } from './verb-spec';
import { z } from 'zod';

const SHELLS = ['bash', 'zsh'] as const;
type Shell = (typeof SHELLS)[number];

interface Line {
  /** Words that lead to it, e.g. `fabric cc invoke`. */
  readonly words: string;
  readonly options: readonly OptionSpec[];
}

/** `completion`: a script that a shell reads once; nothing of this program runs while somebody types. */
export const completionVerb = (rootOf: () => VerbGroup): VerbSpec =>
  verb({
    name: 'completion',
    summary: { en: 'print a completion for a shell', zh: '输出命令行补全脚本' },
    detail: {
      en: 'Once per shell: eval "$(lianyi-network completion bash)"',
      zh: '每个终端执行一次：eval "$(lianyi-network completion bash)"',
    },
    arguments: { shell: { term: '<shell>', text: { en: SHELLS.join(', '), zh: SHELLS.join('、') }, schema: z.enum(SHELLS) } },
    options: {},
    action: ({ shell }, { output }) => {
      output.out(networkCompletion(shell, rootOf()));
    },
  });

/** @remarks zsh runs the script of bash by its own bashcompinit. */
function networkCompletion(shell: Shell, root: VerbGroup): string {
  const lines = linesOf(root, []);
  const valued = [
    ...new Set(lines.flatMap(({ options }) => options.filter(({ flags }) => flags.includes('<')).map(({ flags }) => longOf(flags)))),
  ];
  return [
    ...(shell === 'zsh' ? ['autoload -U +X compinit bashcompinit && compinit -u && bashcompinit'] : []),
    '_lianyi_network() {',
    "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} said='' words='' kind=words at=1",
    '  while ((at < COMP_CWORD)); do',
    '    case ${COMP_WORDS[at]} in',
    `      ${['--lang', ...valued].join('|')}) ((at += 1)) ;;`,
    '      -*) ;;',
    '      *) said="${said:+$said }${COMP_WORDS[at]}" ;;',
    '    esac',
    '    ((at += 1))',
    `    case $said in ${lines.map(({ words }) => `'${words}'`).join('|')}) break ;; esac`,
    '  done',
    '  case $said in',
    ...groupCases(root, []),
    ...lines.map(({ words, options }) => `    '${words}') words='${options.map(({ flags }) => longOf(flags)).join(' ')} --help' ;;`),
    '  esac',
    '  case "$said $previous" in',
    "    *' --lang') words='en zh' ;;",
    ...lines.flatMap(({ words, options }) => options.flatMap((option) => valueCases(words, option))),
    '  esac',
    '  case $kind in',
    '    words) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;',
    '    file) COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null ;;',
    '    dir) COMPREPLY=($(compgen -d -- "$current")); compopt -o filenames 2>/dev/null ;;',
    '    none) COMPREPLY=() ;;',
    '  esac',
    '}',
    'complete -F _lianyi_network lianyi-network',
  ].join('\n');
}

function linesOf({ verbs, groups = [] }: VerbGroup, path: readonly string[]): readonly Line[] {
  return [
    ...verbs.map(({ name, options }) => ({ words: [...path, name].join(' '), options: Object.values(options) })),
    ...groups.flatMap((group) => linesOf(group, [...path, group.name])),
  ];
}

function groupCases({ verbs, groups = [] }: VerbGroup, path: readonly string[]): readonly string[] {
  const names = [...verbs, ...groups].map(({ name }) => name);
  return [
    `    '${path.join(' ')}') words='${[...names, 'help'].join(' ')}' ;;`,
    ...groups.flatMap((group) => groupCases(group, [...path, group.name])),
  ];
}

function longOf(flags: string): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}

/** What may follow an option: its choices, a file or a folder; of other values nothing is known. */
function valueCases(words: string, { flags, choices }: OptionSpec): readonly string[] {
  const [, value] = /<(.*)>/.exec(flags) ?? [];
  if (value === undefined) return [];
  const kind = { file: 'file', dir: 'dir' }[value] ?? 'none';
  return [`    '${words} ${longOf(flags)}') ${choices ? `words='${choices.join(' ')}'` : `kind=${kind}`} ;;`];
}
