/** Where a command writes. Progress and errors go to `err`, results to `out`, so that `--json` output stays clean. */
export interface LineOutput {
  out(line: string): void;
  err(line: string): void;
  /** Whether a person reads what `err` writes: then a failure's code is explained, too (absent: nobody). */
  readonly isRead?: boolean;
}

export const terminal: LineOutput = {
  isRead: process.stderr.isTTY,
  out: (line) => {
    process.stdout.write(`${line}\n`);
  },
  err: (line) => {
    process.stderr.write(`${line}\n`);
  },
};
