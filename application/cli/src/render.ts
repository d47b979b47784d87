import Table from 'cli-table3';
import { stripVTControlCharacters, styleText } from 'node:util';
import { displayWidth } from './display-width';
import { type Language, type Text } from './language';
import { type Block, type Cell, type CommandOutcome } from './outcome';
import { type Terminal } from './terminal';

/** The outcome as people read it. */
export function renderView(outcome: CommandOutcome, language: Language, style: Style = plain): string {
  return outcome.view.map((block) => `${renderBlock(block, language, style)}\n`).join('');
}

/** How heads and labels are emphasised. */
export type Style = (text: string) => string;

const plain: Style = (text) => text;

/** Bold for a terminal; nothing for pipes and for who asked for no colour (no-color.org). */
export function styleOf({ stdoutIsTerminal, env }: Pick<Terminal, 'stdoutIsTerminal' | 'env'>): Style {
  const isPlain = stdoutIsTerminal !== true || (env['NO_COLOR'] ?? '') !== '';
  return isPlain ? plain : (text) => styleText('bold', text, { validateStream: false });
}

/** The outcome as programs read it: one JSON value, one line. */
export function renderJson(outcome: CommandOutcome): string {
  return `${JSON.stringify(outcome.data)}\n`;
}

export function say(text: Text | string, language: Language): string {
  return typeof text === 'string' ? text : text[language];
}

function renderBlock(block: Block, language: Language, style: Style): string {
  switch (block.kind) {
    case 'line':
      return printable(say(block.text, language));
    case 'raw':
      return block.text.replace(/\n$/, '');
    case 'fields':
      return grid(
        undefined,
        block.rows.filter(([, value]) => value !== undefined).map(([label, value]) => [style(say(label, language)), cell(value, language)]),
      );
    case 'table':
      if (block.rows.length === 0) return say(block.empty, language);
      return grid(
        block.head.map((head) => style(say(head, language))),
        block.rows.map((row) => row.map((value) => cell(value, language))),
      );
  }
}

const noFrame = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
} as const;

/** No frames: columns two spaces apart, a rule under the head. cli-table3 measures Chinese by display width. */
function grid(head: readonly string[] | undefined, rows: readonly (readonly string[])[]): string {
  const body = new Table({ chars: noFrame, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 } });
  if (head !== undefined)
    body.push(
      [...head],
      head.map((title) => '─'.repeat(Math.max(2, displayWidth(stripVTControlCharacters(title))))),
    );
  for (const row of rows) body.push([...row]);
  return body
    .toString()
    .split('\n')
    .map((text) => text.trimEnd())
    .join('\n');
}

function cell(value: Cell, language: Language): string {
  if (value === undefined || value === '') return '-';
  return printable(typeof value === 'object' ? say(value, language) : String(value));
}

/** Values come from other members: a control character in one must not steer the reader's terminal. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- exactly the control characters are meant
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�');
}
