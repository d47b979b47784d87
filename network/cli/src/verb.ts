import { resolve } from 'node:path';
import { AdminSession, type ChannelHandle, type Progress } from '@lianyi/network-administration';
import { type Output } from './output';
import { type VerbOptions } from './verb-group';

/** Runs one verb on the network of a directory; progress goes to standard error, the result to standard output. */
export async function withNetwork(
  options: VerbOptions,
  output: Output,
  act: (session: AdminSession, progress: Progress) => Promise<object>,
): Promise<void> {
  const session = await AdminSession.open(resolve(options.dir));
  try {
    const result = await act(session, (line) => {
      output.err(`  ${line}`);
    });
    printResult(result, options.json === true, output);
  } finally {
    session.close();
  }
}

/** The same on one of its channels. */
export async function withChannel(
  options: VerbOptions & { readonly channel?: string },
  output: Output,
  act: (channel: ChannelHandle, progress: Progress) => Promise<object>,
): Promise<void> {
  await withNetwork(options, output, (session, progress) => act(session.channel(options.channel), progress));
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
