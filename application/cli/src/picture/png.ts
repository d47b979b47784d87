import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fonts as latinFonts } from '@embedpdf/fonts-latin';
import { fonts as chineseFonts } from '@embedpdf/fonts-sc';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { z } from 'zod';

/** Twice as fine as the picture is drawn: it is looked at on screens, and printed. */
const WIDTH = 2_400;
const WEIGHTS = [400, 700];
const listed = z.array(z.looseObject({ file: z.string(), weight: z.number() }));
/** The packages that hold the fonts keep them beside their module. */
const families = [
  [listed.parse(chineseFonts), require.resolve('@embedpdf/fonts-sc')],
  [listed.parse(latinFonts), require.resolve('@embedpdf/fonts-latin')],
] as const;
let ready: Promise<void> | undefined;

/** A picture of SVG as PNG, with fonts of its own: it looks the same on a machine that has none. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  ready ??= initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm')));
  await ready;
  const fontBuffers = families.flatMap(([fonts, entry]) =>
    fonts
      .filter(({ file, weight }) => WEIGHTS.includes(weight) && !file.includes('Italic'))
      .map(({ file }) => readFileSync(join(dirname(entry), '../fonts', file))),
  );
  const font = { fontBuffers, loadSystemFonts: false, defaultFontFamily: 'Noto Sans', sansSerifFamily: 'Noto Sans' };
  const drawing = new Resvg(svg, { font, fitTo: { mode: 'width', value: WIDTH } });
  try {
    return drawing.render().asPng();
  } finally {
    drawing.free();
  }
}
