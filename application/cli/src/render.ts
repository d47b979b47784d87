import { styleText } from 'node:util';
import { displayWidth, padToWidth, widestWord, wrapToWidth, wrapHanging } from './columns';
import { type SpokenLanguage, type Text } from './language';
import { isInstantText, localTime } from './local-time';
import { type Block, type Cell, type CommandOutcome } from './outcome';
import { type Terminal } from './terminal';

/** What a view is laid out for. */
export interface Reader {
  readonly language: SpokenLanguage;
  /** Columns that lines keep to; infinite where a program reads them, so that a row is one line. */
  readonly columns: number;
  /** IANA name of the zone in which moments are told. */
  readonly timeZone: string;
  /** How heads and labels are emphasised. */
  readonly style: Style;
}

export type Style = (text: string) => string;

/** The outcome as people read it. */
export function renderView(outcome: CommandOutcome, reader: Reader): string {
  return outcome.view.map((block) => `${renderBlock(block, reader)}\n`).join('');
}

/** Who reads at this terminal. */
export function readerOf(terminal: Terminal, language: SpokenLanguage): Reader {
  const { columns, timeZone } = terminal;
  return { language, columns, timeZone, style: styleOf(terminal) };
}

/** Bold for a terminal; nothing for pipes and for who asked for no colour (no-color.org). */
function styleOf({ stdoutIsTerminal, env }: Pick<Terminal, 'stdoutIsTerminal' | 'env'>): Style {
  const isPlain = stdoutIsTerminal !== true || (env['NO_COLOR'] ?? '') !== '';
  return isPlain ? (text) => text : (text) => styleText('bold', text, { validateStream: false });
}

/** The outcome as programs read it: one JSON value, one line. */
export function renderJson(outcome: CommandOutcome): string {
  return `${JSON.stringify(outcome.data)}\n`;
}

export function say(text: Text | string, language: SpokenLanguage): string {
  return typeof text === 'string' ? text : text[language];
}

function renderBlock(block: Block, reader: Reader): string {
  const { language, columns } = reader;
  switch (block.kind) {
    case 'line':
      return wrapToWidth(printable(say(block.text, language)), columns);
    case 'raw':
      return block.text.replace(/\n$/, '');
    case 'fields':
      return renderFields(
        block.rows.filter(([, value]) => value !== undefined).map(([label, value]) => [say(label, language), cell(value, reader)]),
        reader,
      );
    case 'table':
      if (block.rows.length === 0) return say(block.empty, language);
      return renderTable(
        block.head.map((head) => say(head, language)),
        block.rows.map((row) => row.map((value) => cell(value, reader))),
        reader,
      );
  }
}

const GAP = '  ';
const DEEPER = '    ';

/** Labels, and their values in one column behind them; a value that does not fit there goes on below, in whole words. */
function renderFields(rows: readonly (readonly [label: string, value: string])[], { columns, style }: Reader): string {
  const width = Math.max(0, ...rows.map(([label]) => displayWidth(label)));
  const behind = ' '.repeat(width + GAP.length);
  return rows
    .map(([label, value]) => {
      const head = style(label) + ' '.repeat(width + GAP.length - displayWidth(label));
      return columns - behind.length >= widestWord(value)
        ? head + wrapHanging(value, behind, columns)
        : `${style(label)}\n${DEEPER}${wrapHanging(value, DEEPER, columns)}`;
    })
    .join('\n');
}

/** A line of titles, a rule, and a line for each row; where that is wider than the reader's lines, a paragraph for each row. No value is cut. */
function renderTable(head: readonly string[], rows: readonly (readonly string[])[], reader: Reader): string {
  const rules = head.map((title) => '─'.repeat(Math.max(2, displayWidth(title))));
  const widths = head.map((title, index) => Math.max(2, displayWidth(title), ...rows.map((row) => displayWidth(row[index] ?? ''))));
  const total = widths.reduce((sum, width) => sum + width, GAP.length * (head.length - 1));
  if (total > reader.columns) return rows.map((row) => paragraph(head, row, reader)).join('\n');
  const aligned = (cells: readonly string[], style: Style = (text) => text): string =>
    cells
      .map((text, index) => style(text) + padToWidth('', (widths[index] ?? 0) - displayWidth(text)))
      .join(GAP)
      .trimEnd();
  return [aligned(head, reader.style), aligned(rules), ...rows.map((row) => aligned(row))].join('\n');
}

function paragraph(head: readonly string[], [first = '', ...others]: readonly string[], reader: Reader): string {
  const { language, columns, style } = reader;
  const colon = { en: ': ', zh: '：' }[language];
  const lines = others.map((value, index) => {
    const label = `${GAP}${head[index + 1] ?? ''}${colon}`;
    const isBeside = columns - displayWidth(label) >= widestWord(value);
    const text = isBeside ? `${label}${value}` : `${label.trimEnd()}\n${DEEPER}${value}`;
    return wrapHanging(text, isBeside ? DEEPER : '', columns).replace(label.trim(), () => style(label.trim()));
  });
  return [wrapToWidth(first, columns), ...lines].join('\n');
}

/** A moment is told where the reader is; JSON has it in UTC. */
function cell(value: Cell, { language, timeZone }: Reader): string {
  if (value === undefined || value === '') return '-';
  const text = printable(typeof value === 'object' ? say(value, language) : String(value));
  return isInstantText(text) ? localTime(text, timeZone) : text;
}

/** Values come from other members: a control character in one must not steer the reader's terminal. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- exactly the control characters are meant
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�');
}
