/** Who can do something about a refusal. */
export type Fixer = 'caller' | 'client-software' | 'own-administrator' | 'patient' | 'operator' | 'nobody';

/** A sentence in both languages of the project; holds no data. */
export type Bilingual = { readonly en: string; readonly zh: string };

/** What people are told about a code. */
export type Explanation = { readonly meaning: Bilingual; readonly remedy: Bilingual; readonly retry: boolean; readonly whoCanFix: Fixer };

/** One row of a table of codes. */
export function explain(
  whoCanFix: Fixer,
  retry: boolean,
  meaning: readonly [en: string, zh: string],
  remedy: readonly [en: string, zh: string],
): Explanation {
  return { meaning: { en: meaning[0], zh: meaning[1] }, remedy: { en: remedy[0], zh: remedy[1] }, retry, whoCanFix };
}
