import { readFileSync } from 'node:fs';
import { fontFileOf, SCRIPTS } from '@lianyi/display/fonts';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** Twice as fine as the picture is drawn: it is looked at on screens, and printed. */
const WIDTH = 2_400;
let ready: Promise<void> | undefined;

/** A picture of SVG as PNG, with fonts of its own: it looks the same on a machine that has none. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  ready ??= initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm')));
  await ready;
  const fontBuffers = SCRIPTS.flatMap((script) => (['regular', 'bold'] as const).map((weight) => readFileSync(fontFileOf(script, weight))));
  const font = { fontBuffers, loadSystemFonts: false, defaultFontFamily: 'Noto Sans', sansSerifFamily: 'Noto Sans' };
  const drawing = new Resvg(svg, { font, fitTo: { mode: 'width', value: WIDTH } });
  try {
    return drawing.render().asPng();
  } finally {
    drawing.free();
  }
}
