import { type PageBlock, type Pair, type PageRow } from '../reading/page';
import { type Fitted, lineHeight, type Sheet, type LineStyle } from './sheet';

const BODY: LineStyle = { size: 9, weight: 'regular' };
const STRONG: LineStyle = { size: 9, weight: 'bold' };
const NAME: LineStyle = { size: 9, weight: 'regular', colour: '#555555' };
const HEADINGS: Readonly<Record<1 | 2 | 3, LineStyle>> = {
  1: { size: 15, weight: 'bold' },
  2: { size: 11, weight: 'bold' },
  3: { size: 9.5, weight: 'bold' },
};
const GAP = 6;
const TINTS = { abnormal: '#fff3d6', critical: '#ffe0dc' } as const;

export function writeBlock(sheet: Sheet, block: PageBlock): void {
  switch (block.kind) {
    case 'heading':
      writeHeading(sheet, block.text, block.level);
      return;
    case 'pairs':
      writePairs(sheet, block.pairs);
      return;
    case 'table':
      writeTable(sheet, block);
      return;
    case 'text':
      for (const paragraph of block.paragraphs) writeParagraph(sheet, paragraph, block.isConclusion === true ? STRONG : BODY);
      sheet.space(3);
  }
}

/** A heading stays with what follows it. */
export function writeHeading(sheet: Sheet, text: string, level: 1 | 2 | 3): void {
  const style = HEADINGS[level];
  const fitted = sheet.fit(text, sheet.width, style);
  if (sheet.left < fitted.height + 48) sheet.nextSheet();
  sheet.space(level === 1 ? 0 : 5);
  sheet.text(fitted);
  sheet.space(level === 1 ? 4 : 2);
}

function writeParagraph(sheet: Sheet, text: string, style: LineStyle): void {
  sheet.text(sheet.fit(text, sheet.width, style));
  sheet.space(1.5);
}

export function writeWarning(sheet: Sheet, text: string): void {
  const fitted = sheet.fit(text, sheet.width - 12, STRONG);
  if (sheet.left < fitted.height + 6) sheet.nextSheet();
  sheet.fill(sheet.y, fitted.height + 5, '#fff6e6');
  sheet.space(2.5);
  sheet.text(fitted, 6);
  sheet.space(5.5);
}

/** Two pairs beside each other, where they are short; long ones one below another. */
function writePairs(sheet: Sheet, pairs: readonly Pair[]): void {
  const isWide = pairs.some(([name, value]) => value.length > 36 || name.length > 20);
  const width = isWide ? sheet.width : sheet.width / 2;
  const names = Math.min(width * 0.4, 14 + Math.max(...pairs.map(([name]) => widthOf(sheet, name))));
  const perLine = isWide ? 1 : 2;
  for (let at = 0; at < pairs.length; at += perLine) {
    const cells = pairs.slice(at, at + perLine).flatMap(([name, value], column) => [
      { x: column * width, fitted: sheet.fit(name, names - GAP, NAME) },
      { x: column * width + names, fitted: sheet.fit(value, width - names - GAP, BODY) },
    ]);
    writeCells(sheet, cells);
  }
  sheet.space(5);
}

function widthOf(sheet: Sheet, text: string): number {
  let width = 0;
  for (const character of text) width += sheet.typeface.advanceOf(character, 'regular') * NAME.size;
  return width;
}

type Cell = { readonly x: number; readonly fitted: Fitted };

/** Cells of one row, line by line: a row that is longer than what is left of a sheet goes on on the next. */
function writeCells(sheet: Sheet, cells: readonly Cell[], tint?: string): void {
  const lines = Math.max(1, ...cells.map(({ fitted }) => fitted.lines.length));
  const height = lineHeight(BODY);
  if (lines * height > sheet.left && lines <= 12) sheet.nextSheet();
  if (lines * height <= sheet.left) {
    writeWhole(sheet, cells, { height: lines * height, tint });
    return;
  }
  for (let at = 0; at < lines; at += 1) {
    if (sheet.left < height) sheet.nextSheet();
    if (sheet.isFull) return;
    if (tint !== undefined) sheet.fill(sheet.y - 1, height + (at === lines - 1 ? 1 : 0), tint);
    for (const { x, fitted } of cells) {
      const line = fitted.lines[at];
      if (line !== undefined && line !== '') sheet.line(line, x, sheet.y, fitted.style);
    }
    sheet.space(height);
  }
}

/** Cell by cell: who copies from the sheet, or hears it read, gets each cell in one piece. */
function writeWhole(
  sheet: Sheet,
  cells: readonly Cell[],
  { height, tint }: { readonly height: number; readonly tint: string | undefined },
): void {
  if (tint !== undefined) sheet.fill(sheet.y - 1, height + 1, tint);
  for (const { x, fitted } of cells) {
    for (const [at, line] of fitted.lines.entries()) {
      if (line !== '') sheet.line(line, x, sheet.y + at * lineHeight(BODY), fitted.style);
    }
  }
  sheet.space(height);
}

function writeTable(sheet: Sheet, { columns, rows, widths }: Extract<PageBlock, { kind: 'table' }>): void {
  const parts = widths ?? columns.map(() => 1 / columns.length);
  const places = parts.map((part, at) => ({
    x: parts.slice(0, at).reduce((sum, each) => sum + each, 0) * sheet.width,
    width: part * sheet.width - GAP,
  }));
  writeHead(sheet, columns, places);
  for (const row of rows) {
    if (sheet.left < lineHeight(BODY) * 2) {
      sheet.nextSheet();
      if (sheet.isFull) return;
      writeHead(sheet, columns, places);
    }
    writeRow(sheet, row, places);
  }
  sheet.space(6);
}

type Place = { readonly x: number; readonly width: number };

function writeHead(sheet: Sheet, columns: readonly string[], places: readonly Place[]): void {
  writeCells(
    sheet,
    columns.map((text, at) => cellOf(sheet, text, places[at] ?? whole(sheet), STRONG)),
  );
  sheet.space(0.5);
  sheet.rule(1);
  sheet.space(2);
}

function writeRow(sheet: Sheet, { cells, depth, mark }: PageRow, places: readonly Place[]): void {
  const indent = Math.min(depth, 8) * 10;
  const written = cells.map((text, at) => {
    const place = places[at] ?? whole(sheet);
    const isStrong = mark !== undefined && (at === 1 || at === cells.length - 1);
    const shifted = at === 0 ? { x: place.x + indent, width: place.width - indent } : place;
    return cellOf(sheet, text, shifted, isStrong ? STRONG : BODY);
  });
  const [remark = ''] = cells;
  const only = cells.length < places.length ? [cellOf(sheet, remark, { x: indent, width: sheet.width - indent }, NAME)] : undefined;
  writeCells(sheet, only ?? written, mark === undefined ? undefined : TINTS[mark]);
  sheet.space(1);
  sheet.rule(0.3, '#cccccc');
  sheet.space(2);
}

function cellOf(sheet: Sheet, text: string, { x, width }: Place, style: LineStyle): Cell {
  return { x, fitted: sheet.fit(text, width, style) };
}

function whole({ width }: Sheet): Place {
  return { x: 0, width };
}
