import { z } from 'zod';
import { runLianyi, type Terminal } from '@lianyi/cli';
import { FileKeys } from '@lianyi/client/node';

/** What one command line came to: its exit code and its JSON (an error's is under `error`). */
export type CommandResult = { readonly exitCode: number; readonly json: unknown };

const errorSchema = z.object({ error: z.object({ code: z.string(), detail: z.string().optional() }) });

/** A command line failed where it had to succeed. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  constructor(
    readonly args: readonly string[],
    readonly code: string,
    detail: string,
  ) {
    super(`lianyi ${args.join(' ')}: ${code}${detail === '' ? '' : `: ${detail}`}`);
  }
}

/**
 * `lianyi` as a user types it, inside this process: the same parsing, the same exit codes, no start-up time.
 * Always with `--json`; documents go to files.
 */
export class CommandLine {
  readonly #keys = new FileKeys();

  constructor(
    private readonly dataDir: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Runs one command line as `profile`; refusals and denials are results here, not exceptions. */
  async run(profile: string | undefined, args: readonly string[]): Promise<CommandResult> {
    const out: Buffer[] = [];
    const terminal: Terminal = {
      env: this.env,
      cwd: this.dataDir,
      columns: Number.POSITIVE_INFINITY,
      errColumns: Number.POSITIVE_INFINITY,
      out: (data) => {
        out.push(Buffer.from(data));
      },
      err: (text) => {
        out.push(Buffer.from(text));
      },
      readStdin: () => Buffer.alloc(0),
      timeZone: 'UTC',
      now: () => new Date(),
      untilStopped: () => Promise.resolve(),
      keys: this.#keys,
    };
    const globals = ['--json', '--data-dir', this.dataDir, ...(profile === undefined ? [] : ['--as', profile])];
    const exitCode = await runLianyi([...globals, ...args], terminal);
    return { exitCode, json: JSON.parse(Buffer.concat(out).toString('utf8')) as unknown };
  }

  /**
   * Runs one command line that must succeed and parses what it answers.
   * @throws {@link CommandFailed}
   */
  async must<Schema extends z.ZodType>(profile: string | undefined, args: readonly string[], schema: Schema): Promise<z.output<Schema>> {
    const { exitCode, json } = await this.run(profile, args);
    if (exitCode === 0) return schema.parse(json);
    const failure = errorSchema.safeParse(json).data?.error;
    throw new CommandFailed(args, failure?.code ?? `exit ${exitCode}`, failure?.detail ?? '');
  }
}

/** The refusal code of a result; undefined when it was none. */
export function refusalCode(result: CommandResult): string | undefined {
  return errorSchema.safeParse(result.json).data?.error.code;
}
