import stringWidth from 'string-width';

/** Signs that take no column of their own; of these, the ones that join or colour an emoji are left to the library, which measures those whole. */
const unseen = /(?!\u200d|\ufe0f)[\p{Mn}\p{Me}\p{Cf}]/gu;

/** Columns that a text takes in a terminal: Chinese characters and full-width signs take two, combining marks none (Unicode TR 11). */
export function displayWidth(text: string): number {
  return stringWidth(text.replace(unseen, ''));
}

/** The text with spaces behind it until it takes so many columns. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

const OPENING = '“（「《';
const CLOSING = '，。；：、！？）”」》';
/** A word or one Chinese character, with the spaces before it, what opens it and the signs that may not begin a line. */
const chunks = new RegExp(
  `\\s*[${OPENING}]*(?:\\p{Script=Han}|[^\\s\\p{Script=Han}${OPENING}${CLOSING}]+|[${CLOSING}])[${CLOSING}]*`,
  'gu',
);

/**
 * Breaks lines that are too long, between words or between Chinese characters, never within a word: one that is longer than a line
 * stays whole, because half an id is no id. Columns may be infinite.
 */
export function wrapToWidth(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => (displayWidth(line) <= columns ? [line] : wrapLine(line, columns)))
    .join('\n');
}

/** The same, with every line but the first behind an indent. */
export function wrapHanging(text: string, indent: string, columns: number): string {
  const [first = '', ...others] = wrapToWidth(text, columns - displayWidth(indent)).split('\n');
  return [first, ...others.map((line) => indent + line)].join('\n');
}

/** Columns of the widest word: how narrow a text can be. */
export function widestWord(text: string): number {
  return Math.max(0, ...(text.match(chunks) ?? []).map((chunk) => displayWidth(chunk.trim())));
}

function wrapLine(line: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const chunk of line.match(chunks) ?? []) {
    if (current !== '' && displayWidth(current) + displayWidth(chunk) > columns) {
      lines.push(current);
      current = chunk.trimStart();
    } else current += chunk;
  }
  return [...lines, current];
}
