import { resolve } from 'node:path';
import { AdminSession, type ChannelHandle, type Progress } from '@lianyi/network-administration';
import { indented } from './columns';
import { switchOption, optional, preset } from './option';
import { type HelpText } from './language';
import { printResult } from './result';
import { type VerbCall } from './verb-spec';

/** `--json`, of every verb that answers something. */
export const json = switchOption('--json', { en: 'print the result as one JSON line', zh: '把结果输出为一行 JSON' });

/** `--dir`, with the directory in which a kind of network lies unless told otherwise. */
export const dirOption = (defaultDir: string, text: HelpText = { en: "the network's directory", zh: '网络所在目录' }): Dir =>
  preset('--dir <dir>', text, defaultDir);
type Dir = ReturnType<typeof preset>;

/** Options that every verb on a network takes. */
export const networkOptions = (defaultDir: string): { readonly dir: Dir; readonly json: typeof json } => ({
  dir: dirOption(defaultDir),
  json,
});

/** Options that every verb on one channel takes. */
export const channelOptions = (
  defaultDir: string,
): { readonly dir: Dir; readonly json: typeof json; readonly channel: ReturnType<typeof optional> } => ({
  ...networkOptions(defaultDir),
  channel: optional('--channel <name>', { en: "the channel; the consortium's own, if absent", zh: '通道；省略则为联盟自己的通道' }),
});

/** `--organization` of a verb that needs one. */
export const ORGANIZATION_TEXT: HelpText = { en: 'MSP id, name or domain', zh: 'MSP 标识、名称或域名' };

interface NetworkInput {
  readonly dir: string;
  readonly json: boolean;
}

/**
 * Runs an action on the network of a directory; progress goes to standard error, the result to standard output.
 * @param told - fields of the result that the progress tells people
 */
export async function withNetwork(
  input: NetworkInput,
  { output, language }: VerbCall,
  act: (session: AdminSession, progress: Progress) => Promise<object>,
  told: readonly string[] = [],
): Promise<void> {
  const session = await AdminSession.open(resolve(input.dir));
  try {
    const result = await act(session, (line) => {
      output.err(indented(line[language], '  '));
    });
    printResult(result, { json: input.json, language, told }, output);
  } finally {
    session.close();
  }
}

/** The same on one of its channels. */
export async function withChannel(
  input: NetworkInput & { readonly channel: string | undefined },
  call: VerbCall,
  act: (channel: ChannelHandle, progress: Progress) => Promise<object>,
  told: readonly string[] = [],
): Promise<void> {
  await withNetwork(input, call, (session, progress) => act(session.channel(input.channel), progress), told);
}
