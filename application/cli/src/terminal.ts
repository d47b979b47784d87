import { readFileSync } from 'node:fs';
import { type FileKeys } from '@lianyi/client/node';

/** What a command may touch of its process; tests pass their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether a person reads standard output; only then is it emphasised (absent: nobody). */
  readonly stdoutIsTerminal?: boolean;
  /** Columns of a line of standard output; infinite where no terminal is. */
  readonly columns: number;
  /** The same of standard error. */
  readonly errColumns: number;
  /** IANA name of the zone whose days and hours the user means. */
  readonly timeZone: string;
  /** Where one process runs many command lines: the keys of the files they open. Absent: each derives its own, and forgets it. */
  readonly keys?: FileKeys;
  out(data: string | Uint8Array): void;
  err(text: string): void;
  readStdin(): Buffer;
  now(): Date;
  /** Resolves when the process is asked to stop (SIGINT, SIGTERM), or, if asked for, when its standard input closes. */
  untilStopped(exitWithParent: boolean): Promise<void>;
}

export function processTerminal(): Terminal {
  return {
    env: process.env,
    cwd: process.cwd(),
    stdoutIsTerminal: process.stdout.isTTY,
    columns: columnsOfStream(process.stdout, process.env),
    errColumns: columnsOfStream(process.stderr, process.env),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    out: (data) => {
      process.stdout.write(data);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    readStdin: () => readFileSync(0),
    now: () => new Date(),
    untilStopped,
  };
}

/** A line of a terminal, else what COLUMNS says (POSIX XBD 8.3), else no end: then a program reads it, and a row is one line. */
export function columnsOfStream({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }, env: Terminal['env']): number {
  // a terminal that does not know its size says 0
  if (isTTY === true && columns !== undefined && columns > 0) return columns;
  const told = /^[1-9]\d{1,4}$/.test(env['COLUMNS'] ?? '') ? Number(env['COLUMNS']) : undefined;
  return told ?? (isTTY === true ? 80 : Number.POSITIVE_INFINITY);
}

function untilStopped(exitWithParent: boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = (): void => {
    process.stdin.destroy(); // a parent that keeps its end open must not keep this process
    resolve(undefined);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  // the parent holds the other end: it closes however the parent ends, SIGKILL included
  if (exitWithParent) process.stdin.once('end', stop).once('close', stop).once('error', stop).resume();
  return promise;
}
