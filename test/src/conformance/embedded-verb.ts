import { runNetworkCli } from '@lianyi/network-cli';

/** How a verb ended. */
export interface VerbAnswer {
  readonly exitCode: number;
  /** The JSON line. */
  readonly result: Readonly<Record<string, unknown>>;
  /** What was refused, in its one sentence. */
  readonly sentence: string;
}

/** Runs verbs on the embedded network of a folder, in this process, as their command does. */
export function verbsIn(dir: string): (...args: readonly string[]) => Promise<VerbAnswer> {
  return async (...args) => {
    const [out, err]: [string[], string[]] = [[], []];
    const argv = ['node', 'lianyi-network', 'embedded', ...args, '--dir', dir, '--json'];
    const exitCode = await runNetworkCli(argv, { out: (line) => out.push(line), err: (line) => err.push(line) });
    const result = JSON.parse(out.at(-1) ?? '{}') as Record<string, unknown>;
    return { exitCode, result, sentence: err.at(-1) ?? '' };
  };
}
