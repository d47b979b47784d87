import stringWidth from 'string-width';

/** Columns of a terminal that help, tables and error sentences keep to. */
export const TERMINAL_COLUMNS = 80;

/** Columns that a text takes in a terminal: Chinese characters and full-width signs take two (Unicode TR 11). */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** The text with spaces behind it until it takes so many columns. */
export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

const OPENING = '“（「';
const CLOSING = '，。；：、！？）”」';
/** A word or one Chinese character, with the spaces before it, what opens it and the signs that may not begin a line. */
const chunks = new RegExp(
  `\\s*[${OPENING}]*(?:\\p{Script=Han}|[^\\s\\p{Script=Han}${OPENING}${CLOSING}]+|[${CLOSING}])[${CLOSING}]*`,
  'gu',
);

function wrapLine(line: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const chunk of line.match(chunks) ?? []) {
    if (current !== '' && columnsOf(current) + columnsOf(chunk) > columns) {
      lines.push(current);
      current = chunk.trimStart();
    } else current += chunk;
  }
  return [...lines, current];
}

/** Breaks lines that are too long, between words or between Chinese characters. */
export function wrapColumns(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
    .join('\n');
}

/** A paragraph of which every line begins with the same indent. */
export function indented(text: string, indent: string, columns = TERMINAL_COLUMNS): string {
  return wrapColumns(text, columns - columnsOf(indent))
    .split('\n')
    .map((line) => indent + line)
    .join('\n');
}
