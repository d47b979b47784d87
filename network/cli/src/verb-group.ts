import { type Command } from 'commander';

/** The verbs of one kind of network: below which command they stand, and where its networks lie unless `--dir` says otherwise. */
export interface VerbGroup {
  readonly command: Command;
  readonly defaultDir: string;
}

/** What every verb on a network takes. */
export interface VerbOptions {
  readonly dir: string;
  readonly json?: true;
}

/** A group of its own below the command, e.g. `cc`. */
export function addGroup(parent: VerbGroup, name: string, description: string): VerbGroup {
  return { ...parent, command: parent.command.command(name).description(description) };
}

/** A verb with the options all of them have. */
export function addVerb({ command, defaultDir }: VerbGroup, name: string, description: string): Command {
  return command
    .command(name)
    .description(description)
    .option('--dir <dir>', "the network's directory", defaultDir)
    .option('--json', 'print the result as one JSON line');
}

export interface ChannelOptions extends VerbOptions {
  readonly channel?: string;
}

/** A verb on one channel. */
export function addChannelVerb(group: VerbGroup, name: string, description: string): Command {
  return addVerb(group, name, description).option('--channel <name>', "the channel; the consortium's own, if absent");
}
