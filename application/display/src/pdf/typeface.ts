import { type Font, openSync } from 'fontkit';
import { fontFileOf, type Script, SCRIPTS, type Weight } from '../fonts';

/** How a font is named in a PDF that is being written. */
export type FontName = `${Script}-${Weight}`;
/** A part of a text that one font has. */
export type Run = { readonly font: FontName; readonly text: string };

/** What stands where no font has the character: the printers' geta, which nobody takes for a part of the text. */
const GETA = '〓';

/** Chinese fonts set it as wide as a character, which parts a name: O’Neill. */
const APOSTROPHE = '’';

/** The fonts of a page, read from the disk once for a process, each when it is first needed. */
export class Typeface {
  /** Characters that no font has. */
  readonly missing = new Set<string>();
  readonly #fonts = opened;
  readonly #places = new Map<string, { readonly font: FontName; readonly advance: number }>();

  font(name: FontName): Font {
    const known = this.#fonts.get(name);
    if (known !== undefined) return known;
    const [script, weight] = name.split('-') as [Script, Weight]; // the parts of the name's type
    const font = openSync(fontFileOf(script, weight));
    if (!('unitsPerEm' in font)) throw new Error(`${name} is a collection of fonts`);
    this.#fonts.set(name, font);
    return font;
  }

  /** How wide a character stands, in ems. */
  advanceOf(character: string, weight: Weight): number {
    return this.#placeOf(character, weight).advance;
  }

  /** A text in parts that one font has each; what none has is replaced, and noted in {@link missing}. */
  runsOf(text: string, weight: Weight): readonly Run[] {
    const runs: { font: FontName; text: string }[] = [];
    for (const character of text) {
      const { font } = this.#placeOf(character, weight);
      const shown = this.missing.has(character) ? GETA : character;
      const last = runs.at(-1);
      if (last?.font === font) last.text += shown;
      else runs.push({ font, text: shown });
    }
    return runs;
  }

  #placeOf(character: string, weight: Weight): { readonly font: FontName; readonly advance: number } {
    const key = `${weight}${character}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const code = character.codePointAt(0) ?? 0;
    const scripts = character === APOSTROPHE ? SCRIPTS.toReversed() : SCRIPTS;
    const name = scripts.map((script): FontName => `${script}-${weight}`).find((each) => this.font(each).hasGlyphForCodePoint(code));
    if (name === undefined) this.missing.add(character);
    const font = this.font(name ?? `chinese-${weight}`);
    const advance = font.glyphForCodePoint(name === undefined ? (GETA.codePointAt(0) ?? 0) : code).advanceWidth / font.unitsPerEm;
    const place = { font: name ?? (`chinese-${weight}` as const), advance };
    this.#places.set(key, place);
    return place;
  }
}

const opened = new Map<FontName, Font>();
