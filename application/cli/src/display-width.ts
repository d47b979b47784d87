/**
 * Columns a text takes in a terminal: two for East Asian wide and full-width characters, none for combining marks.
 * Source: Unicode TR 11 (wide and full-width ranges that occur in Chinese text); commander counts code units instead.
 */
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
const zero = /[\p{Mn}\p{Me}\p{Cf}]/u;

export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += zero.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
