import { exitCode, type ExitCode } from './exit-code';
import { type Text } from './language';

/** One piece of the human view. */
export type Block =
  | { readonly kind: 'line'; readonly text: Text | string }
  | { readonly kind: 'fields'; readonly rows: readonly (readonly [label: Text, value: Cell])[] }
  | { readonly kind: 'table'; readonly head: readonly Text[]; readonly rows: readonly (readonly Cell[])[]; readonly empty: Text }
  /** Already laid out, printed as it is (a QR code). */
  | { readonly kind: 'raw'; readonly text: string };

export type Cell = string | number | boolean | Text | undefined;

/** What a command found: once as data (`--json`), once for people. Commands return it; only the runner prints. */
export interface CommandOutcome {
  readonly data: unknown;
  readonly view: readonly Block[];
  readonly exitCode?: ExitCode;
  /** The command already wrote its answer to standard output (a document); only the exit code is left. */
  readonly silent?: boolean;
}

export function line(text: Text | string): Block {
  return { kind: 'line', text };
}

export function fields(rows: readonly (readonly [label: Text, value: Cell])[]): Block {
  return { kind: 'fields', rows };
}

export function table(head: readonly Text[], rows: readonly (readonly Cell[])[], empty: Text = { en: 'none', zh: '无' }): Block {
  return { kind: 'table', head, rows, empty };
}

export function outcome(data: unknown, ...view: readonly Block[]): CommandOutcome {
  return { data, view, exitCode: exitCode.ok };
}
