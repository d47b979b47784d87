import { createChannel } from '@lianyi/network-administration';
import { type Output } from './output';
import { withNetwork } from './verb';
import { addVerb, type VerbGroup, type VerbOptions } from './verb-group';

interface CreateOptions extends VerbOptions {
  readonly organizations: readonly string[];
}

const parseNames = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** Registers `createChannel`. */
export function addChannelVerbs(verbs: VerbGroup, output: Output): void {
  addVerb(verbs, 'createChannel <name>', 'make a channel of some organisations on the running network; changes nothing if it is there')
    .option('--organizations <names>', 'its members, separated by commas; all that do more than order, if absent', parseNames, [])
    .action(async (name: string, options: CreateOptions) => {
      const { organizations } = options;
      await withNetwork(options, output, (network, progress) => createChannel(network, { name, organizations }, progress));
    });
}
