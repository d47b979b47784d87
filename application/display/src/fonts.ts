import { dirname, join } from 'node:path';
import { fonts as latinFonts } from '@embedpdf/fonts-latin';
import { fonts as chineseFonts } from '@embedpdf/fonts-sc';
import { z } from 'zod';

export type Weight = 'regular' | 'bold';
/** Chinese first, which has most of Latin and Greek; then what it lacks: ł, č, ⁹. */
export const SCRIPTS = ['chinese', 'latin'] as const;
export type Script = (typeof SCRIPTS)[number];

const listed = z.array(z.looseObject({ file: z.string(), weight: z.number() }));
const WEIGHTS: Readonly<Record<Weight, number>> = { regular: 400, bold: 700 };

/** The file of an upright font: the packages that hold the fonts keep them beside their module. */
export function fontFileOf(script: Script, weight: Weight): string {
  const [found, entry] =
    script === 'chinese'
      ? [listed.parse(chineseFonts), require.resolve('@embedpdf/fonts-sc')]
      : [listed.parse(latinFonts), require.resolve('@embedpdf/fonts-latin')];
  const file = found.find((each) => each.weight === WEIGHTS[weight] && !each.file.includes('Italic'))?.file;
  if (file === undefined) throw new Error(`the fonts of ${script} have none of weight ${WEIGHTS[weight]}`);
  return join(dirname(entry), '../fonts', file);
}
