import { type LaidOutPage } from '../reading/page';
import { warnings } from '../reading/words';
import { writeBlock, writeHeading, writeWarning } from './blocks';
import { Sheet } from './sheet';

/**
 * A page as PDF: A4, with the part of the fonts that it uses embedded, so that it shows the same wherever it is opened. A character that neither
 * font has is replaced by a visible sign, and named at the end.
 * @param at - when it was made, which the file says
 */
export async function pdfOf(page: LaidOutPage, at: Date): Promise<Buffer> {
  const sheet = new Sheet(page, at);
  writeHeading(sheet, page.title, 1);
  sheet.rule(1.2);
  sheet.space(6);
  for (const warning of page.warnings) writeWarning(sheet, warning);
  for (const block of page.blocks) {
    if (sheet.isFull) break;
    writeBlock(sheet, block);
  }
  const missing = [...sheet.typeface.missing].map(
    (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  const cut = sheet.isFull ? [warnings.cut[page.language]] : [];
  if (missing.length > 0) writeWarning(sheet, `${warnings.glyphs[page.language]} ${missing.slice(0, 100).join(' ')}`);
  const foot = [...cut, ...page.source].join(' · ');
  return sheet.end((number, of) => `${page.language === 'zh' ? `第 ${number} 页，共 ${of} 页` : `Page ${number} of ${of}`} · ${foot}`);
}
