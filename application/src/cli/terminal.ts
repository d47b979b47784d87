import { readFileSync } from 'node:fs';

/** What a command may touch of its process; tests pass their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdoutIsTerminal: boolean;
  readonly columns: number;
  out(data: string | Uint8Array): void;
  err(text: string): void;
  readStdin(): Buffer;
  now(): Date;
}

export function processTerminal(): Terminal {
  return {
    env: process.env,
    cwd: process.cwd(),
    stdoutIsTerminal: process.stdout.isTTY,
    columns: process.stdout.isTTY ? process.stdout.columns : 100,
    out: (data) => {
      process.stdout.write(data);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    readStdin: () => readFileSync(0),
    now: () => new Date(),
  };
}
