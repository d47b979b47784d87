/** Languages in which help and error sentences are written. Codes, names and JSON are the same in both. */
export type HelpLanguage = 'en' | 'zh';

/** A sentence in both languages. */
export type HelpText = Readonly<Record<HelpLanguage, string>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** `LC_ALL`, then `LC_MESSAGES`, then `LANG`, as POSIX orders them; English for whatever is not Chinese. */
function languageOfLocale(env: Environment): HelpLanguage {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '');
  return /^zh([_.@-]|$)/i.test(locale ?? '') ? 'zh' : 'en';
}

/**
 * The language of `--lang`, else of the environment. It must be known before the options are declared, so it is looked up in the
 * raw arguments; a wrong value is left for the parser to refuse.
 */
export function languageOfCommandLine(argv: readonly string[], env: Environment): HelpLanguage {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  const at = options.lastIndexOf('--lang');
  const joined = options.findLast((argument) => argument.startsWith('--lang='))?.slice('--lang='.length);
  const value = joined ?? (at === -1 ? undefined : options[at + 1]);
  return value === 'zh' || value === 'en' ? value : languageOfLocale(env);
}
