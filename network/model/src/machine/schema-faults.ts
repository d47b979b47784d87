import { z } from 'zod';
import { type Sentence } from './sentence';

const { localeError } = z.locales.zhCN();

/** A rule of a schema's own, which the schema library cannot word: its English message and the Chinese one beside it. */
export function inBoth(sentence: Sentence): { readonly message: string; readonly params: { readonly zh: string } } {
  return { message: sentence.en, params: { zh: sentence.zh } };
}

/**
 * Every fault of a value by its path, in the schema library's words of both languages; none if the value fits.
 * @param value - as it was parsed: it is looked at once more for each language
 */
export function faultsOf(schema: z.ZodType, value: unknown): readonly Sentence[] {
  const english = schema.safeParse(value, { error: z.locales.en().localeError });
  const chinese = schema.safeParse(value, { error: localeError });
  const words = chinese.error?.issues ?? [];
  return (english.error?.issues ?? []).map((issue, index) => {
    const place = issue.path.join('.') || '(root)';
    return { en: `${place}: ${issue.message}`, zh: `${place}：${chineseOf(issue) ?? words[index]?.message ?? issue.message}` };
  });
}

function chineseOf(issue: z.core.$ZodIssue): string | undefined {
  const zh: unknown = issue.code === 'custom' ? issue.params?.['zh'] : undefined;
  return typeof zh === 'string' ? zh : undefined;
}

/** Several faults as one sentence. */
export function joinedFaults(faults: readonly Sentence[], separator: Sentence = { en: '; ', zh: '；' }): Sentence {
  return { en: faults.map(({ en }) => en).join(separator.en), zh: faults.map(({ zh }) => zh).join(separator.zh) };
}
