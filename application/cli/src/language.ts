/** Languages people are spoken to in. Codes, names of fields and JSON stay the same in both. */
export type SpokenLanguage = 'en' | 'zh';

/** A sentence in every language. */
export type Text = Readonly<Record<SpokenLanguage, string>>;

/** `LC_ALL`, then `LC_MESSAGES`, then `LANG`, as POSIX orders them; everything that is not Chinese is answered in English. */
function languageOfEnvironment(env: Readonly<Record<string, string | undefined>>): SpokenLanguage {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '');
  return /^zh([_.@-]|$)/i.test(locale ?? '') ? 'zh' : 'en';
}

/**
 * The language must be known before commander builds the help, so `--lang` is looked up in the raw arguments;
 * a wrong value is left for commander to refuse.
 */
export function languageOfArguments(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): SpokenLanguage {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  const at = options.lastIndexOf('--lang');
  const joined = options.findLast((argument) => argument.startsWith('--lang='))?.slice('--lang='.length);
  const value = joined ?? (at === -1 ? undefined : options[at + 1]);
  return value === 'zh' || value === 'en' ? value : languageOfEnvironment(env);
}
