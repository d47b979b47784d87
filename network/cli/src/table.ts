import { columnsOf, padColumns, TERMINAL_COLUMNS, wrapColumns } from './columns';
import { type HelpLanguage, type HelpText } from './language';
import { type LineOutput } from './output';

/** One column of a table: its title, and what a row has in it. */
export interface Column<Row> {
  readonly title: HelpText;
  readonly value: (row: Row) => string;
}

interface Told {
  readonly output: LineOutput;
  readonly language: HelpLanguage;
}

const GAP = '  ';
const COLON: HelpText = { en: ': ', zh: '：' };

/**
 * The one form of every list: a line of titles and a line for each row; where that takes more than a terminal's columns, a paragraph for
 * each row, with the titles before the values. A value is never cut.
 */
export function printTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], { output, language }: Told): void {
  if (rows.length === 0) return;
  const titles = columns.map(({ title }) => title[language]);
  const lines = rows.map((row) => columns.map(({ value }) => value(row)));
  const cells = [titles, ...lines];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => columnsOf(line[index] ?? ''))));
  const total = widths.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1));
  const aligned = (line: readonly string[]): string => line.map((cell, index) => padColumns(cell, widths[index] ?? 0)).join(GAP);
  if (total <= TERMINAL_COLUMNS) for (const line of cells) output.out(aligned(line).trimEnd());
  else for (const line of lines) printParagraph(titles, line, { output, language });
}

function printParagraph(titles: readonly string[], [head = '', ...values]: readonly string[], { output, language }: Told): void {
  output.out(head);
  for (const [index, value] of values.entries())
    if (value !== '') output.out(labelledLine(`${GAP}${titles[index + 1] ?? ''}`, value, language));
}

/** A label and its value; what does not fit goes on below, deeper than the label. */
export function labelledLine(label: string, value: string, language: HelpLanguage): string {
  return wrapColumns(`${label}${COLON[language]}${value}`, TERMINAL_COLUMNS - 2 * GAP.length)
    .split('\n')
    .map((line, index) => (index === 0 ? line : `${GAP}${GAP}${line}`))
    .join('\n');
}
