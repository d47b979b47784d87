import { FileKeys } from '@lianyi/client/node';
import { runLianyi } from './run';
import { type Terminal } from './terminal';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const keys = new FileKeys();

/** Runs one command line in this process, with a terminal of its own. */
export async function run(
  argv: readonly string[],
  options: {
    readonly env?: Record<string, string>;
    readonly stdin?: string;
    readonly tty?: boolean;
    readonly columns?: number;
    readonly timeZone?: string;
  } = {},
): Promise<Run> {
  const stdout: Buffer[] = [];
  let stderr = '';
  const terminal: Terminal = {
    env: options.env ?? {},
    cwd: '/nowhere',
    stdoutIsTerminal: options.tty ?? false,
    columns: options.columns ?? Number.POSITIVE_INFINITY,
    errColumns: options.columns ?? Number.POSITIVE_INFINITY,
    timeZone: options.timeZone ?? 'UTC',
    out: (data) => {
      stdout.push(Buffer.from(data));
    },
    err: (text) => {
      stderr += text;
    },
    readStdin: () => Buffer.from(options.stdin ?? ''),
    now: () => new Date(),
    untilStopped: () => Promise.resolve(),
    keys,
  };
  const code = await runLianyi(argv, terminal);
  return { code, stdout: Buffer.concat(stdout).toString(), stderr };
}
