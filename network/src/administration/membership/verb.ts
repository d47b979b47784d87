import { resolve } from 'node:path';
import { type Command } from 'commander';
import { type Output } from '../../cli/output';
import { OpenNetwork } from './open-network';

/** What every verb on a running network takes. */
export interface VerbOptions {
  readonly dir: string;
  readonly json?: true;
}

/** A verb with the options all of them have. */
export function addVerb(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--dir <dir>', 'directory of the running network', '.lianyi/fabric')
    .option('--json', 'print the result as one JSON line');
}

/** Runs one verb on the network of a directory; progress goes to standard error, the result to standard output. */
export async function withNetwork(
  options: VerbOptions,
  output: Output,
  act: (network: OpenNetwork, progress: (line: string) => void) => Promise<object>,
): Promise<void> {
  const network = await OpenNetwork.open(resolve(options.dir));
  try {
    const result = await act(network, (line) => {
      output.err(`  ${line}`);
    });
    printResult(result, options.json === true, output);
  } finally {
    network.close();
  }
}

/** One JSON line for programs; for people a line for each field, of a list one for each entry. */
export function printResult(result: object, json: boolean, output: Output): void {
  if (json) {
    output.out(JSON.stringify(result));
    return;
  }
  for (const [name, value] of Object.entries(result)) {
    if (Array.isArray(value)) for (const entry of value) output.out(lineOf(entry));
    else output.out(`${name}: ${lineOf(value)}`);
  }
}

function lineOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).map(lineOf).join('  ');
}
