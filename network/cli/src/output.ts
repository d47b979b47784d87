import { createInterface } from 'node:readline/promises';

/** Where a command writes. Progress and errors go to `err`, results to `out`, so that `--json` output stays clean. */
export interface LineOutput {
  out(line: string): void;
  err(line: string): void;
  /** Whether a person reads what `err` writes: then a failure's code is explained, too (absent: nobody). */
  readonly isRead?: boolean;
  /** Asks the person at the terminal; absent where nobody can be asked. */
  readonly ask?: (question: string) => Promise<string>;
}

/** An empty answer, where the person ends the input instead of answering. */
async function askAtTerminal(question: string): Promise<string> {
  const terminalInput = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve) => {
    terminalInput.once('close', () => {
      resolve('');
    });
  });
  try {
    return await Promise.race([terminalInput.question(question), ended]);
  } finally {
    terminalInput.close();
  }
}

export const terminal: LineOutput = {
  isRead: process.stderr.isTTY,
  ...(process.stdin.isTTY && process.stderr.isTTY && { ask: askAtTerminal }),
  out: (line) => {
    process.stdout.write(`${line}\n`);
  },
  err: (line) => {
    process.stderr.write(`${line}\n`);
  },
};
