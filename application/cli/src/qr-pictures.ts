import { resolve } from 'node:path';
import { toBuffer as qrPng, toString as qrText } from 'qrcode';
import { z } from 'zod';
import { type Flag } from './command-spec';
import { writeNewFile } from './private-folder';
import { type Terminal } from './terminal';

/** The files that a QR code may be written to. */
export interface QrPictures {
  readonly svg?: string | undefined;
  readonly png?: string | undefined;
}

export const qrPictureFlags: readonly Flag[] = [
  { flags: '--svg <file>', text: { en: 'write the QR code as a new SVG file', zh: '将二维码写入新的 SVG 文件' } },
  { flags: '--png <file>', text: { en: 'write the QR code as a new PNG file', zh: '将二维码写入新的 PNG 文件' } },
];
export const qrPictureInput = { svg: z.string().optional(), png: z.string().optional() };

/**
 * Writes the code into the files that are named, for their owner alone.
 * @param form - how much of the code may be lost (ISO/IEC 18004), and how many pixels a module of the PNG has
 * @throws {@link CliProblem} `FILE_EXISTS`
 */
export async function writeQrPictures(
  code: string,
  { svg, png }: QrPictures,
  { cwd }: Pick<Terminal, 'cwd'>,
  { errorCorrectionLevel, scale }: { readonly errorCorrectionLevel: 'L' | 'Q'; readonly scale: number },
): Promise<void> {
  if (svg !== undefined) writeNewFile(resolve(cwd, svg), await qrText(code, { errorCorrectionLevel, type: 'svg' }));
  if (png !== undefined) writeNewFile(resolve(cwd, png), await qrPng(code, { errorCorrectionLevel, scale }));
}
