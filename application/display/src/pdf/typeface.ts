import { dirname, join } from 'node:path';
import { fonts as chineseFonts } from '@embedpdf/fonts-sc';
import { fonts as latinFonts } from '@embedpdf/fonts-latin';
import { type Font, openSync } from 'fontkit';
import { z } from 'zod';

export type Weight = 'regular' | 'bold';
/** Chinese first, which has most of Latin and Greek; then what it lacks: ł, č, ⁹. */
const SCRIPTS = ['chinese', 'latin'] as const;
type Script = (typeof SCRIPTS)[number];
/** How a font is named in a PDF that is being written. */
export type FontName = `${Script}-${Weight}`;
/** A part of a text that one font has. */
export type Run = { readonly font: FontName; readonly text: string };

/** What stands where no font has the character: the printers' geta, which nobody takes for a part of the text. */
const GETA = '〓';

const listed = z.array(z.looseObject({ file: z.string(), weight: z.number() }));
const WEIGHTS: Readonly<Record<Weight, number>> = { regular: 400, bold: 700 };

/** The packages that hold the fonts keep them beside their module. */
function fileOf(script: Script, weight: Weight): string {
  const [found, entry] =
    script === 'chinese'
      ? [listed.parse(chineseFonts), require.resolve('@embedpdf/fonts-sc')]
      : [listed.parse(latinFonts), require.resolve('@embedpdf/fonts-latin')];
  const file = found.find((each) => each.weight === WEIGHTS[weight] && !each.file.includes('Italic'))?.file;
  if (file === undefined) throw new Error(`the fonts of ${script} have none of weight ${WEIGHTS[weight]}`);
  return join(dirname(entry), '../fonts', file);
}

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
    const font = openSync(fileOf(script, weight));
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
    const name = SCRIPTS.map((script): FontName => `${script}-${weight}`).find((each) => this.font(each).hasGlyphForCodePoint(code));
    if (name === undefined) this.missing.add(character);
    const font = this.font(name ?? `chinese-${weight}`);
    const advance = font.glyphForCodePoint(name === undefined ? (GETA.codePointAt(0) ?? 0) : code).advanceWidth / font.unitsPerEm;
    const place = { font: name ?? (`chinese-${weight}` as const), advance };
    this.#places.set(key, place);
    return place;
  }
}

const opened = new Map<FontName, Font>();
