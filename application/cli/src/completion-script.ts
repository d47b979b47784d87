import { type AreaSpec, type CommandSpec } from './command-spec';

/** An option that every command takes. */
interface GlobalFlag {
  readonly flags: string;
  readonly choices?: readonly string[];
}

/**
 * A completion for bash, which zsh runs by its own bashcompinit: words, options and choices as they are when it is written. Nothing of
 * the program runs while somebody types; of the data directory only the names of profiles are read.
 */
export function completionScript(shell: 'bash' | 'zsh', areas: readonly AreaSpec[], globals: readonly GlobalFlag[]): string {
  const commands = areas.flatMap((area) => area.commands.map((spec) => ({ words: wordsOf(area, spec), spec })));
  return [
    ...(shell === 'zsh' ? ['autoload -U +X compinit bashcompinit && compinit -u && bashcompinit'] : []),
    '_lianyi() {',
    "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} said='' words='' kind='' at=1",
    '  while ((at < COMP_CWORD)); do',
    '    case ${COMP_WORDS[at]} in',
    `      ${takingValue(globals).join('|')}) ((at += 1)) ;;`,
    '      -*) ;;',
    '      *) said="${said:+$said }${COMP_WORDS[at]}" ;;',
    '    esac',
    '    ((at += 1))',
    `    case $said in ${commands.map(({ words }) => quoted(words)).join('|')}) break ;; esac`,
    '  done',
    '  COMPREPLY=()',
    '  case "$said $previous" in',
    ...commands.flatMap(({ words, spec }) => spec.flags.flatMap((flag) => valueCase(`${words} ${longOf(flag.flags)}`, flag))),
    ...globals.flatMap((flag) => valueCase(`* ${longOf(flag.flags)}`, flag, true)),
    '  esac',
    '  if [[ -z $kind ]]; then',
    '    kind=words',
    '    case $said in',
    `      '') words='${areas.map(({ name }) => name).join(' ')} help' ;;`,
    ...areas.filter(hasVerbs).map((area) => `      ${quoted(area.name)}) words='${area.commands.map(({ name }) => name).join(' ')}' ;;`),
    ...commands.map(({ words, spec }) => `      ${quoted(words)}) words='${offered(spec)}'${takesFile(spec) ? ' kind=file' : ''} ;;`),
    '    esac',
    `    if [[ $current == -* ]]; then kind=words words="$words ${globals.map(({ flags }) => longOf(flags)).join(' ')} --help"; fi`,
    '  fi',
    '  case $kind in',
    '    words) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;',
    '    file) COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null ;;',
    '    dir) COMPREPLY=($(compgen -d -- "$current")); compopt -o filenames 2>/dev/null ;;',
    '    profile) COMPREPLY=($(cd "${LIANYI_DATA_DIR:-.lianyi/demo}/profiles" 2>/dev/null && compgen -f -X "!*.json" -- "$current")); COMPREPLY=("${COMPREPLY[@]%.json}") ;;',
    '  esac',
    '}',
    'complete -F _lianyi lianyi',
    '',
  ].join('\n');
}

function wordsOf({ name }: AreaSpec, spec: CommandSpec): string {
  return spec.name === '' ? name : `${name} ${spec.name}`;
}

function hasVerbs({ commands }: AreaSpec): boolean {
  return commands.every(({ name }) => name !== '');
}

function longOf(flags: string): string {
  return flags.split(' ')[0] ?? flags;
}

function takingValue(flags: readonly GlobalFlag[]): readonly string[] {
  return flags.filter(({ flags: spelt }) => spelt.includes('<')).map(({ flags: spelt }) => longOf(spelt));
}

function offered({ flags, arguments: named }: CommandSpec): string {
  return [...named.flatMap(({ choices }) => choices ?? []), ...flags.map((flag) => longOf(flag.flags))].join(' ');
}

function takesFile({ arguments: named }: CommandSpec): boolean {
  return named.some(({ term }) => term.includes('file'));
}

function quoted(pattern: string): string {
  return `'${pattern}'`;
}

/** What may follow an option: its choices, a file, a folder, a profile; of other values nothing is known. */
function valueCase(pattern: string, { flags, choices }: GlobalFlag, isPattern = false): readonly string[] {
  const [, value] = /<(.*)>/.exec(flags) ?? [];
  if (value === undefined) return [];
  const kinds: Readonly<Record<string, string>> = { file: 'file', dir: 'dir', profile: 'profile' };
  const act = choices === undefined ? `kind=${kinds[value] ?? 'none'}` : `kind=words words='${choices.join(' ')}'`;
  return [`    ${isPattern ? pattern.replace(/^\* (.*)$/, "*' $1'") : quoted(pattern)}) ${act} ;;`];
}
