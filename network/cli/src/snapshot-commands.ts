import { resolve } from 'node:path';
import { restorePeer, takeSnapshot } from '@lianyi/fabric-processes';
import { type Output } from './output';
import { withChannel } from './verb';
import { addChannelVerb, type ChannelOptions, type VerbGroup } from './verb-group';

interface SnapshotOptions extends ChannelOptions {
  readonly organization: string;
}
interface RestoreOptions extends SnapshotOptions {
  readonly snapshot: string;
}

/** Registers `snapshot` and `restore`. */
export function addSnapshotVerbs(verbs: VerbGroup, output: Output): void {
  addChannelVerb(verbs, 'snapshot', "write a peer's state to a folder that outlives the peer; without private values")
    .requiredOption('--organization <name>', 'whose peer: MSP id, name or domain')
    .action(async (options: SnapshotOptions) => {
      await withChannel(options, output, (network, progress) => takeSnapshot(network, options.organization, progress));
    });
  addChannelVerb(verbs, 'restore', 'rebuild a peer from a snapshot; what it held is put aside')
    .requiredOption('--organization <name>', 'whose peer: MSP id, name or domain')
    .requiredOption('--snapshot <dir>', 'what snapshot wrote, of any peer of the channel')
    .action(async (options: RestoreOptions) => {
      await withChannel(options, output, (network, progress) =>
        restorePeer(network, options.organization, resolve(options.snapshot), progress),
      );
    });
}
